"""Stories: which articles tell of one event, as found in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError
from models.stories import Story, StoryArticle, StoryMember
from store.changes import note_changed
from store.database import Database, in_chunks
from store.entities.entity_tables import entities
from store.schema import MOMENT, articles
from store.stories.days import StoryDays
from store.stories.edits import StoryEdits, moved, split_off
from store.stories.members import refresh
from store.stories.story_tables import stories, story_articles, story_edits, story_terms
from store.tags.tag_tables import article_entities, article_topics

LIVE_AT_ONCE = 4096
"""Live articles that are read at once: with their terms, those of a month are 50 MB."""


@dataclass(frozen=True, slots=True)
class LiveArticle:
    """An article that new ones are compared with; `terms` as the detector packed them."""

    id: str
    story: str
    hours: float
    language: str
    source: str
    terms: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """The story that an article was given; `merged` are stories that this one took in with it."""

    article: str
    story: str
    hours: float
    terms: bytes
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Articles that a second look moved out of `story`: all of them, or with `split` a part."""

    story: str
    into: str
    articles: tuple[str, ...]
    split: bool = False


class StoryRepository:
    """Stories by id, and the story of each article."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.edits = StoryEdits(database)
        self.days = StoryDays(database)

    # what the detector reads and writes

    def due(self) -> list[int]:
        """Return the numbers of tagged articles that have no story yet, in the order of time."""
        there = sa.select(story_articles.c.article)
        query = (
            sa.select(articles.c.number)
            .where(articles.c.tagged.is_not(None), articles.c.number.not_in(there))
            .order_by(MOMENT, articles.c.id)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def count_due(self) -> int:
        """Return how many tagged articles have no story yet."""
        there = sa.select(story_articles.c.article)
        query = sa.select(sa.func.count()).select_from(articles)
        query = query.where(articles.c.tagged.is_not(None), articles.c.number.not_in(there))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def read(self, numbers: Sequence[int]) -> list[StoryArticle]:
        """Return articles by number, in this order."""
        found: dict[int, StoryArticle] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(numbers):
                named: dict[int, list[str]] = {}
                query = (
                    sa.select(article_entities.c.article, entities.c.key)
                    .join(entities, entities.c.number == article_entities.c.entity)
                    .where(article_entities.c.article.in_(chunk), ~entities.c.hidden)
                )
                for number, key in connection.execute(query):
                    named.setdefault(number, []).append(key)
                here = articles.c
                texts = sa.select(
                    *(here.number, here.id, here.title, here.summary, here.source, here.language),
                    MOMENT,
                ).where(here.number.in_(chunk))
                for row in connection.execute(texts):
                    found[row[0]] = StoryArticle(*row[1:], entities=tuple(named.get(row[0], ())))
        return [found[number] for number in numbers if number in found]

    def live(self, since_hours: float) -> Iterator[list[LiveArticle]]:
        """Give the articles from a time on (hours since 1970) by pieces, in the order of time."""
        query = (
            sa.select(
                articles.c.id,
                story_articles.c.story,
                story_articles.c.hours,
                articles.c.language,
                articles.c.source,
                story_articles.c.terms,
            )
            .join(articles, articles.c.number == story_articles.c.article)
            .where(story_articles.c.hours >= since_hours, story_articles.c.terms.is_not(None))
            .order_by(story_articles.c.hours, articles.c.id)
        )
        with self._database.reading() as connection:
            streamed = connection.execution_options(yield_per=LIVE_AT_ONCE).execute(query)
            for rows in streamed.partitions():
                yield [LiveArticle(*row) for row in rows]

    def sizes(self) -> dict[str, tuple[int, float]]:
        """Return the size and the sum of cosines of each story of two articles or more."""
        query = sa.select(stories.c.id, stories.c.articles, stories.c.gram).where(
            stories.c.merged_into.is_(None)
        )
        with self._database.reading() as connection:
            return {name: (size, gram) for name, size, gram in connection.execute(query)}

    def counts(self) -> tuple[int, bytes]:
        """Return of how many articles the terms were counted, and the counts as they were put."""
        query = sa.select(story_terms.c.articles, story_terms.c.counts)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return (row.articles, row.counts) if row else (0, b"")

    def put(
        self,
        found: Sequence[Found],
        grams: Mapping[str, float],
        names: Mapping[str, str],
        counted: tuple[int, bytes],
        reviewed: Sequence[Moved] = (),
    ) -> int:
        """Write the stories of a batch in one transaction; return how many articles have one.

        `grams` are sums of cosines by story, `names` the article whose headline names a story,
        `reviewed` what a second look changed after that, in its order.
        What was merged keeps its id as a way to the story that took it in. An article whose story
        shows goes to the change queue.
        """
        with self._database.writing() as connection:
            numbers = _numbers(connection, [each.article for each in found])
            taken = [each for each in found if each.article in numbers]
            given = set(numbers.values())
            for chunk in in_chunks(list(given)):
                connection.execute(
                    sa.delete(story_articles).where(story_articles.c.article.in_(chunk))
                )
            rows = [
                {
                    "article": numbers[each.article],
                    "story": each.story,
                    "hours": each.hours,
                    "terms": each.terms,
                }
                for each in taken
            ]
            if rows:
                connection.execute(sa.insert(story_articles), rows)
            changed = []
            for each in taken:
                for gone in each.merged:
                    changed += moved(connection, gone, each.story, by_person=False)
            for move in reviewed:
                if move.split:
                    split_off(connection, move.story, move.into, move.articles)
                    changed += move.articles
                else:
                    changed += moved(connection, move.story, move.into, by_person=False)
            now = _stories_of(connection, numbers)
            touched = set(now.values()) | {move.into for move in reviewed}
            touched |= {move.story for move in reviewed if move.split}
            grown = refresh(connection, touched, grams, names)
            changed += _members_of_new(connection, grown)
            changed += [each.article for each in taken if now[each.article] in grown]
            note_changed(connection, list(dict.fromkeys(changed)))
            connection.execute(sa.delete(story_terms))
            connection.execute(
                sa.insert(story_terms).values(number=1, articles=counted[0], counts=counted[1])
            )
        return len(taken)

    def forget_terms(self, before_hours: float) -> None:
        """Drop the terms of articles that are too old to be compared with."""
        old = (story_articles.c.hours < before_hours) & story_articles.c.terms.is_not(None)
        with self._database.writing() as connection:
            connection.execute(sa.update(story_articles).where(old).values(terms=None))

    def forget_all(self) -> int:
        """Forget which story an article has, but for those that a person gave; return how many.

        Stories that a person named or pinned stay, with what a person put there.
        """
        with self._database.writing() as connection:
            query = sa.select(story_articles.c.article).where(~story_articles.c.by_person)
            there = articles.c.number.in_(query)
            note_changed(
                connection, list(connection.scalars(sa.select(articles.c.id).where(there)))
            )
            gone = connection.execute(
                sa.delete(story_articles).where(~story_articles.c.by_person)
            ).rowcount
            kept = sa.select(story_articles.c.story)
            # An id that was merged into a story that stays leads there still.
            leads_on = sa.func.coalesce(stories.c.merged_into, "").in_(kept)
            connection.execute(sa.delete(stories).where(stories.c.id.not_in(kept) & ~leads_on))
            connection.execute(sa.delete(story_edits).where(~story_edits.c.by_person))
            connection.execute(sa.delete(story_terms))
        return gone

    def leading(self, story_id: str) -> str:
        """Return the id of the story that a story was merged into, or its own."""
        query = sa.select(stories.c.merged_into).where(stories.c.id == story_id)
        with self._database.reading() as connection:
            return connection.scalar(query) or story_id

    # what people see

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


def _numbers(connection: sa.Connection, ids: Sequence[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for chunk in in_chunks(ids):
        query = sa.select(articles.c.id, articles.c.number).where(articles.c.id.in_(chunk))
        numbers |= dict(connection.execute(query).all())
    return numbers


def _stories_of(connection: sa.Connection, numbers: Mapping[str, int]) -> dict[str, str]:
    """Return the story of each article, given by id and number."""
    found: dict[int, str] = {}
    for chunk in in_chunks(list(numbers.values())):
        query = sa.select(story_articles.c.article, story_articles.c.story)
        found |= dict(connection.execute(query.where(story_articles.c.article.in_(chunk))).all())
    return {name: found[number] for name, number in numbers.items()}


def _members_of_new(connection: sa.Connection, grown: Mapping[str, bool]) -> list[str]:
    """Return the articles of stories that show for the first time."""
    new = [story for story, first in grown.items() if first]
    found: list[str] = []
    for chunk in in_chunks(new):
        query = (
            sa.select(articles.c.id)
            .join(story_articles, story_articles.c.article == articles.c.number)
            .where(story_articles.c.story.in_(chunk))
        )
        found += connection.scalars(query)
    return found
