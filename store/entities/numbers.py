"""Which number a name of an entity has in the database, and the spellings that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

import sqlalchemy as sa

from models.tags import EntityName
from store.database import in_chunks
from store.entities.entity_tables import entities, entity_names

REMEMBERED = 200_000
"""Spellings kept in memory while tagging (about 30 MB); beyond that, memory starts afresh."""


class Number(NamedTuple):
    """An entity's key inside the database, and that of the entity that it was merged into."""

    own: int
    leading: int


class EntityNumbers:
    """Keys inside the database by entity key; which spellings are stored already is remembered.

    Numbers themselves are asked for in each transaction, since another process may have merged.
    """

    def __init__(self) -> None:
        self._named: set[tuple[int, str]] = set()

    def forget(self) -> None:
        """Remember no spelling any more: a person has merged entities."""
        self._named.clear()

    def of(
        self, connection: sa.Connection, names: Mapping[EntityName, Set[str]]
    ) -> Mapping[str, Number]:
        """Return numbers by key, adding entities and the spellings that were seen of them."""
        if len(self._named) > REMEMBERED:
            self.forget()
        keys = {name.key: name for name in names}
        numbers = numbers_of(connection, list(keys))
        missing = [name for key, name in keys.items() if key not in numbers]
        if missing:
            rows = [
                {"key": n.key, "name": n.name, "type": n.type, "country": n.country}
                for n in missing
            ]
            connection.execute(sa.insert(entities), rows)
            numbers |= numbers_of(connection, [name.key for name in missing])
        spelled = {
            (numbers[name.key].leading, spelling)
            for name, spellings in names.items()
            for spelling in {name.name, *spellings}
        }
        add_names(connection, sorted(spelled - self._named))
        self._named |= spelled
        return numbers


def numbers_of(connection: sa.Connection, keys: Sequence[str]) -> dict[str, Number]:
    """Return the numbers of the entities that there are, by key."""
    leading = sa.func.coalesce(entities.c.merged_into, entities.c.number)
    numbers: dict[str, Number] = {}
    for chunk in in_chunks(keys):
        query = sa.select(entities.c.key, entities.c.number, leading)
        rows = connection.execute(query.where(entities.c.key.in_(chunk)))
        numbers |= {key: Number(own, lead) for key, own, lead in rows}
    return numbers


def add_names(connection: sa.Connection, spelled: Sequence[tuple[int, str]]) -> None:
    """Add spellings of entities, (number, name), that are not there yet."""
    rows: dict[tuple[str, int], str] = {}
    for number, name in spelled:
        rows.setdefault((name.casefold(), number), name)
    there: set[tuple[str, int]] = set()
    for chunk in in_chunks(list({folded for folded, _ in rows})):
        query = sa.select(entity_names.c.folded, entity_names.c.entity).where(
            entity_names.c.folded.in_(chunk)
        )
        there |= {(folded, number) for folded, number in connection.execute(query)}
    added = [
        {"folded": folded, "entity": number, "name": name}
        for (folded, number), name in rows.items()
        if (folded, number) not in there
    ]
    if added:
        connection.execute(sa.insert(entity_names), added)
