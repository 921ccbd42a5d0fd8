"""Counts by day, kept as articles come: of each topic, cluster and entity on each day.

A change of an article marks its day as stale, in the transaction of the change; whoever asks for
counts has the stale days counted anew first. So a day is counted when it changed and at no other
time, and what is kept never differs from what counting the articles would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from store.database import in_chunks
from store.entities.entity_tables import entities
from store.schema import articles
from store.stories.story_tables import stories, story_articles
from store.tags.tag_tables import article_entities, article_topics
from store.work_tables import day_counts, stale_days

ALL = "all"
"""The kind under which all articles of a day are counted, with the key ""."""

KINDS = (ALL, "topic", "cluster", "entity")


def mark_days(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Note that the days of some articles have to be counted anew."""
    day = sa.func.date(articles.c.published)
    found: set[date] = set()
    for chunk in in_chunks(ids):
        query = sa.select(day).where(articles.c.id.in_(chunk), articles.c.published.is_not(None))
        found |= {as_date(value) for value in connection.scalars(query.distinct())}
    _mark(connection, sorted(found))


def count_stale(connection: sa.Connection, stale: Sequence[date]) -> None:
    """Count days anew; repeats of another article are left out."""
    for day in stale:
        here = day_counts.c.kind.in_(KINDS) & (day_counts.c.day == day)
        connection.execute(sa.delete(day_counts).where(here))
        rows = _counted(connection, day)
        if rows:
            connection.execute(sa.insert(day_counts), rows)
        connection.execute(sa.delete(stale_days).where(stale_days.c.day == day))


def stale(connection: sa.Connection) -> list[date]:
    """Return the days that have to be counted anew."""
    return list(connection.scalars(sa.select(stale_days.c.day).order_by(stale_days.c.day)))


def as_date(value: date | str) -> date:
    """Return a day as SQLite (text) or PostgreSQL (date) gives it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _mark(connection: sa.Connection, days: Sequence[date]) -> None:
    for chunk in in_chunks(days):
        connection.execute(sa.delete(stale_days).where(stale_days.c.day.in_(chunk)))
        connection.execute(sa.insert(stale_days), [{"day": day} for day in chunk])


def _counted(connection: sa.Connection, day: date) -> list[dict[str, Any]]:
    """Return the rows of a day: articles, stories and sources of each kind and key."""
    begin = datetime.combine(day, time.min, UTC)
    end = begin + timedelta(days=1)
    within = (
        articles.c.published >= begin,
        articles.c.published < end,
        articles.c.leader.is_(None),
    )
    # A story counts once a day; an article that is alone is a story of its own here.
    story_id = sa.case((stories.c.articles > 1, stories.c.id), else_=articles.c.id).label("story")
    joined = articles.join(
        story_articles, story_articles.c.article == articles.c.number, isouter=True
    ).join(stories, stories.c.id == story_articles.c.story, isouter=True)
    facts = sa.select(articles.c.number, articles.c.source, articles.c.cluster, story_id)
    found = connection.execute(facts.select_from(joined).where(*within)).all()
    source_of = {row.number: row.source for row in found}
    story_of = {row.number: row.story for row in found}
    topics = (
        sa.select(article_topics.c.topic, articles.c.number)
        .join(articles, articles.c.number == article_topics.c.article)
        .where(*within)
    )
    named = (
        sa.select(entities.c.key, articles.c.number)
        .select_from(article_entities)
        .join(articles, articles.c.number == article_entities.c.article)
        .join(entities, entities.c.number == article_entities.c.entity)
        .where(*within)
    )
    members: dict[tuple[str, str], list[int]] = {(ALL, ""): list(source_of)}
    for row in found:
        if row.cluster:
            members.setdefault(("cluster", row.cluster), []).append(row.number)
    for kind, query in (("topic", topics), ("entity", named)):
        for key, number in connection.execute(query):
            members.setdefault((kind, key), []).append(number)
    return [
        {
            "day": day,
            "kind": kind,
            "key": key,
            "articles": len(numbers),
            "stories": len({story_of[number] for number in numbers}),
            "sources": sorted({source_of[number] for number in numbers}),
        }
        for (kind, key), numbers in members.items()
        if numbers
    ]
