"""Which stories are told in a span of time, and by how many sources of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import sqlalchemy as sa

from models.stories import ToldStory
from store.database import Database, in_chunks
from store.schema import articles
from store.stories.story_tables import stories, story_articles
from store.tags.tag_tables import article_topics


class StoryDays:
    """Stories by when they are told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, since: datetime, until: datetime, topic: str = "") -> list[ToldStory]:
        """Return the stories with an article from `since` on and before `until`.

        What repeats another article counts as an article, but its source is no voice of its own.
        `quick` counts the sources of the story's first six hours.
        """
        hours = (since.timestamp() / 3600.0, until.timestamp() / 3600.0)
        here = story_articles.c
        own = sa.case((articles.c.leader.is_(None), articles.c.source))
        query = (
            sa.select(
                *(stories.c.id, stories.c.name, stories.c.first, stories.c.last, stories.c.pinned),
                stories.c.articles.label("all_articles"),
                sa.func.count().label("articles"),
                sa.func.count(sa.distinct(articles.c.source)).label("sources"),
                sa.func.count(sa.distinct(own)).label("voices"),
            )
            .join(story_articles, stories.c.id == here.story)
            .join(articles, articles.c.number == here.article)
            .where(here.hours >= hours[0], here.hours < hours[1], stories.c.articles > 1)
            .group_by(stories.c.id)
            .order_by(stories.c.id)
        )
        if topic:
            on_topic = sa.select(article_topics.c.article).where(article_topics.c.topic == topic)
            query = query.where(here.article.in_(on_topic))
        with self._database.reading() as connection:
            found = [ToldStory(**row) for row in connection.execute(query).mappings()]
            quick = self._quick(connection, [each.id for each in found])
        return [replace(each, quick=quick.get(each.id, 0)) for each in found]

    def newest(self, before: datetime, most: int) -> tuple[tuple[date, int], ...]:
        """Return the newest days with stories before a time, `most` of them.

        Each comes with how many stories are told in it.
        """
        here = story_articles.c
        told = sa.select(here.hours).join(stories, stories.c.id == here.story)
        told = told.where(stories.c.articles > 1)
        found: list[tuple[date, int]] = []
        until = before.timestamp() / 3600.0
        with self._database.reading() as connection:
            while len(found) < most:
                last = told.where(here.hours < until).order_by(here.hours.desc()).limit(1)
                newest = connection.scalar(last)
                if newest is None:
                    break
                start = newest // 24 * 24.0
                of_day = told.where(here.hours >= start, here.hours < until)
                counted = of_day.with_only_columns(sa.func.count(sa.distinct(here.story)))
                day = datetime.fromtimestamp(start * 3600.0, UTC).date()
                found.append((day, connection.scalar(counted) or 0))
                until = start
        return tuple(found)

    def _quick(self, connection: sa.Connection, ids: list[str]) -> dict[str, int]:
        """Return by story how many sources told it within six hours of its first article."""
        other = story_articles.alias("other")
        quick: dict[str, int] = {}
        for chunk in in_chunks(ids):
            begun = (
                sa.select(other.c.story, sa.func.min(other.c.hours).label("hours"))
                .where(other.c.story.in_(chunk))
                .group_by(other.c.story)
                .subquery()
            )
            query = (
                sa.select(begun.c.story, sa.func.count(sa.distinct(articles.c.source)))
                .join(story_articles, story_articles.c.story == begun.c.story)
                .join(articles, articles.c.number == story_articles.c.article)
                .where(story_articles.c.hours < begun.c.hours + 6.0)
                .group_by(begun.c.story)
            )
            quick |= dict(connection.execute(query).all())
        return quick
