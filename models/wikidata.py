"""An entity's item in Wikidata, where a list kept with the code has it: countries so far."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".tsv")
"""Lines of key and item; the first line says where they come from."""


def wikidata(key: str) -> str:
    """Return an entity's item in Wikidata, such as Q142 of place/france, "" where none is known."""
    return items().get(key, "")


@cache
def items() -> Mapping[str, str]:
    """Return all known items by the keys of entities."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))
