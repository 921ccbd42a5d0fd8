"""Which articles a story has: reading, moving and counting them, within a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from store.database import in_chunks
from store.schema import MOMENT, articles
from store.stories.story_tables import stories, story_articles

LONGEST_NAME = 300

Assignments = dict[str, tuple[str, bool]]
"""By article: its story, and whether a person put it there."""


def refresh(
    connection: sa.Connection,
    touched: Iterable[str],
    grams: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[str, bool]:
    """Count the articles of stories anew; return those that show, and whether for the first time.

    `names` are articles whose headlines name the stories, where no person has.
    """
    grams, names = grams or {}, names or {}
    known: dict[str, bool] = {}
    shown: dict[str, bool] = {}
    for chunk in in_chunks(sorted(touched)):
        query = sa.select(stories.c.id, stories.c.named_by_person).where(stories.c.id.in_(chunk))
        known |= dict(connection.execute(query).all())
        figures = (
            sa.select(
                story_articles.c.story,
                sa.func.count().label("n"),
                sa.func.count(sa.distinct(articles.c.source)).label("sources"),
                sa.func.min(MOMENT).label("first"),
                sa.func.max(MOMENT).label("last"),
                sa.func.min(articles.c.title).label("title"),
            )
            .join(articles, articles.c.number == story_articles.c.article)
            .where(story_articles.c.story.in_(chunk))
            .group_by(story_articles.c.story)
        )
        counted = {row.story: row for row in connection.execute(figures)}
        titles = _titles(connection, [names[each] for each in chunk if each in names])
        new: list[dict[str, Any]] = []
        grown: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for story in chunk:
            row = counted.get(story)
            if row is None or (row.n < 2 and story not in known):
                continue
            values: dict[str, Any] = {
                "articles": row.n,
                "sources": row.sources,
                "first": row.first,
                "last": row.last,
            }
            if story in grams:
                values["gram"] = grams[story]
            title = titles.get(names.get(story, ""), "")
            if story not in known:
                values["name"] = (title or row.title)[:LONGEST_NAME]
                new.append({"id": story, "gram": grams.get(story, 0.0)} | values)
            else:
                if title and not known[story]:
                    values["name"] = title[:LONGEST_NAME]
                grown.setdefault(tuple(values), []).append(
                    {"changed": story, "merged_into": None} | values
                )
            if row.n > 1:
                shown[story] = story not in known
        _write(connection, new, grown)
    return shown


def _write(
    connection: sa.Connection,
    new: Sequence[dict[str, Any]],
    grown: Mapping[tuple[str, ...], Sequence[dict[str, Any]]],
) -> None:
    """Write new stories and those that changed, the latter by the columns that did."""
    if new:
        connection.execute(sa.insert(stories), new)
    change = sa.update(stories).where(stories.c.id == sa.bindparam("changed"))
    for rows in grown.values():
        connection.execute(change, list(rows))


def count_anew(connection: sa.Connection, left: Iterable[str], into: str) -> None:
    """Count stories that lost articles; one that has none left leads on to another."""
    refresh(connection, set(left))
    for story in left:
        if story != into and not members_of(connection, story):
            gone = sa.update(stories).where(stories.c.id == story)
            connection.execute(gone.values(articles=0, merged_into=into))


def _titles(connection: sa.Connection, ids: Sequence[str]) -> dict[str, str]:
    query = sa.select(articles.c.id, articles.c.title).where(articles.c.id.in_(list(ids)))
    return dict(connection.execute(query).all()) if ids else {}


def members_of(connection: sa.Connection, story: str) -> list[str]:
    """Return the articles of a story, the oldest first."""
    query = (
        sa.select(articles.c.id)
        .join(story_articles, story_articles.c.article == articles.c.number)
        .where(story_articles.c.story == story)
        .order_by(MOMENT, articles.c.id)
    )
    return list(connection.scalars(query))


def leading(connection: sa.Connection, story_id: str) -> str:
    """Return the id of a story, or of the one that took it in; raises NotFoundError."""
    query = sa.select(stories.c.id, stories.c.merged_into).where(stories.c.id == story_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no story {story_id[:60]!r}; `slugline stories list` shows them."
        )
    return leading(connection, row.merged_into) if row.merged_into else str(row.id)


def free_id(connection: sa.Connection, article: str) -> str:
    """Return an id for a story that begins with an article and was never given before."""
    for suffix in ("", "b", "c", "d", *(f"x{n}" for n in range(100))):
        story = f"{article}{suffix}"
        used = sa.select(story_articles.c.article).where(story_articles.c.story == story).limit(1)
        known = sa.select(stories.c.id).where(stories.c.id == story)
        if connection.scalar(used) is None and connection.scalar(known) is None:
            return story
    raise UsageError(f"Article {article} was taken out of stories too often.")


def give(connection: sa.Connection, ids: Sequence[str], story: str) -> None:
    """Move articles to a story."""
    numbers = sa.select(articles.c.number).where(articles.c.id.in_(list(ids)))
    change = sa.update(story_articles).where(story_articles.c.article.in_(numbers))
    connection.execute(change.values(story=story))


def settle(connection: sa.Connection, by_person: Mapping[str, bool]) -> None:
    """Remember of articles whether a person gave them their story."""
    for settled in (True, False):
        for chunk in in_chunks([each for each, said in by_person.items() if said is settled]):
            numbers = sa.select(articles.c.number).where(articles.c.id.in_(chunk))
            change = sa.update(story_articles).where(story_articles.c.article.in_(numbers))
            connection.execute(change.values(by_person=settled))


def assignments(connection: sa.Connection, ids: Sequence[str]) -> Assignments:
    """Return the story of each article that was given one, and whether a person gave it."""
    found: Assignments = {}
    for chunk in in_chunks(ids):
        query = (
            sa.select(articles.c.id, story_articles.c.story, story_articles.c.by_person)
            .join(story_articles, story_articles.c.article == articles.c.number)
            .where(articles.c.id.in_(chunk))
        )
        there = {row.id: (row.story, row.by_person) for row in connection.execute(query)}
        found |= {each: there[each] for each in chunk if each in there}
    return found


def assignments_of(connection: sa.Connection, story: str) -> Assignments:
    """Return the articles of a story, the oldest first, and whether a person gave each."""
    query = (
        sa.select(articles.c.id, story_articles.c.by_person)
        .join(story_articles, story_articles.c.article == articles.c.number)
        .where(story_articles.c.story == story)
        .order_by(MOMENT, articles.c.id)
    )
    return {name: (story, by_person) for name, by_person in connection.execute(query)}
