"""Words that tell names from other words, and one kind of name from another; all of it is data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from nlp.entities.data import lines, read
from nlp.entities.keys import folded


@cache
def currencies() -> frozenset[str]:
    """Return the codes and names of currencies, in small letters."""
    import pycountry

    return frozenset(
        word
        for currency in pycountry.currencies
        for word in (currency.alpha_3.lower(), currency.name.split()[-1].lower())
    )


class OtherSense(NamedTuple):
    """What a company's name is besides; `type` is place or "", `cues` are words that say so."""

    type: str
    cues: re.Pattern[str]


@cache
def other_senses() -> Mapping[str, OtherSense]:
    """Return what names of companies are besides, by how they are written: Amazon, Shell."""
    data = tomllib.loads(read("ambiguous.toml"))["names"]
    return {
        name: OtherSense(sense["type"], any_word(sense["cues"])) for name, sense in data.items()
    }


@cache
def business_words() -> re.Pattern[str]:
    """Return what finds a word that companies go with."""
    return any_word(tomllib.loads(read("ambiguous.toml"))["business"])


def any_word(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some words or phrases, standing by itself, in any case."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@cache
def kinds() -> Mapping[str, str]:
    """Return the label that a name's last word tells, by the word in small letters."""
    data = tomllib.loads(read("kinds.toml"))
    return {word: label for label, words in data["last"].items() for word in words}


@cache
def opening_kinds() -> Mapping[str, str]:
    """Return the label that the words before a name tell, by these words in small letters."""
    data = tomllib.loads(read("kinds.toml"))
    return {words: label for label, all_words in data["first"].items() for words in all_words}


@cache
def about_works() -> frozenset[str]:
    """Return last words, in small letters, of what is about a work: a trailer, a review."""
    return frozenset(tomllib.loads(read("kinds.toml"))["about"]["WORK_OF_ART"])


@cache
def titles() -> frozenset[str]:
    """Return what stands before a person's name and is no part of it, in small letters."""
    return frozenset(lines("titles.txt"))


@cache
def demonyms() -> frozenset[str]:
    """Return words for the people of a country, faith or party, in small letters, plurals too."""
    return _with_plurals("demonyms.txt")


@cache
def not_names() -> frozenset[str]:
    """Return what is written in capitals and names nobody, in small letters, plurals too."""
    return _with_plurals("not_names.txt")


@cache
def products() -> frozenset[str]:
    """Return products, services and games, in small letters."""
    return frozenset(line.lower() for line in lines("products.txt"))


@cache
def given_names() -> frozenset[str]:
    """Return given names, in small letters, as they are and without accents."""
    names = lines("given_names.txt")
    return frozenset((*names, *map(folded, names)))


@cache
def surnames() -> frozenset[str]:
    """Return surnames, in small letters."""
    return frozenset(lines("surnames.txt"))


@cache
def contexts() -> Mapping[str, Mapping[str, tuple[float, float, float]]]:
    """Return what the word before or after a name says: log odds of person, org and place."""
    found: dict[str, dict[str, tuple[float, float, float]]] = {"before": {}, "after": {}}
    for line in lines("contexts.tsv"):
        side, word, person, org, place = line.split("\t")
        found[side][word] = float(person), float(org), float(place)
    return found


@cache
def small_words() -> frozenset[str]:
    """Return the English words that are no names, in small letters."""
    return frozenset(lines("small_words.txt"))


@cache
def often_small_words() -> frozenset[str]:
    """Return English words that are names now and then, in small letters."""
    return frozenset(lines("often_small_words.txt"))


def _with_plurals(name: str) -> frozenset[str]:
    words = {line.lower() for line in lines(name)}
    return frozenset(words | {f"{word}s" for word in words})
