"""People whose first name is a country's: Cuba Gooding, China Miéville, Israel Adesanya."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nlp.entities.gazetteer import countries, names, organisations, people, places
from nlp.entities.keys import folded
from nlp.entities.word_lists import (
    demonyms,
    kinds,
    not_names,
    often_small_words,
    small_words,
    surnames,
    titles,
)

_WORD = r"[A-Z\u00c0-\u00de][\w'\u2019]*(?:-[A-Z]\w+)?"
_PAIR = re.compile(rf"\b(?=([A-Z][a-z]{{3,}}) ({_WORD}))(?<![-\u2013/])")
_GENERATION = re.compile(r" (?:Jr|Sr|II|III)\b\.?")
_CAPITAL_BEHIND = re.compile(rf" {_WORD}")
_POSSESSIVE = re.compile("['\u2019]s?$")
_AGE = re.compile(r"(?:,| \() ?[1-9]\d\b(?![,.]?\d|%)")
_PRONOUN = re.compile(r"\b(?:he|she|his|hers?|him|himself|herself|who)\b", re.IGNORECASE)
_CALLING = re.compile(
    r"\b(?:actor|actress|activist|artist|author|boxer|candidate|captain|champion|coach|comedian"
    r"|creator|defender|director|fighter|forward|goalkeeper|guard|influencer|lawyer|midfielder"
    r"|minister|model|novelist|player|presenter|producer|rapper|reporter|singer|songwriter|star"
    r"|striker|winger|writer)\s$",
    re.IGNORECASE,
)


def people_named_after_countries(text: str, whole: str) -> Iterator[tuple[int, int]]:
    """Yield where a country's name is a person's first name in a text, with the surname.

    `whole` is all that the article says: an age, a calling, a pronoun or a surname that people
    have must speak for it there.
    """
    for pair in _PAIR.finditer(text):
        country, word = pair.groups()
        if country not in _country_words():
            continue
        surname = _POSSESSIVE.sub("", word)
        if not _may_be_surname(surname):
            continue
        end = pair.start(2) + len(surname)
        if generation := _GENERATION.match(text, end):
            end = generation.end()
        if surname == word and _CAPITAL_BEHIND.match(text, end):
            continue  # China Huarong Asset Management
        if _is_person(text[pair.start() : end], surname, whole):
            yield pair.start(), end


def is_named_after_country(written: str, whole: str) -> bool:
    """Say whether a written name is such a person's."""
    first = written.partition(" ")[0]
    if first not in _country_words():
        return False
    return (0, len(written)) in people_named_after_countries(written, whole)


def _is_person(written: str, surname: str, whole: str) -> bool:
    if _is_known_surname(surname):
        return True
    start = whole.find(written)
    while start >= 0:
        end = start + len(written)
        before, behind = whole[max(start - 20, 0) : start], whole[end : end + 8]
        if _AGE.match(behind) or _CALLING.search(before) or _last_word(before) in titles():
            return True
        start = whole.find(written, end)
    rest = whole.replace(written, "")
    return bool(re.search(rf"\b{re.escape(surname)}\b", rest) and _PRONOUN.search(rest))


def _last_word(text: str) -> str:
    return text.rsplit(maxsplit=1)[-1].lower().rstrip(".") if text.split() else ""


@cache
def _country_words() -> frozenset[str]:
    """Return the countries of one word."""
    called = {entity.name for entity in countries().loose.values()}
    return frozenset(name for name in called if " " not in name)


@cache
def _common() -> frozenset[str]:
    return small_words() | often_small_words() | demonyms() | not_names() | frozenset(kinds())


def _may_be_surname(word: str) -> bool:
    """Say whether a word with a capital is neither a common word nor any other known name."""
    known = names().get(word) in {"org", "place"} or organisations().find(word)
    is_other = known or places().find(word) or folded(word) in people()
    return len(word) > 2 and not word.isupper() and word.lower() not in _common() and not is_other


def _is_known_surname(word: str) -> bool:
    return word.lower() in surnames()
