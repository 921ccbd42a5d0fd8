"""Stories as people see them: their names, articles and days; finding them is in `detection`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError
from models.stories import Story, StoryMember
from store.database import Database, in_chunks
from store.entities.entity_tables import entities
from store.schema import MOMENT, articles
from store.stories.days import StoryDays
from store.stories.detection import StoryDetection
from store.stories.edits import StoryEdits
from store.stories.story_tables import stories, story_articles
from store.tags.tag_tables import article_entities, article_topics


class StoryRepository:
    """Stories by id, and the story of each article; `detection` is what finding them needs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.detection = StoryDetection(database)
        self.edits = StoryEdits(database)
        self.days = StoryDays(database)

    def leading(self, story_id: str) -> str:
        """Return the id of the story that a story was merged into, or its own."""
        query = sa.select(stories.c.merged_into).where(stories.c.id == story_id)
        with self._database.reading() as connection:
            return connection.scalar(query) or story_id

    def all(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        topic: str = "",
        limit: int | None = None,
    ) -> tuple[tuple[Story, ...], int]:
        """Return stories told from `since` on and before `until`, largest first, and their number.

        A `topic` is one that an article of the story has.
        """
        query = sa.select(stories).where(stories.c.merged_into.is_(None), stories.c.articles > 1)
        if since is not None:
            query = query.where(stories.c.last >= since)
        if until is not None:
            query = query.where(stories.c.first < until)
        if topic:
            on_topic = (
                sa.select(story_articles.c.story)
                .join(article_topics, article_topics.c.article == story_articles.c.article)
                .where(article_topics.c.topic == topic)
            )
            query = query.where(stories.c.id.in_(on_topic))
        with self._database.reading() as connection:
            total = connection.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
            ordered = query.order_by(
                stories.c.sources.desc(), stories.c.articles.desc(), stories.c.id
            )
            rows = connection.execute(ordered.limit(limit)).mappings()
            return tuple(_story(row) for row in rows), total

    def get(self, story_id: str) -> Story:
        """Return a story, or the one that it was merged into; raises NotFoundError."""
        with self._database.reading() as connection:
            seen: set[str] = set()
            while story_id not in seen:
                seen.add(story_id)
                query = sa.select(stories).where(stories.c.id == story_id)
                row = connection.execute(query).mappings().one_or_none()
                if row is None:
                    break
                if not row["merged_into"]:
                    return _story(row)
                story_id = row["merged_into"]
        raise NotFoundError(
            f"There is no story {story_id[:60]!r}; `slugline stories list` shows them."
        )

    def members(self, story_id: str) -> tuple[StoryMember, ...]:
        """Return the articles of a story, in the order of time."""
        leader, here = articles.alias("leader"), articles.c
        query = (
            sa.select(
                *(here.id, here.url, here.title, here.summary, here.source, here.language),
                MOMENT,
                sa.func.coalesce(leader.c.id, ""),
            )
            .join(story_articles, story_articles.c.article == here.number)
            .join(leader, leader.c.number == here.leader, isouter=True)
            .where(story_articles.c.story == story_id)
            .order_by(MOMENT, here.id)
        )
        with self._database.reading() as connection:
            return tuple(StoryMember(*row) for row in connection.execute(query))

    def entities(self, story_id: str, limit: int = 20) -> list[tuple[str, str, int]]:
        """Return who is named in a story: key, name and articles, most often named first."""
        number = sa.func.count().label("n")
        query = (
            sa.select(entities.c.key, entities.c.name, number)
            .join(article_entities, article_entities.c.entity == entities.c.number)
            .join(story_articles, story_articles.c.article == article_entities.c.article)
            .where(story_articles.c.story == story_id, ~entities.c.hidden)
            .group_by(entities.c.number)
            .order_by(number.desc(), entities.c.key)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [(key, name, n) for key, name, n in connection.execute(query)]

    def of(self, article_ids: Sequence[str]) -> dict[str, str]:
        """Return the stories of those articles that have one with others in it."""
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(article_ids):
                query = (
                    sa.select(articles.c.id, stories.c.id)
                    .join(story_articles, story_articles.c.article == articles.c.number)
                    .join(stories, stories.c.id == story_articles.c.story)
                    .where(articles.c.id.in_(chunk), stories.c.articles > 1)
                )
                found |= dict(connection.execute(query).all())
        return found

    def names(self, story_ids: Sequence[str]) -> dict[str, str]:
        """Return the names of stories by id."""
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(story_ids):
                query = sa.select(stories.c.id, stories.c.name).where(stories.c.id.in_(chunk))
                found |= dict(connection.execute(query).all())
        return found

    def count(self) -> int:
        """Return how many stories there are."""
        query = sa.select(sa.func.count()).select_from(stories)
        query = query.where(stories.c.merged_into.is_(None), stories.c.articles > 1)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0


def _story(row: Mapping[str, Any] | sa.RowMapping) -> Story:
    return Story(
        id=row["id"],
        name=row["name"],
        articles=row["articles"],
        sources=row["sources"],
        first=row["first"].astimezone(UTC),
        last=row["last"].astimezone(UTC),
        named_by_person=row["named_by_person"],
        pinned=row["pinned"],
        merged_into=row["merged_into"] or "",
    )
