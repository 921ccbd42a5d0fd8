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
LONG = 4
"""Letters of the words that tell whether a text is written like a headline."""

Token = tuple[int, int, str]


class Capitals(NamedTuple):
    """The words with capital letters in a piece of text without spaces.

    `acronyms` are the marks of words in capitals, `names` those of words with one, each with
    whether it is the first word of the piece, and whether something before it may begin a sentence.
    """

    acronyms: tuple[str, ...] = ()
    names: tuple[tuple[str, bool, bool], ...] = ()


def mark_of(written: str, word: str) -> str:
    """Return the mark of a written word that is `word` when folded, "" where it has none.

    A mark has two letters at least, also once folded: an Arabic lengthening behind a letter goes.
    Cherokee folds to capitals, and has none.
    """
    if not written[:1].isupper() or not written.isalpha() or min(len(written), len(word)) < 2:
        return ""
    mark = ""
    if written.isupper():
        mark = word.upper() if len(written) <= LONGEST_ACRONYM else ""
    elif written[1:].islower():
        mark = word.capitalize()
    return mark if mark != word else ""


def capitals(piece: str, tokens: Sequence[Token]) -> Capitals | None:
    """Return the capitals of a piece with the spans of its words, None where it has none."""
    acronyms: list[str] = []
    names: list[tuple[str, bool, bool]] = []
    end = 0
    for number, (start, stop, word) in enumerate(tokens):
        mark = mark_of(piece[start:stop], word) if piece[start].isupper() else ""
        if mark and mark[1].isupper():
            acronyms.append(mark)
        elif mark:
            names.append((mark, number == 0, may_begin(piece[end:start])))
        end = stop
    return Capitals(tuple(acronyms), tuple(names)) if acronyms or names else None


def may_begin(between: str) -> bool:
    """Whether what stands between two words may begin a sentence."""
    return not _BEGINS.isdisjoint(between)


def marks(
    found: Sequence[tuple[Capitals, bool]], words: int, titled: float, language: str
) -> list[str]:
    """Return the marks of a text of so many words.

    `found` are the capitals of its pieces in order, each with whether a sentence may begin there;
    `titled` is the share of its longer words that have a capital. A text in capitals has none, and
    one with most words capitalised, as headlines are in American papers, only those of words in
    capitals.
    """
    marked = [mark for piece, _ in found for mark in piece.acronyms]
    if len(marked) > _SHOUTED * words:
        return []
    if language in _NOUNS or titled > _TITLED:
        return marked
    for piece, begins in found:
        for mark, is_first, begun in piece.names:
            if not (begun or (is_first and begins)):
                marked.append(mark)
    return marked
