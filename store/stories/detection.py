"""What the detector of stories reads and writes: articles that are due, and the story of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from models.stories import StoryArticle
from store.changes import note_changed
from store.database import Database, in_chunks
from store.entities.entity_tables import entities
from store.schema import MOMENT, articles
from store.stories.edits import moved, split_off
from store.stories.members import refresh
from store.stories.story_tables import stories, story_articles, story_edits, story_terms
from store.tags.tag_tables import article_entities

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
class AssignedArticle:
    """The story that an article was given; `merged` are stories that this one took in with it."""

    article: str
    story: str
    hours: float
    terms: bytes
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MovedArticles:
    """Articles that a second look moved out of `story`: all of them, or with `split` a part."""

    story: str
    into: str
    articles: tuple[str, ...]
    split: bool = False


class StoryDetection:
    """The articles that are due or still compared with, and what was found for each."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        found: Sequence[AssignedArticle],
        grams: Mapping[str, float],
        names: Mapping[str, str],
        counted: tuple[int, bytes],
        reviewed: Sequence[MovedArticles] = (),
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
