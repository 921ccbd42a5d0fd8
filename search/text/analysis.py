"""What an engine indexes of a text: its words, their stems, and how it writes some of them.

A text is taken apart at its spaces, which no word crosses. Most pieces are common, so what becomes
of one is kept: over news nine of ten are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from search.text.casing import LONG, Capitals, capitals, marks, may_begin
from search.text.stems import stem
from search.text.words import LONGEST, spans

_LONGEST_KEPT = 40
"""Characters of a piece that is kept; longer ones seldom come again."""
_AROUND = ".,;:!?()"
"""What commonly stands around a word and is no part of it."""


class Piece(NamedTuple):
    """What becomes of a piece of text without spaces.

    `long` are its words of some length, `long_cased` those of them with a capital; `closes` says
    whether a sentence may begin behind it.
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
    long = long_cased = 0
    for number, chunk in enumerate(text.split()):
        read = _kept if len(chunk) <= _LONGEST_KEPT else _piece
        known = read(chunk, language)
        words += known[0]
        stems += known[1]
        if number:  # the first word has its capital anyway
            long += known[3]
        if known[2] is not None:
            cased.append((known[2], begins))
            long_cased += known[4] if number else 0
        begins = known[5] or (begins and not known[0])
    if not cased:
        return Analysis(words, stems, [])
    return Analysis(words, stems, marks(cased, len(words), long_cased / max(long, 1), language))


def _piece(chunk: str, language: str) -> Piece:
    core = chunk.strip(_AROUND)
    start = chunk.find(core)
    dotted = start > 0 and chunk[start - 1] == "."  # .NET
    if core.isascii() and core.isalpha() and not dotted:  # as most are; `spans` reads the others
        tokens = [(start, start + len(core), core.lower()[:LONGEST])]
    else:
        tokens = list(spans(chunk, language))
    words = tuple(word for _, _, word in tokens)
    cased = capitals(chunk, tokens)
    if cased and tokens and may_begin(chunk[: tokens[0][0]]):
        cased = cased._replace(names=tuple((m, f, b or f) for m, f, b in cased.names))
    long = [chunk[start].isupper() for start, stop, _ in tokens if stop - start >= LONG]
    behind = chunk[tokens[-1][1] :] if tokens else chunk
    return Piece(
        words,
        tuple(stem(word, language) for word in words),
        cased,
        len(long),
        sum(long),
        may_begin(behind),
    )


_kept = lru_cache(maxsize=300_000)(_piece)
