"""Reads articles with their tags, story and cluster, for pages and exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from models.article import Article
from models.stories import StoryName
from models.tags import EntityCount, Origin, TaggedArticle, TopicScore
from store.clusters import shown_cluster
from store.database import in_chunks
from store.entities.entity_tables import entities
from store.people.rule_tables import muted_articles
from store.schema import articles, feeds
from store.stories.story_tables import stories, story_articles
from store.tags.tag_tables import article_entities, article_topics

# Made once: to put such a statement together takes longer than to ask for the rows of a page.
_leader = articles.alias("leader")
_ARTICLES_BY_ID = (
    sa.select(
        *(
            articles.c[name]
            for name in (
                *("number", "id", "url", "title", "summary", "body", "source", "section"),
                *("categories", "language", "published", "published_doubt", "fetched"),
                "version",
            )
        ),
        shown_cluster.label("cluster"),
        sa.func.coalesce(feeds.c.url, "").label("feed"),
        _leader.c.id.label("duplicate_of"),
        stories.c.id.label("story"),
        stories.c.name.label("story_name"),
        sa.exists().where(muted_articles.c.article_id == articles.c.id).label("muted"),
    )
    .join(feeds, feeds.c.number == articles.c.feed, isouter=True)
    .join(_leader, _leader.c.number == articles.c.leader, isouter=True)
    .join(story_articles, story_articles.c.article == articles.c.number, isouter=True)
    .join(
        stories,
        (stories.c.id == story_articles.c.story) & (stories.c.articles > 1),
        isouter=True,
    )
    .where(articles.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_TOPICS = (
    sa.select(article_topics)
    .where(article_topics.c.article.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(article_topics.c.score.desc(), article_topics.c.topic)
)
_ENTITIES = (
    sa.select(
        article_entities.c.article,
        entities.c.key,
        entities.c.name,
        entities.c.type,
        article_entities.c.count,
        article_entities.c.origin,
    )
    .join(entities, entities.c.number == article_entities.c.entity)
    .where(article_entities.c.article.in_(sa.bindparam("numbers", expanding=True)))
    .where(~entities.c.hidden)
    .order_by(article_entities.c.count.desc(), entities.c.key)
)


def tagged_articles(connection: sa.Connection, ids: Sequence[str]) -> list[TaggedArticle]:
    """Return articles with their tags, in the order of `ids`; unknown ids are left out."""
    rows: dict[str, Mapping[str, Any]] = {}
    for chunk in in_chunks(ids):
        found = connection.execute(_ARTICLES_BY_ID, {"ids": chunk})
        rows |= {row["id"]: row for row in found.mappings()}
    numbers = [row["number"] for row in rows.values()]
    topics = _topics(connection, numbers)
    named = _entities(connection, numbers)
    return [
        TaggedArticle(
            _article(rows[article_id]),
            tuple(topics.get(rows[article_id]["number"], ())),
            tuple(named.get(rows[article_id]["number"], ())),
            rows[article_id]["cluster"],
            _story(rows[article_id]),
            muted=bool(rows[article_id]["muted"]),
        )
        for article_id in ids
        if article_id in rows
    ]


def _story(row: Mapping[str, Any]) -> StoryName | None:
    return StoryName(row["story"], row["story_name"]) if row["story"] else None


def _article(row: Mapping[str, Any]) -> Article:
    """Make an article of a row of the table and its joins."""
    return Article(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        body=row["body"],
        source=row["source"],
        feed=row["feed"],
        section=row["section"],
        language=row["language"],
        published=row["published"],
        fetched=row["fetched"],
        version=row["version"],
        duplicate_of=row["duplicate_of"],
        categories=tuple(row["categories"]),
        published_doubt=row["published_doubt"],
    )


def _topics(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, list[TopicScore]]:
    topics: dict[int, list[TopicScore]] = {}
    for chunk in in_chunks(numbers):
        for number, topic, score, origin in connection.execute(_TOPICS, {"numbers": chunk}):
            topics.setdefault(number, []).append(TopicScore(topic, score, Origin(origin)))
    return topics


def _entities(connection: sa.Connection, numbers: Sequence[int]) -> dict[int, list[EntityCount]]:
    """Return the entities of articles by the article's number, most often named first."""
    named: dict[int, list[EntityCount]] = {}
    for chunk in in_chunks(numbers):
        rows = connection.execute(_ENTITIES, {"numbers": chunk})
        for number, key, name, kind, count, origin in rows:
            named.setdefault(number, []).append(EntityCount(key, name, kind, count, Origin(origin)))
    return named
