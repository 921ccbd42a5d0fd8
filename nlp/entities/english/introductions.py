"""People who introduce themselves by first names: "Hi, we are Anna, Ben and Yshay from ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from nlp.entities.gazetteer import countries, organisations, places
from nlp.entities.word_lists import demonyms, given_names, not_names, small_words

_NAME = r"[A-Z][^\W\d_]+"
_BETWEEN = r"(?:,? (?:and|&) |, )"
_ROLE = (
    r"(?:co-?)?(?:founder|creator|author|maker|developer|designer|engineer|student|owner|host)s?"
)
_INTRODUCTION = re.compile(
    r"\b(?P<who>(?:[Ww]e|I)(?:['\u2019](?:re|m)| are| am)|[Mm]y name(?: is|['\u2019]s)"
    rf"|(?P<points>[Tt]his is|[Ii]t['\u2019]s)) (?P<names>{_NAME}(?:{_BETWEEN}{_NAME})*)"
    rf"(?:(?P<more> (?:from|here)\b|,? (?:and )?(?:(?:the|a|an|one of the) )?{_ROLE}\b)"
    r"|(?=[.!,]| and (?:we|I)\b|$))"
)


@lru_cache(maxsize=256)
def introductions(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the first names stand by which people introduce themselves."""
    return tuple(_found(text))


@lru_cache(maxsize=256)
def introduced(text: str) -> frozenset[str]:
    """Return the first names by which people introduce themselves."""
    return frozenset(text[start:end] for start, end in introductions(text))


def _found(text: str) -> Iterator[tuple[int, int]]:
    for found in _INTRODUCTION.finditer(text):
        names = [
            (found.start("names") + each.start(), found.start("names") + each.end())
            for each in re.finditer(_NAME, found.group("names"))
        ]
        written = [text[start:end] for start, end in names]
        is_known = any(name.lower() in given_names() for name in written)
        says_more = bool(found.group("more"))
        # "This is Chelsea." may be a place or a club; "this is Chelsea from ..." is somebody.
        is_enough = says_more or (is_known and not found.group("points"))
        if is_enough and (is_known or len(names) > 1) and not any(map(_is_other, written)):
            yield from names


def _is_other(word: str) -> bool:
    """Say whether a word is rather a people, a word, a country or an organisation."""
    lower = word.lower()
    if lower in demonyms():
        return True
    if lower in given_names():
        return bool(countries().find(word))
    is_word = lower in small_words() or lower in not_names()
    return is_word or bool(places().find(word) or organisations().find(word))
