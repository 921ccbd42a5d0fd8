"""Restores articles from Slugline's own exports, with tags, versions and corrections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.article import Article, Entry, Version
from models.exported import ExportedArticle
from models.feed import Feed
from models.revisions import Outcome
from models.tags import Tags
from store.changes import note_changed
from store.database import Database, in_chunks
from store.feed_rows import number_of
from store.removal.record import removed_among
from store.schema import article_versions, articles
from store.tags.repository import TagRepository
from store.tags.tag_tables import topic_corrections


class ExportedRepository:
    """Articles that come back from an export."""

    def __init__(self, database: Database, tags: TagRepository) -> None:
        self._database = database
        self._tags = tags

    def put(self, batch: Sequence[ExportedArticle]) -> Counter[Outcome]:
        """Take articles that the store does not know, and people's corrections of those it does.

        An article that is known keeps its text and its tags: an export is older than the store that
        it came from. A correction that the store has already is not changed either.
        """
        found = {one.article.id: one for one in batch}
        with self._database.writing() as connection:
            known = _known(connection, list(found))
            removed = removed_among(connection, [each for each in found if each not in known])
            fresh = [
                one
                for article_id, one in found.items()
                if article_id not in known and article_id not in removed
            ]
            feeds = {one.article.feed for one in fresh}
            numbers = {url: number_of(connection, Feed(url=url)) for url in sorted(feeds)}
            if fresh:
                rows = [_row(one, numbers[one.article.feed]) for one in fresh]
                connection.execute(sa.insert(articles), rows)
            known |= _known(connection, [one.article.id for one in fresh])
            versions = [
                _version_row(known[one.article.id], version)
                for one in fresh
                for version in one.versions
            ]
            if versions:
                connection.execute(sa.insert(article_versions), versions)
            said = _add_corrections(connection, known, batch)
            fresh_ids = {one.article.id for one in fresh}
            note_changed(connection, sorted(fresh_ids.union(said)))
        self._tags.put([_tags(one) for one in fresh if one.provenance.models])
        for one in fresh:
            if one.provenance.reviewed:
                self._tags.correct_mentions(one.article.id, one.mentions)
        self._tags.apply_corrections([each for each in said if each not in fresh_ids])
        counts = Counter({Outcome.NEW: len(fresh), Outcome.UNCHANGED: len(found) - len(fresh)})
        counts[Outcome.SEEN] += len(batch) - len(found)
        return counts


def _known(connection: sa.Connection, ids: Sequence[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for chunk in in_chunks(ids):
        query = sa.select(articles.c.id, articles.c.number).where(articles.c.id.in_(chunk))
        known |= {row.id: row.number for row in connection.execute(query)}
    return known


def _row(one: ExportedArticle, feed: int | None) -> dict[str, Any]:
    """Return what the table of articles keeps of an article of an export."""
    article = one.article
    return {
        "id": article.id,
        "url": article.url,
        "guid": one.provenance.guid,
        "title": article.title,
        "summary": article.summary,
        "body": article.body,
        "source": article.source,
        "feed": feed,
        "section": article.section,
        "categories": list(article.categories),
        "language": article.language,
        "published": article.published,
        "fetched": article.fetched,
        "version": article.version,
        "content_hash": _hash(article),
    }


def _version_row(number: int, version: Version) -> dict[str, Any]:
    return {
        "article": number,
        "number": version.number,
        "title": version.title,
        "summary": version.summary,
        "body": version.body,
        "content_hash": _hash(version),
        "seen": version.seen,
    }


def _hash(text: Article | Version) -> str:
    return Entry("", "", text.title, text.summary, body=text.body).content_hash


def _tags(one: ExportedArticle) -> Tags:
    article = one.article
    return Tags(
        article.id,
        article.version,
        article.language,
        one.mentions,
        one.topics,
        one.provenance.models,
        cluster=one.cluster,
    )


def _add_corrections(
    connection: sa.Connection, numbers: dict[str, int], batch: Sequence[ExportedArticle]
) -> list[str]:
    """Add the words on topics that the store does not have; return the ids of these articles."""
    wanted = {
        (numbers[one.article.id], topic): (one.article.id, fits)
        for one in batch
        for topic, fits in one.provenance.topics
    }
    for chunk in in_chunks(sorted({number for number, _ in wanted})):
        query = sa.select(topic_corrections.c.article, topic_corrections.c.topic)
        for row in connection.execute(query.where(topic_corrections.c.article.in_(chunk))):
            wanted.pop((row.article, row.topic), None)
    if wanted:
        made = datetime.now(UTC)
        connection.execute(
            sa.insert(topic_corrections),
            [
                {"article": number, "topic": topic, "fits": fits, "made": made}
                for (number, topic), (_, fits) in wanted.items()
            ],
        )
    return list(dict.fromkeys(article_id for article_id, _ in wanted.values()))
