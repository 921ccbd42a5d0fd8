"""The data that entities are found by: files of `gazetteers/`, read as they are."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources


def lines(name: str) -> list[str]:
    """Return the lines of a file that are neither empty nor comments."""
    found = (line.strip() for line in read(name).splitlines())
    return [line for line in found if line and not line.startswith("#")]


def read(name: str) -> str:
    """Return the text of a file."""
    return (resources.files("nlp.entities") / "gazetteers" / name).read_text(encoding="utf-8")


@cache
def stamp() -> str:
    """Return a short hash of all the data here; another one makes other tags."""
    digest = hashlib.sha256()
    folder = resources.files("nlp.entities") / "gazetteers"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:8]
