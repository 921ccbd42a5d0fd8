"""The repository of articles and their earlier versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.article import Article, Entry, Version
from models.errors import NotFoundError
from models.feed import Feed
from models.revisions import Outcome, StoredState, decide
from models.tags import TaggedArticle
from store.changes import note_changed
from store.database import Database, in_chunks
from store.day_counts import mark_days
from store.dialects.postgresql import insert_rows
from store.feed_rows import number_of
from store.removal.record import removed_among
from store.schema import article_versions, articles
from store.tagged_articles import tagged_articles
from store.tags.tag_tables import mentions, reviewed_mentions

PAGE = 1000
"""Rows fetched at a time where all articles are walked."""


class ArticleRepository:
    """Articles by their id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, entries: Sequence[Entry], feed: Feed, now: datetime) -> Counter[Outcome]:
        """Take entries of one feed, in one transaction, and count what became of them.

        `now` is when this run of ingest began. An article that is new or has a new version is due
        for tagging and noted in the change queue. One that was removed for good is left out, and
        counts as unchanged.
        """
        outcomes: Counter[Outcome] = Counter()
        with self._database.writing() as connection:
            feed_number = number_of(connection, feed)
            known = _known(connection, [entry.id for entry in entries])
            removed = removed_among(connection, [e.id for e in entries if e.id not in known])
            added: dict[str, dict[str, Any]] = {}
            changed: list[str] = []
            for entry in entries:
                if entry.id in removed:
                    outcomes[Outcome.UNCHANGED] += 1
                    continue
                outcome = decide(entry, known.get(entry.id), now)
                outcomes[outcome] += 1
                if outcome is Outcome.NEW:
                    added[entry.id] = _row(entry, feed_number, now)
                    known[entry.id] = StoredState(entry.content_hash, frozenset(), 1, now)
                elif outcome is Outcome.UPDATED:
                    if entry.id in added:
                        _insert(connection, added)
                    mark_days(connection, [entry.id])  # it may be of another day from now on
                    known[entry.id] = _new_version(connection, entry, known[entry.id], now)
                    changed.append(entry.id)
            changed.extend(added)
            _insert(connection, added)
            note_changed(connection, list(dict.fromkeys(changed)))
        return outcomes

    def get(self, article_id: str) -> Article:
        """Return one article; raises NotFoundError."""
        found = self.tagged([article_id])
        if not found:
            raise NotFoundError(f"There is no article {article_id!r}.")
        return found[0].article

    def tagged(self, ids: Sequence[str]) -> list[TaggedArticle]:
        """Return articles with their tags, in the order of `ids`; unknown ids are left out."""
        with self._database.reading() as connection:
            return tagged_articles(connection, ids)

    def ids(self) -> Iterator[str]:
        """Yield all ids, oldest arrival first, without holding a transaction open."""
        last = 0
        while True:
            query = (
                sa.select(articles.c.number, articles.c.id)
                .where(articles.c.number > last)
                .order_by(articles.c.number)
                .limit(PAGE)
            )
            with self._database.reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            yield from (article_id for _, article_id in rows)
            last = rows[-1].number

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """Return the earlier versions of an article, first one first."""
        return self.versions_of([article_id]).get(article_id, ())

    def versions_of(self, ids: Sequence[str]) -> dict[str, tuple[Version, ...]]:
        """Return the earlier versions of those articles that have any."""
        versions = article_versions
        found: dict[str, tuple[Version, ...]] = {}
        with self._database.reading() as connection:
            for chunk in in_chunks(ids):
                query = (
                    sa.select(articles.c.id, versions)
                    .join(articles, articles.c.number == versions.c.article)
                    .where(articles.c.id.in_(chunk), articles.c.version > 1)
                    .order_by(articles.c.number, versions.c.number)
                )
                for row in connection.execute(query).mappings():
                    version = Version(
                        row["number"], row["title"], row["summary"], row["body"], row["seen"]
                    )
                    found[row["id"]] = (*found.get(row["id"], ()), version)
        return found

    def original(self, article_id: str) -> str:
        """Return the summary as it came, where cleaning changed it, else ""."""
        query = sa.select(articles.c.original).where(articles.c.id == article_id)
        with self._database.reading() as connection:
            return connection.scalar(query) or ""

    def count(self) -> int:
        """Return how many articles there are."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(articles)) or 0

    def sources(self) -> tuple[tuple[str, int], ...]:
        """Return publishers and their numbers of articles, largest first."""
        return self._counted_by(articles.c.source)

    def source_addresses(self) -> dict[str, str]:
        """Return for each publisher the address of one of its articles."""
        query = sa.select(articles.c.source, sa.func.max(articles.c.url)).group_by(
            articles.c.source
        )
        with self._database.reading() as connection:
            return dict(connection.execute(query).all())

    def languages(self) -> tuple[tuple[str, int], ...]:
        """Return languages ("" is unknown or not tagged yet) and how many articles each has."""
        return self._counted_by(articles.c.language)

    def _counted_by(self, column: sa.Column[str]) -> tuple[tuple[str, int], ...]:
        """Return the values of a column and their numbers of articles, largest first."""
        number = sa.func.count().label("n")
        query = sa.select(column, number).group_by(column).order_by(number.desc(), column)
        with self._database.reading() as connection:
            return tuple((value, n) for value, n in connection.execute(query))

    def texts(self, languages: Sequence[str], limit: int) -> list[tuple[str, str]]:
        """Return titles and summaries of articles in these languages, as for fitting a model.

        Where there are more than `limit`, they are spread evenly over the order of arrival. The
        language "" is that of articles that were never tagged.
        """
        there = articles.c.language.in_(languages)
        count = sa.select(sa.func.count()).select_from(articles).where(there)
        with self._database.reading() as connection:
            stride = -(-(connection.scalar(count) or 0) // limit) or 1
            place = sa.func.row_number().over(order_by=articles.c.number).label("place")
            ranked = sa.select(articles.c.title, articles.c.summary, place).where(there).subquery()
            query = sa.select(ranked.c.title, ranked.c.summary).where(ranked.c.place % stride == 0)
            return [(title, summary) for title, summary in connection.execute(query)]

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Return when the oldest and the newest article was published."""
        # Asked apart, each is read from the end of an index; together, from all rows.
        oldest = sa.select(sa.func.min(articles.c.published))
        newest = sa.select(sa.func.max(articles.c.published))
        with self._database.reading() as connection:
            return connection.scalar(oldest), connection.scalar(newest)


