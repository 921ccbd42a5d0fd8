"""A name as the rules for Polish find it."""

from __future__ import annotations

from typing import NamedTuple

from models.tags import EntityName


class Name(NamedTuple):
    """A name in a text; `entity` where it is known beforehand.

    `kind` is person, org or place, or "" for what may be the surname of somebody named in full
    elsewhere: `options` are then its nominatives.
    """

    start: int
    end: int
    kind: str
    nominative: str
    entity: EntityName | None = None
    options: frozenset[str] = frozenset()


Found = tuple[Name | None, int]
"""A name or none, and how many words were read."""

NOTHING: Found = (None, 1)
