"""Names that are known beforehand: countries, organisations, titles; read from data, never code."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from models.tags import EntityName
from nlp.entities.keys import folded, key_of

_CODES_WITH_PLAIN_NAMES = frozenset({"HK", "MO", "CD", "CG", "MM", "PS", "FM", "GS", "SJ", "UM"})
"""Territories whose name in CLDR nobody writes ("Hong Kong SAR China"); our own list has them."""


AMBIGUOUS = "Georgia"
"""A country and a state of the USA: a place without a country's code."""

SHORT = 3
"""Names of so few letters are known only as they are written: US the country, us the pronoun."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names: `exact` by how they are written, `folded` by their letters alone."""

    exact: dict[str, EntityName]
    loose: dict[str, EntityName]

    def find(self, name: str) -> EntityName | None:
        """Return the entity of that name, None where it is not known."""
        found = self.exact.get(name) or self.loose.get(folded(name))
        if found is None and len(name) > SHORT and name.isupper():
            return self.exact.get(name.title())
        return found


@cache
def stamp() -> str:
    """Return a short hash of all the data here; another one makes other tags."""
    digest = hashlib.sha256()
    folder = resources.files("nlp.entities") / "gazetteers"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:8]


@cache
def countries() -> Gazetteer:
    """Return the countries of ISO 3166-1, by all their English names."""
    import babel
    import pycountry

    data = tomllib.loads(_read("places.toml"))
    territories = babel.Locale("en").territories
    gazetteer = Gazetteer({}, {})
    for country in pycountry.countries:
        code = country.alpha_2
        others = data["countries"].get(code, [])
        plain = territories.get(code, country.name)
        name = _display_name(code, plain, others)
        entity = EntityName(key_of("place", name), name, "place", code)
        official = [getattr(country, "common_name", ""), getattr(country, "official_name", "")]
        for alias in (name, plain, country.name, *official, *others):
            if alias and len(folded(alias)) <= SHORT:
                gazetteer.exact[alias] = entity
            elif alias:
                gazetteer.loose.setdefault(folded(alias), entity)
    return gazetteer


@cache
def local_countries(language: str) -> Mapping[str, EntityName]:
    """Return countries by how that language writes them, in each case of its grammar we know."""
    import babel

    try:
        territories = babel.Locale(language).territories
    except (babel.UnknownLocaleError, ValueError):
        return {}
    found: dict[str, EntityName] = {}
    for country in {entity.country: entity for entity in countries().loose.values()}.values():
        name = territories.get(country.country, "")
        if len(name) >= SHORT:
            found |= dict.fromkeys(_with_endings(name, language), country)
    return found


@cache
def local_names(language: str) -> Mapping[str, EntityName]:
    """Return countries, cities, organisations and people by how that language writes them.

    Names of one word come in each case of its grammar that we know.
    """
    if not language:
        return {}
    tables = tomllib.loads(_read("local_names.toml")).get(language, {})
    listed: dict[str, EntityName] = {}
    for kind, names_by_local in tables.items():
        for local, name in names_by_local.items():
            known = {"place": places, "org": organisations}.get(kind)
            entity = known().find(name) if known else None
            entity = entity or EntityName(key_of(kind, name), name, kind)
            forms = _with_endings(local, language, SHORT + 1) if kind != "org" else (local,)
            listed |= dict.fromkeys(forms, entity)
    return {**local_countries(language), **listed}


def _with_endings(name: str, language: str, fewest: int = SHORT + 2) -> tuple[str, ...]:
    """Return a name of one word with the endings of a language that inflects, else as it is.

    Names of fewer than `fewest` letters stay as they are.
    """
    grammar = tomllib.loads(_read("endings.toml")).get(language)
    if not grammar or " " in name or len(name) < fewest:
        return (name,)
    stem = name[:-1] if name[-1] in grammar["vowels"] else name
    return (name, *(stem + ending for ending in grammar["endings"]))


@cache
def organisations() -> Gazetteer:
    """Return the organisations that the news calls by several names."""
    data = tomllib.loads(_read("organisations.toml"))
    gazetteer = Gazetteer({}, {})
    for name, aliases in (data["unions"] | data["organisations"]).items():
        entity = EntityName(key_of("org", name), name, "org")
        for alias in (name, *aliases):
            if alias.isupper() or len(alias) <= 4:
                gazetteer.exact[alias] = entity
            else:
                gazetteer.loose[folded(alias)] = entity
    return gazetteer


@cache
def unions() -> frozenset[str]:
    """Return the names of the unions of states, as the news writes them."""
    data = tomllib.loads(_read("organisations.toml"))["unions"]
    return frozenset(alias for aliases in data.values() for alias in aliases)


@cache
def subdivisions() -> frozenset[str]:
    """Return the provinces, states and districts of ISO 3166-2, in small letters."""
    import pycountry

    return frozenset(
        division.name.partition(" (")[0].partition(" [")[0].lower()
        for division in pycountry.subdivisions
        if len(division.name) > SHORT
    )


