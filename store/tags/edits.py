"""Corrections of an article's topics and mentions, and undoing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from models.journal import JournalEntry
from models.tags import Origin
from store.changes import note_changed
from store.database import in_chunks
from store.entities.entity_tables import entities
from store.schema import articles
from store.tags.tag_tables import (
    article_entities,
    article_topics,
    mentions,
    reviewed_mentions,
    topic_corrections,
)
from store.tags.topics import apply_corrections
from store.work_tables import journal

SAID = ("found", "spelled", "weight")
"""What `article_entities` keeps of what an article by itself says of a name."""


def topics_before(connection: sa.Connection, article_id: str, topic: str) -> dict[str, Any]:
    """Return what people and models say of an article's topics, before a person says more."""
    row = _article(connection, article_id)
    word = sa.select(topic_corrections.c.fits).where(
        topic_corrections.c.article == row.number, topic_corrections.c.topic == topic
    )
    said = sa.select(article_topics).where(article_topics.c.article == row.number)
    return {
        "topic": topic,
        "word": connection.scalar(word),
        "said": [[t.topic, t.score, t.origin] for t in connection.execute(said)],
        "tagged": row.tagged,
        "version": row.version,
    }


def restore_topics(
    connection: sa.Connection,
    article_id: str,
    before: dict[str, Any],
    earlier: Sequence[dict[str, Any] | None],
) -> None:
    """Take a person's word on a topic back, and show what models and other words leave.

    What models said is known from the first correction (`earlier`, oldest first) since the article
    was tagged; where it is not, the article is due to be tagged again.
    """
    row = _article(connection, article_id)
    topic = before["topic"]
    one = (topic_corrections.c.article == row.number) & (topic_corrections.c.topic == topic)
    connection.execute(sa.delete(topic_corrections).where(one))
    if before["word"] is not None:
        connection.execute(
            sa.insert(topic_corrections).values(
                article=row.number, topic=topic, fits=before["word"], made=datetime.now(UTC)
            )
        )
    state = (row.tagged, row.version)
    known = [each for each in earlier if each and (each["tagged"], each["version"]) == state]
    here = article_topics.c.article == row.number
    if row.tagged is None or not known:
        ours = here & (article_topics.c.topic == topic) & (article_topics.c.origin == Origin.PERSON)
        connection.execute(sa.delete(article_topics).where(ours))
        change = sa.update(articles).where(articles.c.number == row.number)
        connection.execute(change.values(tagged=None))
    else:
        connection.execute(sa.delete(article_topics).where(here))
        said = [each for each in known[0]["said"] if each[2] != Origin.PERSON]
        if said:
            connection.execute(
                sa.insert(article_topics),
                [
                    {"article": row.number, "topic": slug, "score": score, "origin": origin}
                    for slug, score, origin in said
                ],
            )
    apply_corrections(connection, row.number)
    note_changed(connection, [article_id])


def remove_mention(
    connection: sa.Connection, article_id: str, field: str, start: int, end: int
) -> dict[str, Any]:
    """Take a span's mentions away, now and in all tagging of this text to come."""
    row = _article(connection, article_id)
    here = (
        (mentions.c.article == row.number)
        & (mentions.c.field == field)
        & (mentions.c.start == start)
        & (mentions.c.end == end)
    )
    gone = [
        {"label": each.label, "entity": each.entity, "origin": each.origin}
        for each in connection.execute(sa.select(mentions).where(here))
    ]
    if not gone:
        raise NotFoundError("There is no mention at this place of the article.")
    connection.execute(sa.delete(mentions).where(here))
    named = _entities(connection, gone)
    said = said_by_itself(connection, [row.number], named)
    recount(connection, [row.number], named)
    reviewed = sa.select(reviewed_mentions.c.article).where(
        reviewed_mentions.c.article == row.number
    )
    was_reviewed = connection.scalar(reviewed) is not None
    if not was_reviewed:
        connection.execute(
            sa.insert(reviewed_mentions).values(article=row.number, made=datetime.now(UTC))
        )
    note_changed(connection, [article_id])
    return {
        "field": field,
        "start": start,
        "end": end,
        "rows": gone,
        "reviewed": was_reviewed,
        "version": row.version,
        "said": said,
    }


