"""Articles over time: counted by topic, cluster and entity, within stretches of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from store.database import Database
from store.schema import article_entities, article_topics, articles, clusters, entities


class TrendRepository:
    """Counts of articles by day of publication (UTC); repeats of another article are left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_day(self, now: datetime) -> date | None:
        """Return the newest day with articles, of those that are not in the future."""
        query = sa.select(sa.func.max(articles.c.published)).where(articles.c.published <= now)
        with self._database.reading() as connection:
            newest = connection.scalar(query)
        return newest.date() if newest else None

    def counts(
        self, kind: str, before: date, since: date, until: date
    ) -> list[tuple[str, str, int, int]]:
        """Return (key, name, articles from `since` to `until`, articles from `before` on).

        The second count ends where the first begins; `until` is included. The name of a topic is
        its slug. What has no article in the first is left out.
        """
        recent = sa.func.sum(sa.case((articles.c.published >= _midnight(since), 1), else_=0))
        key, joined, name = _keyed(kind)
        counted = (
            sa.select(key.label("key"), recent.label("now"), sa.func.count().label("n"))
            .select_from(joined)
            .where(*_within(before, until))
            .group_by(key)
            .having(recent > 0)
            .subquery()
        )
        query = name(counted)
        with self._database.reading() as connection:
            return [
                (str(row.key), str(row.name), int(row.now), int(row.n) - int(row.now))
                for row in connection.execute(query)
            ]

    def days(self, before: date, until: date) -> dict[date, int]:
        """Return all articles by day, both days included."""
        day = sa.func.date(articles.c.published)
        query = (
            sa.select(day, sa.func.count())
            .where(*_within(before, until))
            .group_by(day)
            .order_by(day)
        )
        with self._database.reading() as connection:
            return {_date(value): n for value, n in connection.execute(query)}

    def days_of(
        self, kind: str, keys: Sequence[str], before: date, until: date
    ) -> dict[str, Mapping[date, int]]:
        """Return the articles by day of each key."""
        found: dict[str, dict[date, int]] = {key: {} for key in keys}
        day = sa.func.date(articles.c.published)
        key, joined = _by_key(kind)
        query = (
            sa.select(key, day, sa.func.count())
            .select_from(joined)
            .where(*_within(before, until), key.in_(list(keys)))
            .group_by(key, day)
        )
        with self._database.reading() as connection:
            for value, when, n in connection.execute(query):
                found[value][_date(when)] = n
        return dict(found)

    def sources_of(
        self, kind: str, keys: Sequence[str], since: date, until: date
    ) -> dict[str, int]:
        """Return in articles of how many publishers each key is."""
        key, joined = _by_key(kind)
        query = (
            sa.select(key, sa.func.count(sa.distinct(articles.c.source)))
            .select_from(joined)
            .where(*_within(since, until), key.in_(list(keys)))
            .group_by(key)
        )
        with self._database.reading() as connection:
            found: dict[str, int] = dict(connection.execute(query).all())
        return {key: found.get(key, 0) for key in keys}

    def sources(self, since: date, until: date) -> int:
        """Return how many publishers there are articles of."""
        query = sa.select(sa.func.count(sa.distinct(articles.c.source)))
        with self._database.reading() as connection:
            return connection.scalar(query.where(*_within(since, until))) or 0


def _by_key(kind: str) -> tuple[sa.ColumnElement[Any], sa.FromClause]:
    """Return the key that others know, and the tables that it is in."""
    key, joined, _ = _keyed(kind)
    if kind == "entity":
        joined = joined.join(entities, entities.c.number == article_entities.c.entity)
        return entities.c.key, joined
    return key, joined


def _keyed(kind: str) -> tuple[sa.ColumnElement[Any], sa.FromClause, Any]:
    """Return what is counted, from which tables, and what puts names to the counts."""
    if kind == "topic":
        joined = articles.join(article_topics, article_topics.c.article == articles.c.number)
        return article_topics.c.topic, joined, _topics_named
    if kind == "cluster":
        return articles.c.cluster, articles, _clusters_named
    joined = articles.join(article_entities, article_entities.c.article == articles.c.number)
    return article_entities.c.entity, joined, _entities_named


def _topics_named(counted: sa.Subquery) -> sa.Select[Any]:
    return sa.select(counted.c.key, counted.c.key.label("name"), counted.c.now, counted.c.n)


def _clusters_named(counted: sa.Subquery) -> sa.Select[Any]:
    return (
        sa.select(counted.c.key, clusters.c.name, counted.c.now, counted.c.n)
        .join(clusters, clusters.c.id == counted.c.key)
        .where(~clusters.c.hidden)
    )


def _entities_named(counted: sa.Subquery) -> sa.Select[Any]:
    return (
        sa.select(entities.c.key, entities.c.name, counted.c.now, counted.c.n)
        .join(entities, entities.c.number == counted.c.key)
        .where(~entities.c.hidden)
    )


def _within(before: date, until: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        articles.c.published >= _midnight(before),
        articles.c.published < _midnight(until + timedelta(days=1)),
        articles.c.leader.is_(None),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _date(value: date | str) -> date:
    """Return a day as SQLite (text) or PostgreSQL (date) gives it."""
    return value if isinstance(value, date) else date.fromisoformat(value)