@cache
def places() -> Gazetteer:
    """Return countries, regions and cities; the latter two only as they are written here."""
    known = countries()
    data = tomllib.loads(_read("places.toml"))
    own = {name: name for name in (*data["regions"]["names"], *_lines("cities.txt"))}
    others = data["others"] | data["landmarks"]
    own |= {alias: name for name, aliases in others.items() for alias in aliases}
    by_key: dict[str, EntityName] = {}  # Zurich and Zürich are one, under the plainer name
    for name in sorted(own.values()):
        key = key_of("place", name)
        by_key.setdefault(key, EntityName(key, name, "place"))
    exact = {
        alias: by_key[key_of("place", name)]
        for alias, name in own.items()
        if alias == AMBIGUOUS or not known.find(alias)
    }
    return Gazetteer(exact | known.exact, known.loose)


@cache
def landmarks() -> frozenset[str]:
    """Return the names of single places that are hardly taken for anything else."""
    data = tomllib.loads(_read("places.toml"))["landmarks"]
    return frozenset(alias for aliases in data.values() for alias in aliases)


@cache
def names() -> Mapping[str, str]:
    """Return the type of names that the news of the day is full of, by how they are written."""
    known = dict.fromkeys(_lines("organisations.txt"), "org")
    pairs = (line.partition("\t") for line in _lines("names.tsv"))
    return {name: kind for name, _, kind in pairs} | known


@cache
def people() -> Mapping[str, str]:
    """Return the full names of people whom the news calls by less, by what it calls them."""
    aliases: Mapping[str, str] = tomllib.loads(_read("people.toml"))["aliases"]
    return {folded(alias): name for alias, name in aliases.items()}


@cache
def famous() -> frozenset[str]:
    """Return the full names of the people in `people`, folded."""
    return frozenset(folded(name) for name in people().values())


@cache
def currencies() -> frozenset[str]:
    """Return the codes and names of currencies, in small letters."""
    import pycountry

    return frozenset(
        word
        for currency in pycountry.currencies
        for word in (currency.alpha_3.lower(), currency.name.split()[-1].lower())
    )


@cache
def clubs() -> frozenset[str]:
    """Return cities and others whose name alone means a club where the talk is of sport."""
    return frozenset(_lines("clubs.txt"))


class OtherSense(NamedTuple):
    """What a company's name is besides; `type` is place or "", `cues` are words that say so."""

    type: str
    cues: re.Pattern[str]


@cache
def other_senses() -> Mapping[str, OtherSense]:
    """Return what names of companies are besides, by how they are written: Amazon, Shell."""
    data = tomllib.loads(_read("ambiguous.toml"))["names"]
    return {
        name: OtherSense(sense["type"], any_word(sense["cues"])) for name, sense in data.items()
    }


@cache
def business_words() -> re.Pattern[str]:
    """Return what finds a word that companies go with."""
    return any_word(tomllib.loads(_read("ambiguous.toml"))["business"])


def any_word(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some words or phrases, standing by itself, in any case."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@cache
def possessives() -> frozenset[str]:
    """Return names that end in "'s" by themselves: McDonald's."""
    data = tomllib.loads(_read("organisations.toml"))
    names = [alias for aliases in data["organisations"].values() for alias in aliases]
    return frozenset(name for name in names if name.endswith("'s"))


@cache
def kinds() -> Mapping[str, str]:
    """Return the label that a name's last word tells, by the word in small letters."""
    data = tomllib.loads(_read("kinds.toml"))
    return {word: label for label, words in data["last"].items() for word in words}


@cache
def opening_kinds() -> Mapping[str, str]:
    """Return the label that the words before a name tell, by these words in small letters."""
    data = tomllib.loads(_read("kinds.toml"))
    return {words: label for label, all_words in data["first"].items() for words in all_words}


@cache
def titles() -> frozenset[str]:
    """Return what stands before a person's name and is no part of it, in small letters."""
    return frozenset(_lines("titles.txt"))


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
    return frozenset(line.lower() for line in _lines("products.txt"))


@cache
def given_names() -> frozenset[str]:
    """Return given names, in small letters."""
    return frozenset(_lines("given_names.txt"))


@cache
def surnames() -> frozenset[str]:
    """Return surnames, in small letters."""
    return frozenset(_lines("surnames.txt"))


@cache
def contexts() -> Mapping[str, Mapping[str, tuple[float, float, float]]]:
    """Return what the word before or after a name says: log odds of person, org and place."""
    found: dict[str, dict[str, tuple[float, float, float]]] = {"before": {}, "after": {}}
    for line in _lines("contexts.tsv"):
        side, word, person, org, place = line.split("\t")
        found[side][word] = float(person), float(org), float(place)
    return found


@cache
def small_words() -> frozenset[str]:
    """Return the English words that are no names, in small letters."""
    return frozenset(_lines("small_words.txt"))


@cache
def often_small_words() -> frozenset[str]:
    """Return English words that are names now and then, in small letters."""
    return frozenset(_lines("often_small_words.txt"))


def _with_plurals(name: str) -> frozenset[str]:
    words = {line.lower() for line in _lines(name)}
    return frozenset(words | {f"{word}s" for word in words})


def _display_name(code: str, plain: str, others: list[str]) -> str:
    """Return the name that people browse by: CLDR's English one, in letters a URL can hold."""
    if code in _CODES_WITH_PLAIN_NAMES and others:
        return others[0]
    return {"US": "United States", "TR": "Turkey"}.get(code, plain)


def _lines(name: str) -> list[str]:
    lines = (line.strip() for line in _read(name).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _read(name: str) -> str:
    return (resources.files("nlp.entities") / "gazetteers" / name).read_text(encoding="utf-8")
