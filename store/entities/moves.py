"""What an entity has, moved to another: within a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError
from store.changes import note_changed
from store.entities.entity_tables import entities, entity_names, refused_merges
from store.entities.numbers import add_names
from store.schema import articles
from store.tags.tag_tables import article_entities, mentions


def refuse(connection: sa.Connection, key: str, other: str) -> None:
    """Keep a person's word that two entities are not one."""
    first, second = sorted((key, other))
    pair = (refused_merges.c.entity == first) & (refused_merges.c.other == second)
    connection.execute(sa.delete(refused_merges).where(pair))
    connection.execute(
        sa.insert(refused_merges).values(entity=first, other=second, made=datetime.now(UTC))
    )


def row_of(connection: sa.Connection, key: str) -> Mapping[str, Any]:
    """Return the row of a key, or of the entity that it was merged into."""
    query = sa.select(entities).where(entities.c.key == key)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"There is no entity {key!r}; `slugline entities list` shows them.")
    if row["merged_into"] is None:
        return dict(row)
    kept = sa.select(entities).where(entities.c.number == row["merged_into"])
    return dict(connection.execute(kept).mappings().one())


def move(connection: sa.Connection, gone: int, kept: int) -> None:
    """Give all that one entity has to another."""
    point = entities.c.merged_into == gone
    connection.execute(sa.update(entities).where(point).values(merged_into=kept))
    here = entities.c.number == gone
    connection.execute(
        sa.update(entities)
        .where(here)
        .values(merged_into=kept, merged_by_evidence=False, articles=0)
    )
    connection.execute(sa.update(mentions).where(mentions.c.entity == gone).values(entity=kept))

    both = article_entities.alias("both")
    mine = sa.select(both.c.article).where(both.c.entity == gone)
    more = sa.select(both.c.count).where(
        both.c.entity == gone, both.c.article == article_entities.c.article
    )
    connection.execute(
        sa.update(article_entities)
        .where(article_entities.c.entity == kept, article_entities.c.article.in_(mine))
        .values(count=article_entities.c.count + more.scalar_subquery())
    )
    theirs = sa.select(both.c.article).where(both.c.entity == kept)
    connection.execute(
        sa.delete(article_entities).where(
            article_entities.c.entity == gone, article_entities.c.article.in_(theirs)
        )
    )
    connection.execute(
        sa.update(article_entities).where(article_entities.c.entity == gone).values(entity=kept)
    )
    n = sa.select(sa.func.count()).where(article_entities.c.entity == kept).scalar_subquery()
    connection.execute(sa.update(entities).where(entities.c.number == kept).values(articles=n))

    names = sa.select(entity_names.c.name).where(entity_names.c.entity == gone)
    spelled = [(kept, name) for name in connection.scalars(names)]
    connection.execute(sa.delete(entity_names).where(entity_names.c.entity == gone))
    add_names(connection, spelled)


def note_articles(connection: sa.Connection, number: int) -> None:
    """Put the articles that name an entity on the change queue."""
    query = (
        sa.select(articles.c.id)
        .join(article_entities, article_entities.c.article == articles.c.number)
        .where(article_entities.c.entity == number)
    )
    note_changed(connection, list(connection.scalars(query)))
