"""What an engine indexes of a text: its words, their stems, and how it writes some of them.

A text is taken apart at its spaces, which no word crosses. Most pieces are common, so what becomes
of one is kept: over news nine of ten are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from search.text.casing import LONG, Capitals, capitals, mark_of, marks, may_begin
from search.text.stems import stem
from search.text.words import fold, spans

_LONGEST_KEPT = 40
"""Characters of a piece that is kept; longer ones seldom come again."""
_MOST_KEPT = 200_000
"""Pieces that are kept in all languages together, about 100 MB."""
_MOST_LANGUAGES = 64
_AROUND = ".,;:!?()[]\"'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u2026\u2013\u2014-"
"""What commonly stands around a word and is no part of it."""
_POSSESSIVES = frozenset(("'s", "\u2019s"))
_OTHER_SCRIPTS = "\u0590"
"""The first letter behind Latin, Greek, Cyrillic and Armenian: from there on, a letter may be left
out or be a word of its own."""


class Piece(NamedTuple):
    """What becomes of a piece of text without spaces.

    `long` are its words of some length, `long_cased` those of them with a capital (0 where it has
    no mark); `closes` says whether a sentence may begin behind it.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    capitals: Capitals | None
    long: int
    long_cased: int
    closes: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """The words of a text in order, their stems beside them, and its marks (see `casing`)."""

    words: list[str]
    stems: list[str]
    marks: list[str]


def analyse(text: str, language: str) -> Analysis:
    """Return what is indexed of a text in a language (ISO 639-1, "" where unknown)."""
    words: list[str] = []
    stems: list[str] = []
    cased: list[tuple[Capitals, bool]] = []
    begins = True
    all_long = all_long_cased = 0
    kept = _kept(language)
    chunks = text.split()
    for chunk in chunks:
        its_words, its_stems, its_capitals, long, long_cased, closes = kept[chunk]
        words += its_words
        stems += its_stems
        all_long += long
        if its_capitals is not None:
            cased.append((its_capitals, begins))
            all_long_cased += long_cased
        begins = closes or (begins and not its_words)
    if not cased:
        return Analysis(words, stems, [])
    first = kept[chunks[0]]  # it has its capital anyway
    titled = (all_long_cased - first.long_cased) / max(all_long - first.long, 1)
    return Analysis(words, stems, marks(cased, len(words), titled, language))


class _Pieces(dict[str, Piece]):
    """What became of the pieces of one language; one that is asked for is made."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __missing__(self, chunk: str) -> Piece:
        piece = _piece(chunk, self.language)
        if len(chunk) <= _LONGEST_KEPT:
            self[chunk] = piece
            if len(self) % 1_000 == 0 and sum(map(len, _by_language.values())) >= _MOST_KEPT:
                _forget()
        return piece


_by_language: dict[str, _Pieces] = {}


def _kept(language: str) -> _Pieces:
    """Return the pieces of a language."""
    known = _by_language.get(language)
    if known is None:
        if len(_by_language) >= _MOST_LANGUAGES:  # what articles say is not always a language
            _by_language.clear()
        known = _by_language[language] = _Pieces(language)
    return known


def _forget() -> None:
    """Let go of all pieces; the common ones are soon back."""
    for pieces in tuple(_by_language.values()):
        pieces.clear()


def _piece(chunk: str, language: str) -> Piece:
    core = chunk.strip(_AROUND)
    start = chunk.find(core)
    dotted = start > 0 and chunk[start - 1] == "."  # .NET
    if not dotted and _is_plain(core):  # as most are; `spans` reads the others
        return _plain_piece(chunk, core, start, core, language)
    if not dotted and core[-2:] in _POSSESSIVES and _is_plain(core[:-2]):
        return _plain_piece(chunk, core, start, core[:-2], language)
    tokens = list(spans(chunk, language))
    words = tuple(word for _, _, word in tokens)
    cased = capitals(chunk, tokens)
    if cased and tokens and may_begin(chunk[: tokens[0][0]]):
        cased = cased._replace(names=tuple((m, f, b or f) for m, f, b in cased.names))
    long = [chunk[a].isupper() for a, b, _ in tokens if b - a >= LONG]
    behind = chunk[tokens[-1][1] :] if tokens else chunk
    return Piece(
        words,
        tuple(stem(word, language) for word in words),
        cased,
        len(long),
        sum(long) if cased else 0,
        may_begin(behind),
    )


def _is_plain(core: str) -> bool:
    """Whether a text is one word of letters that all stand for themselves."""
    return core.isalpha() and (core.isascii() or max(core) < _OTHER_SCRIPTS)


def _plain_piece(chunk: str, core: str, start: int, written: str, language: str) -> Piece:
    """Return what becomes of a piece that is one word, `written`, between signs."""
    word = fold(written)
    cased = None
    if core[0].isupper() and (mark := mark_of(core, word)):
        if mark[1].isupper():
            cased = Capitals(acronyms=(mark,))
        else:
            cased = Capitals(names=((mark, True, may_begin(chunk[:start])),))
    is_long = len(core) >= LONG
    return Piece(
        (word,),
        (stem(word, language),),
        cased,
        int(is_long),
        int(is_long and cased is not None),
        start + len(core) < len(chunk) and may_begin(chunk[start + len(core) :]),
    )
