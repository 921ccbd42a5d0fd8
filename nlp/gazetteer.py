"""Names that are known beforehand: countries, organisations, titles; read from data, never code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from models.tags import EntityName
from nlp.entity_key import folded, key_of

_CODES_WITH_PLAIN_NAMES = frozenset({"HK", "MO", "CD", "CG", "MM", "PS", "FM", "GS", "SJ", "UM"})
"""Territories whose name in CLDR nobody writes ("Hong Kong SAR China"); our own list has them."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names: `exact` by how they are written, `folded` by their letters alone."""

    exact: dict[str, EntityName]
    loose: dict[str, EntityName]

    def find(self, name: str) -> EntityName | None:
        """Return the entity of that name, None where it is not known."""
        return self.exact.get(name) or self.loose.get(folded(name))


@cache
def countries() -> Gazetteer:
    """Return the countries of ISO 3166-1, by all their English names."""
    import babel
    import pycountry

    data = tomllib.loads(_read("places.toml"))
    only_exact = frozenset(data["exact"]["names"])
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
            if alias in only_exact:
                gazetteer.exact[alias] = entity
            elif alias:
                gazetteer.loose.setdefault(folded(alias), entity)
    return gazetteer


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
def titles() -> frozenset[str]:
    """Return what stands before a person's name and is no part of it, in small letters."""
    return frozenset(_lines("titles.txt"))


def _display_name(code: str, plain: str, others: list[str]) -> str:
    """Return the name that people browse by: CLDR's English one, in letters a URL can hold."""
    if code in _CODES_WITH_PLAIN_NAMES and others:
        return others[0]
    return {"US": "United States", "TR": "Turkey"}.get(code, plain)


def _lines(name: str) -> list[str]:
    lines = (line.strip() for line in _read(name).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _read(name: str) -> str:
    return (resources.files("nlp") / "gazetteers" / name).read_text(encoding="utf-8")
