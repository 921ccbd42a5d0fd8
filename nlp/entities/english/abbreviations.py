"""Abbreviations in brackets, and the words before them that they stand for.

What is spelt out in small letters, but perhaps for its first word, is a method or a thing and
nobody's name: near-infrared spectroscopy (NIRS), Gaussian mixture model (GMM). Found as by Schwartz
and Hearst, A simple algorithm for identifying abbreviation definitions in biomedical text (2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nlp.entities.word_lists import kinds

_BRACKETED = re.compile(r"(?<=\w) \(([A-Z][A-Za-z\d]{0,6}[A-Z\d])s?\)")
_WORD = re.compile(r"[^\s(),;:]+")
_MOST_CHARACTERS = 120
"""Of the text before a bracket that are looked at."""


class Abbreviation(NamedTuple):
    """What stands in brackets, and the words that it stands for."""

    short: str
    words: str


@lru_cache(maxsize=256)
def abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """Return the abbreviations that a text explains."""
    return tuple(_found(text))


@lru_cache(maxsize=256)
def things_abbreviated(text: str) -> frozenset[str]:
    """Return abbreviations of what a text writes in small letters, and that is nobody's name.

    Where one of the words says that it is an organisation, it may well be one: central bureau of
    investigation (CBI).
    """
    return frozenset(
        each.short
        for each in abbreviations(text)
        if each.words.partition(" ")[2].islower()
        and not any(kinds().get(word) == "ORG" for word in each.words.lower().split())
    )


def _found(text: str) -> Iterator[Abbreviation]:
    for bracket in _BRACKETED.finditer(text):
        short = bracket.group(1)
        before = text[max(bracket.start() - _MOST_CHARACTERS, 0) : bracket.start()]
        words = list(_WORD.finditer(before))[-min(len(short) + 5, 2 * len(short)) :]
        if words and (start := _start_of(short.lower(), before.lower(), words[0].start())) >= 0:
            yield Abbreviation(short, before[start:])


def _start_of(short: str, text: str, least: int) -> int:
    """Return where the words begin that end a text and spell `short`, -1 where they don't.

    Its letters are found from the last to the first; the first one has to begin a word.
    """
    at = len(text)
    for place in range(len(short) - 1, -1, -1):
        at -= 1
        while at >= least and (
            text[at] != short[place] or (place == 0 and at > 0 and text[at - 1].isalnum())
        ):
            at -= 1
        if at < least:
            return -1
    return at
