"""Names of entities in other languages: Rosja is the Polish name of Russia.

An entity has one key and one name in all languages; where one article is shown or exported by
itself, it may be called as its own language does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".tsv")
"""Lines of language, key, name in all languages and name in that language, made by
`bench/entities/local_names.py`."""


def local_name(key: str, name: str, language: str) -> str:
    """Return an entity's name in a language (ISO 639-1), `name` where it has none of its own.

    A name that a person gave the entity is no longer the usual one, and stays.
    """
    usual, local = _names(language).get(key, ("", ""))
    return local if name == usual else name


def usual_name(key: str, name: str, language: str) -> str:
    """Return the name in all languages of an entity that is called `name` in one of them."""
    usual, local = _names(language).get(key, ("", ""))
    return usual if name == local else name


@cache
def _names(language: str) -> Mapping[str, tuple[str, str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.startswith(f"{language}\t"))
    return {key: (usual, local) for _, key, usual, local in rows}
