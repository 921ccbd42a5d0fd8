"""Capital letters that tell words apart: `WHO` and `who`, `Fed` and `fed`, `Turkey` and `turkey`.

Words are compared without case. Beside them, an index keeps marks: how an article writes a word
where its capitals say something. A search for a word with capitals prefers the articles that have
its mark. Marks have capital letters and words have none, so that they can rest in one list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

LONGEST_ACRONYM = 6
"""Letters of a word that is marked when it is all capitals."""
_NOUNS = frozenset(("de", "lb", "nds"))
"""Languages in which every noun has a capital letter, which then says nothing."""
_BEGINS = frozenset('.!?:;\u2026\u2013\u2014|\u2022"\u201c\u201d\u201e\u00ab\u00bb\u2018([')
"""What a sentence may begin behind; the first word of one has its capital anyway."""
_SHOUTED = 0.5
_TITLED = 0.6
_LONG = 4

Token = tuple[int, int, str]


class Capitals(NamedTuple):
    """The capital letters in a piece of text without spaces.

    `acronyms` are the marks of words in capitals, `names` those of words with one, each with
    whether something between it and the word before may begin a sentence. `opens` and `closes` say
    the same of what stands before the first word and behind the last. `long` are the words of four
    letters or more, and `long_cased` those of them with a capital.
    """

    words: int = 0
    acronyms: tuple[str, ...] = ()
    names: tuple[tuple[str, bool], ...] = ()
    first_is_name: bool = False
    opens: bool = False
    closes: bool = False
    long: int = 0
    long_cased: int = 0


def mark_of(written: str, word: str) -> str:
    """Return the mark of a written word that is `word` when folded, "" where it has none."""
    if not written[:1].isupper() or not written.isalpha() or len(written) < 2:
        return ""
    if written.isupper():
        return word.upper() if len(written) <= LONGEST_ACRONYM else ""
    return word.capitalize() if written[1:].islower() else ""


def capitals(piece: str, tokens: Sequence[Token]) -> Capitals:
    """Return the capital letters of a piece of text without spaces, with the spans of its words."""
    if not tokens:
        return Capitals(closes=not _BEGINS.isdisjoint(piece))
    acronyms: list[str] = []
    names: list[tuple[str, bool]] = []
    first_is_name = False
    end = 0
    for number, (start, stop, word) in enumerate(tokens):
        mark = mark_of(piece[start:stop], word)
        if mark and mark[1].isupper():
            acronyms.append(mark)
        elif mark:
            names.append((mark, number > 0 and not _BEGINS.isdisjoint(piece[end:start])))
            first_is_name = first_is_name or number == 0
        end = stop
    long = [piece[start].isupper() for start, stop, _ in tokens if stop - start >= _LONG]
    return Capitals(
        len(tokens),
        tuple(acronyms),
        tuple(names),
        first_is_name,
        not _BEGINS.isdisjoint(piece[: tokens[0][0]]),
        not _BEGINS.isdisjoint(piece[end:]),
        len(long),
        sum(long),
    )


def marks(pieces: Sequence[Capitals], language: str) -> list[str]:
    """Return the marks of a text from those of its pieces.

    A text in capitals has none, and one with most words capitalised, as headlines are in American
    papers, only those of words in capitals.
    """
    acronyms = [mark for piece in pieces for mark in piece.acronyms]
    if len(acronyms) > _SHOUTED * sum(piece.words for piece in pieces):
        return []
    rest = pieces[1:]
    long_cased = sum(piece.long_cased for piece in rest)
    if language in _NOUNS or long_cased > _TITLED * sum(piece.long for piece in rest):
        return acronyms
    begins = True
    found = acronyms
    for piece in pieces:
        for number, (mark, begun) in enumerate(piece.names):
            is_first = number == 0 and piece.first_is_name
            if not (begun or (is_first and (begins or piece.opens))):
                found.append(mark)
        # A piece without words is a dash, or a quotation mark, or nothing that matters.
        begins = piece.closes or (begins and not piece.words)
    return found
