"""Names that are known beforehand: countries, organisations, titles; read from data, never code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from models.tags import EntityName
from nlp.entities.data import lines, read
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
def countries() -> Gazetteer:
    """Return the countries of ISO 3166-1, by all their English names."""
    import babel
    import pycountry

    data = tomllib.loads(read("places.toml"))
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
    tables = tomllib.loads(read("local_names.toml")).get(language, {})
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
    grammar = tomllib.loads(read("endings.toml")).get(language)
    if not grammar or " " in name or len(name) < fewest:
        return (name,)
    stem = name[:-1] if name[-1] in grammar["vowels"] else name
    return (name, *(stem + ending for ending in grammar["endings"]))


@cache
def organisations() -> Gazetteer:
    """Return the organisations that the news calls by several names."""
    data = tomllib.loads(read("organisations.toml"))
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
    data = tomllib.loads(read("organisations.toml"))["unions"]
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
    data = tomllib.loads(read("places.toml"))
    own = {name: name for name in (*data["regions"]["names"], *lines("cities.txt"))}
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
    data = tomllib.loads(read("places.toml"))["landmarks"]
    return frozenset(alias for aliases in data.values() for alias in aliases)


@cache
def names() -> Mapping[str, str]:
    """Return the type of names that the news of the day is full of, by how they are written."""
    known = dict.fromkeys(lines("organisations.txt"), "org")
    pairs = (line.partition("\t") for line in lines("names.tsv"))
    return {name: kind for name, _, kind in pairs} | known


@cache
def people() -> Mapping[str, str]:
    """Return the full names of people whom the news calls by less, by what it calls them."""
    aliases: Mapping[str, str] = tomllib.loads(read("people.toml"))["aliases"]
    return {folded(alias): name for alias, name in aliases.items()}


@cache
def famous() -> frozenset[str]:
    """Return the full names of the people in `people`, folded."""
    return frozenset(folded(name) for name in people().values())


@cache
def clubs() -> frozenset[str]:
    """Return cities and others whose name alone means a club where the talk is of sport."""
    return frozenset(lines("clubs.txt"))


@cache
def possessives() -> frozenset[str]:
    """Return names that end in "'s" by themselves: McDonald's."""
    data = tomllib.loads(read("organisations.toml"))
    names = [alias for aliases in data["organisations"].values() for alias in aliases]
    return frozenset(name for name in names if name.endswith("'s"))


def _display_name(code: str, plain: str, others: list[str]) -> str:
    """Return the name that people browse by: CLDR's English one, in letters a URL can hold."""
    if code in _CODES_WITH_PLAIN_NAMES and others:
        return others[0]
    return {"US": "United States", "TR": "Turkey"}.get(code, plain)