def restore_mention(connection: sa.Connection, entry: JournalEntry, before: dict[str, Any]) -> None:
    """Bring a span's mentions back; raises UsageError where the text is another by now."""
    row = _article(connection, entry.subject)
    if row.version != before["version"]:
        raise UsageError("The article's text has changed since; there is nothing to bring back.")
    place = {name: before[name] for name in ("field", "start", "end")}
    there = set(
        connection.scalars(
            sa.select(mentions.c.label).where(
                mentions.c.article == row.number,
                *(mentions.c[name] == value for name, value in place.items()),
            )
        )
    )
    back = [
        {**each, **place, "article": row.number, "entity": _leading(connection, each["entity"])}
        for each in before["rows"]
        if each["label"] not in there
    ]
    if back:
        connection.execute(sa.insert(mentions), back)
    recount(connection, [row.number], _entities(connection, back))
    say_again(connection, before.get("said", ()))
    others = sa.select(journal.c.number).where(
        journal.c.kind == "mention",
        journal.c.subject == entry.subject,
        journal.c.number != entry.number,
        journal.c.undone.is_(None),
    )
    if not before["reviewed"] and connection.scalar(others.limit(1)) is None:
        connection.execute(
            sa.delete(reviewed_mentions).where(reviewed_mentions.c.article == row.number)
        )
    note_changed(connection, [entry.subject])


def recount(
    connection: sa.Connection, article_numbers: Sequence[int], entity_numbers: Sequence[int]
) -> None:
    """Count how often articles name entities, and how many articles do, from the mentions.

    What the articles by themselves say of these names is kept.
    """
    for chunk in in_chunks(article_numbers):
        here = article_entities.c.article.in_(chunk)
        ours = article_entities.c.entity.in_(entity_numbers)
        said = said_by_itself(connection, chunk, entity_numbers)
        connection.execute(sa.delete(article_entities).where(here, ours))
        counted = (
            sa.select(
                mentions.c.entity,
                mentions.c.article,
                sa.func.count(),
                sa.func.max(mentions.c.origin),
            )
            .where(mentions.c.article.in_(chunk), mentions.c.entity.in_(entity_numbers))
            .group_by(mentions.c.entity, mentions.c.article)
        )
        columns = ["entity", "article", "count", "origin"]
        connection.execute(sa.insert(article_entities).from_select(columns, counted))
        say_again(connection, said)
    for number in entity_numbers:
        n = sa.select(sa.func.count()).where(article_entities.c.entity == number)
        change = sa.update(entities).where(entities.c.number == number)
        connection.execute(change.values(articles=n.scalar_subquery()))


def said_by_itself(
    connection: sa.Connection, article_numbers: Sequence[int], entity_numbers: Sequence[int]
) -> list[list[Any]]:
    """Return what articles by themselves say of entities: article, entity, found, name, weight."""
    columns = [article_entities.c[name] for name in ("article", "entity", *SAID)]
    query = sa.select(*columns).where(
        article_entities.c.article.in_(article_numbers),
        article_entities.c.entity.in_(entity_numbers),
        article_entities.c.found.is_not(None),
    )
    return [list(row) for row in connection.execute(query)]


def say_again(connection: sa.Connection, said: Sequence[Sequence[Any]]) -> None:
    """Bring back what articles said by themselves, at the entity that they found or have now."""
    for row in said:
        article, entity, found = row[:3]
        mine = article_entities.c.article == article
        for number in dict.fromkeys((found, entity)):
            here = mine & (article_entities.c.entity == number)
            values = dict(zip(SAID, row[2:], strict=True))
            unsaid = article_entities.c.found.is_(None)
            change = sa.update(article_entities).where(here, unsaid).values(values)
            if connection.execute(change).rowcount:
                break


def _entities(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
    numbers = {_leading(connection, row["entity"]) for row in rows}
    return sorted(number for number in numbers if number is not None)


def _leading(connection: sa.Connection, number: int | None) -> int | None:
    """Return an entity's number, or that of the one it was merged into meanwhile."""
    if number is None:
        return None
    query = sa.select(sa.func.coalesce(entities.c.merged_into, entities.c.number))
    found = connection.scalar(query.where(entities.c.number == number))
    return None if found is None else int(found)


def _article(connection: sa.Connection, article_id: str) -> Any:
    query = sa.select(articles.c.number, articles.c.version, articles.c.tagged)
    row = connection.execute(query.where(articles.c.id == article_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no article {article_id[:60]!r}.")
    return row
