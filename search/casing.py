"""Capital letters that tell words apart: `WHO` and `who`, `Fed` and `fed`, `Turkey` and `turkey`.

Words are compared without case. Beside them, an index keeps marks: how an article writes a word
where its capitals say something. A search for a word with capitals prefers the articles that have
its mark. Marks have capital letters and words have none, so that they can rest in one list.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_ACRONYM = 6
"""Letters of a word that is marked when it is all capitals."""
_NOUNS = frozenset(("de", "lb", "nds"))
"""Languages in which every noun has a capital letter, which then says nothing."""
_BEGINS = frozenset('.!?:;\u2026\u2013\u2014|\u2022\n"\u201c\u201d\u201e\u00ab\u00bb\u2018([')
"""What a sentence may begin behind; the first word of one has its capital anyway."""
_SHOUTED = 0.5
_TITLED = 0.6
_LONG = 4


def mark_of(written: str, word: str) -> str:
    """Return the mark of a written word that is `word` when folded, "" where it has none."""
    if not written[:1].isupper() or not written.isalpha() or len(written) < 2:
        return ""
    if written.isupper():
        return word.upper() if len(written) <= LONGEST_ACRONYM else ""
    return word.capitalize() if written[1:].islower() else ""


def marks(text: str, tokens: Sequence[tuple[int, int, str]], language: str) -> list[str]:
    """Return the marks of a text, of which `tokens` are the spans of its words.

    A text in capitals has none, and one with most words capitalised, as headlines are in American
    papers, only those of words in capitals.
    """
    found = [
        (number, mark)
        for number, (start, end, word) in enumerate(tokens)
        if text[start].isupper() and (mark := mark_of(text[start:end], word))
    ]
    if not found:
        return []
    acronyms = [mark for _, mark in found if mark[1].isupper()]
    if len(acronyms) > _SHOUTED * len(tokens):
        return []
    names = [(number, mark) for number, mark in found if not mark[1].isupper()]
    if language in _NOUNS or _is_titled(text, tokens):
        return acronyms
    return acronyms + [mark for number, mark in names if not _begins(text, tokens, number)]


def _is_titled(text: str, tokens: Sequence[tuple[int, int, str]]) -> bool:
    long = [text[start].isupper() for start, end, _ in tokens[1:] if end - start >= _LONG]
    return sum(long) > _TITLED * len(long)


def _begins(text: str, tokens: Sequence[tuple[int, int, str]], number: int) -> bool:
    """Whether a word is the first of a sentence, or of what is in quotes or brackets."""
    if not number:
        return True
    between = text[tokens[number - 1][1] : tokens[number][0]]
    return between != " " and not _BEGINS.isdisjoint(between)
