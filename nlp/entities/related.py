"""Which entities belong together and are not one: a party and its members, companies and owners.

They are shown beside each other and never merged. `gazetteers/related.toml` says which they are.
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
