"""What is known of an entity beyond its names: what belongs to it, and its item in Wikidata.

Related entities (a party and its members, a company and its owner) are shown beside each other and
never merged. Both are data: `gazetteers/related.toml`, `gazetteers/wikidata.tsv`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


def related_keys(key: str) -> tuple[str, ...]:
    """Return the keys of the entities that a person would expect beside one, in a fixed order."""
    return _related().get(key, ())


@cache
def _related() -> Mapping[str, tuple[str, ...]]:
    path = resources.files("nlp.entities") / "gazetteers" / "related.toml"
    tables: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    found: dict[str, dict[str, None]] = {}
    for table in tables.values():
        for key, others in table.items():
            for other in others:
                found.setdefault(key, {})[other] = None
                found.setdefault(other, {})[key] = None
    return {key: tuple(others) for key, others in found.items()}


def wikidata(key: str) -> str:
    """Return an entity's item in Wikidata, such as Q142 of place/france, "" where none is known."""
    return _items().get(key, "")


@cache
def _items() -> Mapping[str, str]:
    path = resources.files("nlp.entities") / "gazetteers" / "wikidata.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))
