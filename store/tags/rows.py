"""The rows of tags: writing, counting and deleting them within a transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from models.tags import Due, EntityName, Mention, Tags
from store.database import in_chunks
from store.entities.entity_tables import entities
from store.entities.numbers import Number
from store.schema import articles
from store.tags.tag_tables import article_entities, article_topics, mentions, reviewed_mentions


def due_of(connection: sa.Connection, key: sa.Column[Any], values: Sequence[Any]) -> Iterator[Due]:
    """Yield what tagging reads of those articles with a key among `values` that are due."""
    for chunk in in_chunks(values):
        query = (
            sa.select(
                articles.c.id,
                articles.c.version,
                articles.c.title,
                articles.c.summary,
                articles.c.claimed_language,
                articles.c.section,
                articles.c.categories,
            )
            .where(articles.c.tagged.is_(None), key.in_(chunk))
            .order_by(articles.c.number)
        )
        for row in connection.execute(query):
            yield Due(*row[:6], categories=tuple(row.categories))


MARK_TAGGED = (
    sa.update(articles)
    .where(articles.c.number == sa.bindparam("of"))
    .values(
        tagged=sa.bindparam("stamp"),
        language=sa.bindparam("tongue"),
        tag_note=sa.bindparam("note"),
        cluster=sa.bindparam("group"),
    )
)


def tagged_row(
    numbers: Mapping[str, int], tags: Tags, leading: Mapping[str, str]
) -> dict[str, Any]:
    """Return what `MARK_TAGGED` needs of an article."""
    return {
        "of": numbers[tags.article_id],
        "stamp": tags.stamp,
        "tongue": tags.language,
        "note": tags.note,
        "group": leading.get(tags.cluster, ""),
    }


def numbers_of_versions(connection: sa.Connection, tagged: Sequence[Tags]) -> dict[str, int]:
    """Return the numbers of those articles that are still in the version that was tagged."""
    versions = {tags.article_id: tags.version for tags in tagged}
    numbers: dict[str, int] = {}
    for chunk in in_chunks(list(versions)):
        query = sa.select(articles.c.id, articles.c.number, articles.c.version).where(
            articles.c.id.in_(chunk)
        )
        numbers |= {
            article_id: number
            for article_id, number, version in connection.execute(query)
            if versions[article_id] == version
        }
    return numbers


def names_in(tagged: Sequence[Tags]) -> dict[EntityName, set[str]]:
    """Return the names that were found, with the texts that stood for each."""
    names: dict[EntityName, set[str]] = {}
    for tags in tagged:
        for mention in tags.mentions:
            if mention.entity:
                names.setdefault(mention.entity, set()).add(mention.text)
    return names


def reviewed(connection: sa.Connection, numbers: Mapping[str, int]) -> set[str]:
    """Return the ids of those articles whose mentions a person went over."""
    ids = {number: article_id for article_id, number in numbers.items()}
    found: set[str] = set()
    for chunk in in_chunks(list(ids)):
        query = sa.select(reviewed_mentions.c.article).where(reviewed_mentions.c.article.in_(chunk))
        found |= {ids[number] for number in connection.scalars(query)}
    return found


def clear(connection: sa.Connection, numbers: Sequence[int]) -> None:
    """Take the old tags away, and what they added to the counts of entities."""
    clear_mentions(connection, numbers)
    for chunk in in_chunks(numbers):
        connection.execute(sa.delete(article_topics).where(article_topics.c.article.in_(chunk)))


def clear_mentions(connection: sa.Connection, numbers: Sequence[int]) -> None:
    """Take the mentions of articles away, and what they added to the counts of entities."""
    for chunk in in_chunks(numbers):
        here = article_entities.c.article.in_(chunk)
        query = (
            sa.select(article_entities.c.entity, sa.func.count())
            .where(here)
            .group_by(article_entities.c.entity)
        )
        lost = [{"of": entity, "n": -n} for entity, n in connection.execute(query)]
        count(connection, lost)
        connection.execute(sa.delete(article_entities).where(here))
        connection.execute(sa.delete(mentions).where(mentions.c.article.in_(chunk)))


def count(connection: sa.Connection, by_entity: Sequence[Mapping[str, int]]) -> None:
    """Add articles to the counts of entities; their names have to be settled anew."""
    if by_entity:
        connection.execute(
            sa.update(entities)
            .where(entities.c.number == sa.bindparam("of"))
            .values(articles=entities.c.articles + sa.bindparam("n"), unsettled=True),
            list(by_entity),
        )


def mention_rows(
    number: int, said: Sequence[Mention], known: Mapping[str, Number]
) -> list[dict[str, Any]]:
    """Return the rows of an article's mentions; `known` has their entities by key."""
    return [
        {
            "article": number,
            "field": mention.field,
            "start": mention.start,
            "end": mention.end,
            "label": mention.label,
            "entity": known[mention.entity.key].leading if mention.entity else None,
            "origin": mention.origin,
        }
        for mention in said
    ]


def entity_rows(
    number: int, said: Sequence[Mention], known: Mapping[str, Number]
) -> list[dict[str, Any]]:
    """Return a row for each entity of an article: what its firmest mention says, and how often."""
    rows: dict[int, dict[str, Any]] = {}
    firmest = sorted(said, key=lambda mention: -mention.belief)
    for name, mention in ((each.entity, each) for each in firmest if each.entity):
        found, leading = known[name.key]
        row = rows.setdefault(
            leading,
            {
                "article": number,
                "entity": leading,
                "count": 0,
                "found": found,
                "spelled": name.name,
                "weight": max(1, round(100 * mention.belief)),
            },
        )
        row["count"] += 1
    for mention in said:
        if mention.entity:
            rows[known[mention.entity.key].leading]["origin"] = mention.origin
    return list(rows.values())
