"""Which entities belong together and are not one: a party and its members, companies and owners.

They are shown beside each other and never merged. `gazetteers/related.toml` says which they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from nlp.entities.data import read


def related_keys(key: str) -> tuple[str, ...]:
    """Return the keys of the entities that a person would expect beside one, in a fixed order."""
    return _related().get(key, ())


@cache
def _related() -> Mapping[str, tuple[str, ...]]:
    tables: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(read("related.toml"))
    found: dict[str, dict[str, None]] = {}
    for table in tables.values():
        for key, others in table.items():
            for other in others:
                found.setdefault(key, {})[other] = None
                found.setdefault(other, {})[key] = None
    return {key: tuple(others) for key, others in found.items()}
