"""Canonical entities: found by name, counted, and merged, renamed or hidden by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.tags import Entity, Neighbour
from store.database import Database, in_chunks
from store.entities.entity_tables import entities, entity_names, refused_merges
from store.entities.moves import move, note_articles, refuse, row_of
from store.entities.numbers import EntityNumbers, add_names
from store.schema import articles
from store.tags.tag_tables import article_entities

_NAMES = sa.select(entities.c.key, entities.c.name).where(
    entities.c.key.in_(sa.bindparam("keys", expanding=True))
)


class EntityRepository:
    """Entities by their key, a name or an alias."""

    def __init__(self, database: Database, numbers: EntityNumbers) -> None:
        self._database = database
        self._numbers = numbers

    def get(self, key: str) -> Entity:
        """Return an entity by key, following merges; raises NotFoundError."""
        with self._database.reading() as connection:
            row = row_of(connection, key)
            names = sa.select(entity_names.c.name).where(entity_names.c.entity == row["number"])
            aliases = list(connection.scalars(names.order_by(entity_names.c.folded)))
        return _entity(row, tuple(alias for alias in aliases if alias != row["name"]))

    def find(self, name: str) -> tuple[str, ...]:
        """Return the keys of entities of that key, name or alias, most articles first."""
        folded = sa.select(entity_names.c.entity).where(entity_names.c.folded == name.casefold())
        with self._database.reading() as connection:
            rows = connection.execute(
                sa.select(entities.c.key, entities.c.merged_into)
                .where((entities.c.key == name) | entities.c.number.in_(folded))
                .order_by(entities.c.articles.desc(), entities.c.key)
            ).all()
            return tuple(
                dict.fromkeys(
                    row_of(connection, key)["key"] if merged_into else key
                    for key, merged_into in rows
                )
            )

    def names(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the names of entities by their keys."""
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(keys):
                found |= dict(connection.execute(_NAMES, {"keys": chunk}).all())
        return found

    def top(
        self, kind: str = "", limit: int = 50, offset: int = 0, begins: str = ""
    ) -> tuple[Entity, ...]:
        """Return the entities named in most articles, of one type or of all.

        `begins` narrows to names that begin so, whatever their case.
        """
        query = sa.select(entities).order_by(entities.c.articles.desc(), entities.c.key)
        query = _browsable(query, kind, begins).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return tuple(_entity(row) for row in connection.execute(query).mappings())

    def count(self, kind: str = "", begins: str = "") -> int:
        """Return how many entities `top` would give without a limit."""
        query = _browsable(sa.select(sa.func.count()).select_from(entities), kind, begins)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def neighbours(self, key: str, limit: int = 200) -> tuple[Neighbour, ...]:
        """Return the entities that share most articles with this one."""
        mine, theirs = article_entities.alias("mine"), article_entities.alias("theirs")
        together = sa.func.count().label("together")
        with self._database.reading() as connection:
            number = row_of(connection, key)["number"]
            query = (
                sa.select(
                    entities.c.key, entities.c.name, entities.c.type, entities.c.articles, together
                )
                .select_from(mine)
                .join(theirs, theirs.c.article == mine.c.article)
                .join(entities, entities.c.number == theirs.c.entity)
                .where(mine.c.entity == number, theirs.c.entity != number, ~entities.c.hidden)
                .group_by(entities.c.number)
                .order_by(together.desc(), entities.c.key)
                .limit(limit)
            )
            return tuple(Neighbour(*row) for row in connection.execute(query))

    def rename(self, key: str, name: str, *, by_person: bool = True) -> Entity:
        """Give an entity another name; its old one stays an alias.

        A person's name stays; any other is what most articles write (`store.entities.names`).
        """
        name = name.strip()
        if not name:
            raise UsageError("An entity can't have an empty name.")
        with self._database.writing() as connection:
            number = _change(connection, key, name=name, named_by_person=by_person, unsettled=True)
            add_names(connection, [(number, name)])
        return self.get(key)

    def is_named_by_person(self, key: str) -> bool:
        """Say whether an entity's name is a person's choice; raises NotFoundError."""
        with self._database.reading() as connection:
            return bool(row_of(connection, key)["named_by_person"])

    def hide(self, key: str, *, hidden: bool = True) -> Entity:
        """Keep an entity out of every list (or show it again); its mentions stay in the store."""
        with self._database.writing() as connection:
            _change(connection, key, hidden=hidden)
        return self.get(key)

    def retype(self, key: str, kind: str) -> Entity:
        """Say what an entity is, one of `ENTITY_TYPES`; its key stays."""
        with self._database.writing() as connection:
            _change(connection, key, type=kind)
        return self.get(key)

    def known(self, keys: Sequence[str]) -> tuple[Entity, ...]:
        """Return the entities of keys that articles name, following merges; no hidden ones.

        They come in the order of the keys, each once.
        """
        query = sa.select(entities).where(entities.c.key.in_(keys))
        with self._database.reading() as connection:
            there = {row["key"] for row in connection.execute(query).mappings()}
            rows = [row_of(connection, key) for key in keys if key in there]
        found = {row["key"]: _entity(row) for row in rows}
        return tuple(each for each in found.values() if each.articles and not each.hidden)

    def merged(self, key: str) -> tuple[Entity, ...]:
        """Return the entities that were merged into one."""
        other = entities.alias("other")
        query = (
            sa.select(other)
            .join(entities, entities.c.number == other.c.merged_into)
            .where(entities.c.key == key)
            .order_by(other.c.key)
        )
        with self._database.reading() as connection:
            return tuple(_entity(row) for row in connection.execute(query).mappings())

    def forget_spellings(self) -> None:
        """Ask the store anew which spellings it knows: names went from one entity to another."""
        self._numbers.forget()

    def merge(self, key: str, into: str) -> Entity:
        """Make one entity another name of a second one, now and in all tagging to come."""
        with self._database.writing() as connection:
            gone, kept = row_of(connection, key), row_of(connection, into)
            if gone["number"] == kept["number"]:
                raise UsageError(f"{key} and {into} are one entity already.")
            note_articles(connection, gone["number"])
            move(connection, gone["number"], kept["number"])
        self._numbers.forget()
        return self.get(into)

    def refuse_merge(self, key: str, other: str) -> None:
        """Keep a person's word that two entities are not one; raises NotFoundError."""
        with self._database.writing() as connection:
            first, second = row_of(connection, key)["key"], row_of(connection, other)["key"]
            if first == second:
                raise UsageError(f"{key} and {other} are one entity already.")
            refuse(connection, first, second)

    def forget_refusal(self, key: str, other: str) -> None:
        """Take back a person's word that two entities are not one."""
        first, second = sorted((key, other))
        pair = (refused_merges.c.entity == first) & (refused_merges.c.other == second)
        with self._database.writing() as connection:
            connection.execute(sa.delete(refused_merges).where(pair))

    def refused_merges(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of keys that a person said are not one."""
        query = sa.select(refused_merges.c.entity, refused_merges.c.other)
        with self._database.reading() as connection:
            return frozenset((entity, other) for entity, other in connection.execute(query))

    def split(self, key: str) -> Entity:
        """Take an entity out again of the one it was merged into.

        Which mentions were its own is not kept, so the articles of both are due to be tagged again.
        """
        here = entities.c.key == key
        with self._database.writing() as connection:
            row = connection.execute(sa.select(entities).where(here)).mappings().one_or_none()
            if row is None:
                raise NotFoundError(f"There is no entity {key!r}.")
            kept = row["merged_into"]
            if kept is None:
                raise UsageError(f"{key} was not merged into another entity.")
            if row["merged_by_evidence"]:  # or else the evidence would merge them again
                other = sa.select(entities.c.key).where(entities.c.number == kept)
                refuse(connection, key, str(connection.scalar(other)))
            apart = {"merged_into": None, "merged_by_evidence": False}
            connection.execute(sa.update(entities).where(here).values(apart))
            theirs = sa.select(article_entities.c.article).where(article_entities.c.entity == kept)
            connection.execute(
                sa.update(articles).where(articles.c.number.in_(theirs)).values(tagged=None)
            )
            # Tagging brings back the spellings that are each one's own.
            connection.execute(sa.delete(entity_names).where(entity_names.c.entity == kept))
            name = sa.select(entities.c.name).where(entities.c.number == kept)
            add_names(
                connection, [(kept, connection.scalar(name) or ""), (row["number"], row["name"])]
            )
        self._numbers.forget()
        return self.get(key)


def _change(connection: sa.Connection, key: str, **values: object) -> int:
    """Change an entity, whose articles are due to be indexed then; return its number."""
    number = int(row_of(connection, key)["number"])
    connection.execute(sa.update(entities).where(entities.c.number == number).values(values))
    note_articles(connection, number)
    return number


def _browsable(query: sa.Select[Any], kind: str, begins: str) -> sa.Select[Any]:
    query = query.where(entities.c.articles > 0, ~entities.c.hidden)
    if kind:
        query = query.where(entities.c.type == kind)
    if begins:
        named = sa.select(entity_names.c.entity).where(
            entity_names.c.folded.startswith(begins.casefold(), autoescape=True)
        )
        query = query.where(entities.c.number.in_(named))
    return query


def _entity(row: Mapping[str, Any] | sa.RowMapping, aliases: tuple[str, ...] = ()) -> Entity:
    return Entity(
        key=row["key"],
        name=row["name"],
        type=row["type"],
        articles=row["articles"],
        aliases=aliases,
        country=row["country"],
        hidden=row["hidden"],
    )
