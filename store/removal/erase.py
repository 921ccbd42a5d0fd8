"""Deletes articles from every table, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from store.changes import note_changed
from store.database import in_chunks
from store.day_counts import mark_days
from store.duplicates import forget_compared_after
from store.entities.entity_tables import entities, entity_names
from store.people.alert_tables import alert_matches
from store.removal.kept import take_off_lists
from store.schema import MOMENT, articles, distinct_articles, duplicates
from store.stories.members import refresh
from store.stories.story_tables import stories, story_articles
from store.tags.tag_tables import article_entities, mentions
from store.work_tables import journal

GONE = "of an article that was removed"


def erase(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Take articles out of the store, and tell the search index.

    What repeated one of them is led by the earliest that is left. A story is counted and named anew
    by what it keeps. Names that no article has any more go, too. What the journal says of the
    articles goes; that somebody changed something stays.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # overwrite, not only unlink
    mark_days(connection, ids)
    for chunk in in_chunks(ids):
        rows = connection.execute(
            sa.select(articles.c.number, articles.c.id, articles.c.title).where(
                articles.c.id.in_(chunk)
            )
        ).all()
        numbers = [row.number for row in rows]
        story_ids = _stories_of(connection, numbers)
        named = _forget_entities(connection, numbers)
        _hand_on_leads(connection, numbers)
        there = distinct_articles.c
        either = there.article.in_(numbers) | there.other.in_(numbers)
        connection.execute(sa.delete(distinct_articles).where(either))
        connection.execute(sa.delete(articles).where(articles.c.number.in_(numbers)))
        _mend_stories(connection, story_ids, [row.title for row in rows])
        _forget_unnamed(connection, named)
        take_off_lists(connection, [row.id for row in rows])
        gone = alert_matches.c.article_id.in_([row.id for row in rows])
        connection.execute(sa.delete(alert_matches).where(gone))
        _empty_journal(connection, [row.id for row in rows])
        note_changed(connection, [row.id for row in rows])
    forget_compared_after(connection)


def _hand_on_leads(connection: sa.Connection, gone: Sequence[int]) -> None:
    """Let the earliest article of each group that is left lead the others."""
    connection.execute(sa.delete(duplicates).where(duplicates.c.article.in_(gone)))
    query = (
        sa.select(articles.c.leader, articles.c.number, articles.c.id)
        .where(articles.c.leader.in_(gone), articles.c.number.not_in(gone))
        .order_by(articles.c.leader, MOMENT, articles.c.number)
    )
    groups: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        groups.setdefault(row.leader, []).append(row)
    connection.execute(sa.update(articles).where(articles.c.number.in_(gone)).values(leader=None))
    for first, *others in groups.values():
        connection.execute(sa.delete(duplicates).where(duplicates.c.article == first.number))
        here = articles.c.number == first.number
        connection.execute(sa.update(articles).where(here).values(leader=None))
        for chunk in in_chunks([row.number for row in others]):
            led = {"leader": first.number}
            connection.execute(
                sa.update(duplicates).where(duplicates.c.article.in_(chunk)).values(**led)
            )
            connection.execute(
                sa.update(articles).where(articles.c.number.in_(chunk)).values(**led)
            )
        note_changed(connection, [row.id for row in (first, *others)])


def _stories_of(connection: sa.Connection, numbers: Sequence[int]) -> list[str]:
    query = sa.select(story_articles.c.story).where(story_articles.c.article.in_(numbers))
    return list(connection.scalars(query.distinct()))


def _mend_stories(
    connection: sa.Connection, story_ids: Sequence[str], titles: Sequence[str]
) -> None:
    """Count stories anew; one that has a removed headline as its name takes another's."""
    names: dict[str, str] = {}
    for story in story_ids:
        left = connection.execute(
            sa.select(articles.c.id)
            .join(story_articles, story_articles.c.article == articles.c.number)
            .where(story_articles.c.story == story)
            .order_by(articles.c.published, articles.c.id)
            .limit(1)
        ).scalar()
        name = connection.scalar(sa.select(stories.c.name).where(stories.c.id == story))
        if left is None:
            connection.execute(sa.delete(stories).where(stories.c.id == story))
        elif name is not None and any(title.startswith(name) for title in titles):
            names[story] = left
    refresh(connection, story_ids, names=names)


def _forget_entities(connection: sa.Connection, numbers: Sequence[int]) -> list[int]:
    """Take articles off the counts of the entities that they name; return those entities."""
    n = sa.func.count()
    counted = (
        sa.select(article_entities.c.entity, n.label("n"))
        .where(article_entities.c.article.in_(numbers))
        .group_by(article_entities.c.entity)
    )
    rows = connection.execute(counted).all()
    if rows:
        connection.execute(
            sa.update(entities)
            .where(entities.c.number == sa.bindparam("of"))
            .values(articles=entities.c.articles - sa.bindparam("fewer"), unsettled=True),
            [{"of": row.entity, "fewer": row.n} for row in rows],
        )
    return [row.entity for row in rows]


def _forget_unnamed(connection: sa.Connection, numbers: Sequence[int]) -> None:
    """Forget entities that no article names any more, unless a person decided anything of them."""
    follower = entities.alias("follower")
    followed = sa.select(follower.c.number).where(follower.c.merged_into == entities.c.number)
    named = sa.select(mentions.c.article).where(mentions.c.entity == entities.c.number)
    decided = sa.select(journal.c.number).where(journal.c.subject == entities.c.key)
    for chunk in in_chunks(numbers):
        unnamed = connection.scalars(
            sa.select(entities.c.number).where(
                entities.c.number.in_(chunk),
                entities.c.articles <= 0,
                entities.c.merged_into.is_(None),
                ~entities.c.hidden,
                ~followed.exists(),
                ~named.exists(),
                ~decided.exists(),
            )
        ).all()
        connection.execute(sa.delete(entity_names).where(entity_names.c.entity.in_(unnamed)))
        connection.execute(sa.delete(entities).where(entities.c.number.in_(unnamed)))


def _empty_journal(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Leave of changes of the articles only who made them and when."""
    connection.execute(
        sa.update(journal)
        .where(journal.c.subject.in_(ids), journal.c.kind != "article-removed")
        .values(words=f"A change {GONE}.", before=sa.null())
    )
