"""Merges of entities that can be undone to the letter: which mentions and names were whose."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models.errors import UsageError
from store.changes import note_changed
from store.database import in_chunks
from store.entities.entity_tables import entities, entity_names
from store.schema import articles
from store.tags.edits import recount, said_by_itself, say_again
from store.tags.tag_tables import article_entities, mentions

MOST_MENTIONS = 50_000
"""Beyond so many (2 MB of journal) undoing a merge has the articles tagged again instead."""


def before_merge(connection: sa.Connection, gone: str, kept: str) -> dict[str, Any]:
    """Return what undoing the merge of one entity into another needs."""
    number, other = _number(connection, gone), _number(connection, kept)
    rows = connection.execute(
        sa.select(
            mentions.c.article, mentions.c.field, mentions.c.start, mentions.c.end, mentions.c.label
        )
        .where(mentions.c.entity == number)
        .limit(MOST_MENTIONS + 1)
    ).all()
    theirs = set(_names(connection, other))
    both = article_entities.alias("both")
    others = sa.select(both.c.article).where(both.c.entity == other)
    in_both = sa.select(article_entities.c.article).where(
        article_entities.c.entity == number, article_entities.c.article.in_(others)
    )
    said = [
        row
        for chunk in in_chunks(list(connection.scalars(in_both.limit(MOST_MENTIONS))))
        for row in said_by_itself(connection, chunk, [number])
    ]
    pointing = sa.select(entities.c.number).where(entities.c.merged_into == number)
    return {
        "into": kept,
        "mentions": [list(row) for row in rows] if len(rows) <= MOST_MENTIONS else None,
        "names": [name for folded, name in _names(connection, number).items()],
        "own": [folded for folded in _names(connection, number) if folded not in theirs],
        "pointing": list(connection.scalars(pointing)),
        "said": said,
        "newest": connection.scalar(sa.select(sa.func.max(articles.c.number))) or 0,
    }


def undo_merge(connection: sa.Connection, gone: str, before: dict[str, Any]) -> None:
    """Take an entity out of the one that it was merged into, with its own mentions and names.

    Articles that came since the merge are due to be tagged again: whose their mentions are is not
    known.
    """
    number = _number(connection, gone)
    here = entities.c.number == number
    kept = connection.scalar(sa.select(entities.c.merged_into).where(here))
    if kept is None:
        raise UsageError(f"{gone} is separate already.")
    connection.execute(sa.update(entities).where(here).values(merged_into=None))
    for chunk in in_chunks(before["pointing"]):
        followers = entities.c.number.in_(chunk) & (entities.c.merged_into == kept)
        connection.execute(sa.update(entities).where(followers).values(merged_into=number))
    back = [dict(zip(("a", "f", "s", "e", "l"), row, strict=True)) for row in before["mentions"]]
    if back:
        connection.execute(
            sa.update(mentions)
            .where(
                mentions.c.article == sa.bindparam("a"),
                mentions.c.field == sa.bindparam("f"),
                mentions.c.start == sa.bindparam("s"),
                mentions.c.end == sa.bindparam("e"),
                mentions.c.label == sa.bindparam("l"),
                mentions.c.entity == kept,
            )
            .values(entity=number),
            back,
        )
    touched = sorted({row["a"] for row in back})
    recount(connection, touched, [number, kept])
    say_again(connection, before.get("said", ()))
    _give_names_back(connection, number, kept, before)
    since = sa.select(article_entities.c.article).where(
        article_entities.c.entity == kept, article_entities.c.article > before["newest"]
    )
    connection.execute(sa.update(articles).where(articles.c.number.in_(since)).values(tagged=None))
    ids: list[str] = []
    for chunk in in_chunks(touched):
        ids += connection.scalars(sa.select(articles.c.id).where(articles.c.number.in_(chunk)))
    note_changed(connection, ids)


def _give_names_back(
    connection: sa.Connection, number: int, kept: int, before: dict[str, Any]
) -> None:
    for chunk in in_chunks(before["own"]):
        ours = (entity_names.c.entity == kept) & entity_names.c.folded.in_(chunk)
        connection.execute(sa.delete(entity_names).where(ours))
    there = set(_names(connection, number))
    rows = [
        {"folded": name.casefold(), "entity": number, "name": name}
        for name in before["names"]
        if name.casefold() not in there
    ]
    if rows:
        connection.execute(sa.insert(entity_names), rows)


def _names(connection: sa.Connection, number: int) -> dict[str, str]:
    query = sa.select(entity_names.c.folded, entity_names.c.name)
    return dict(connection.execute(query.where(entity_names.c.entity == number)).all())


def _number(connection: sa.Connection, key: str) -> int:
    query = sa.select(entities.c.number).where(entities.c.key == key)
    return int(connection.execute(query).scalar_one())