def _row(entry: Entry, feed_number: int | None, now: datetime) -> dict[str, Any]:
    """Return what the table of articles keeps of an entry that was read at `now`."""
    return {
        "id": entry.id,
        "url": entry.url,
        "guid": entry.guid,
        "title": entry.title,
        "summary": entry.summary,
        "body": entry.body,
        "original": entry.original,
        "source": entry.source,
        "feed": feed_number,
        "section": entry.section,
        "categories": list(entry.categories),
        "claimed_language": entry.language[:20],
        "published": entry.published,
        "published_doubt": entry.published_doubt,
        "fetched": now,
        "content_hash": entry.content_hash,
    }


def _insert(connection: sa.Connection, added: dict[str, dict[str, Any]]) -> None:
    insert_rows(connection, articles, list(added.values()))
    added.clear()


def _known(connection: sa.Connection, ids: Sequence[str]) -> dict[str, StoredState]:
    """Return what is known of the articles with these ids, with the hashes of earlier versions."""
    known: dict[str, StoredState] = {}
    several: dict[int, str] = {}
    for chunk in in_chunks(ids):
        query = sa.select(
            articles.c.number,
            articles.c.id,
            articles.c.content_hash,
            articles.c.version,
            articles.c.fetched,
        ).where(articles.c.id.in_(chunk))
        for number, article_id, content_hash, version, fetched in connection.execute(query):
            known[article_id] = StoredState(content_hash, frozenset(), version, fetched)
            if version > 1:
                several[number] = article_id
    for numbers in in_chunks(list(several)):
        hashes = sa.select(article_versions.c.article, article_versions.c.content_hash).where(
            article_versions.c.article.in_(numbers)
        )
        for number, content_hash in connection.execute(hashes):
            before = known[several[number]]
            known[several[number]] = replace(
                before, earlier_hashes=before.earlier_hashes | {content_hash}
            )
    return known


def _new_version(
    connection: sa.Connection, entry: Entry, known: StoredState, now: datetime
) -> StoredState:
    """Keep what the article was, write what it is now, and drop the tags of the old text."""
    here = articles.c.id == entry.id
    number = connection.execute(sa.select(articles.c.number).where(here)).scalar_one()
    kept = sa.select(
        articles.c.number,
        articles.c.version,
        articles.c.title,
        articles.c.summary,
        articles.c.body,
        articles.c.content_hash,
        articles.c.fetched,
    ).where(here)
    columns = ["article", "number", "title", "summary", "body", "content_hash", "seen"]
    connection.execute(sa.insert(article_versions).from_select(columns, kept))
    connection.execute(
        sa.update(articles)
        .where(here)
        .values(
            title=entry.title,
            summary=entry.summary,
            body=entry.body,
            original=entry.original,
            content_hash=entry.content_hash,
            version=known.version + 1,
            fetched=now,
            tagged=None,
        )
    )
    # Offsets of the old text would mark the wrong words of the new one.
    connection.execute(sa.delete(mentions).where(mentions.c.article == number))
    connection.execute(sa.delete(reviewed_mentions).where(reviewed_mentions.c.article == number))
    return StoredState(
        entry.content_hash,
        known.earlier_hashes | {known.content_hash},
        known.version + 1,
        now,
    )
