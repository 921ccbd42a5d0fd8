"""The repository of removals: removes articles, and selects those that retention drops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.article import Article
from models.errors import NotFoundError
from models.removal import Removal, RemovalKind, RetentionPreview, RetentionRule
from models.wording import counted
from store.articles import ArticleRepository
from store.database import Database, in_chunks
from store.journal import note
from store.removal.erase import erase
from store.removal.kept import OF_ARTICLES, STARRED, has_lists, list_items, lists
from store.schema import MOMENT, articles, distinct_articles, removed_articles
from store.stories.story_tables import story_articles
from store.tags.tag_tables import reviewed_mentions, topic_corrections

TOP_SOURCES = 10
_size = sum(
    (sa.func.length(articles.c[name]) for name in ("title", "summary", "body", "original")),
    start=sa.literal(0),
)

Numbers = Callable[[sa.Connection], "Sequence[sa.Select[Any]]"]


def _corrected(_connection: sa.Connection) -> Sequence[sa.Select[Any]]:
    """Select the articles that people corrected, in the queries of one reason."""
    return (
        sa.select(topic_corrections.c.article),
        sa.select(reviewed_mentions.c.article),
        sa.select(distinct_articles.c.article),
        sa.select(story_articles.c.article).where(story_articles.c.by_person),
    )


def _starred(connection: sa.Connection) -> Sequence[sa.Select[Any]]:
    return _on_lists(connection, starred=True)


def _listed(connection: sa.Connection) -> Sequence[sa.Select[Any]]:
    return _on_lists(connection, starred=False)


def _on_lists(connection: sa.Connection, *, starred: bool) -> Sequence[sa.Select[Any]]:
    """Select the articles that people starred, or put on another list, whole or a passage."""
    if not has_lists(connection):
        return ()
    on = list_items.c
    query = (
        sa.select(articles.c.number)
        .join(list_items, on.subject == articles.c.id)
        .join(lists, lists.c.number == on.list)
        .where(on.kind.in_(OF_ARTICLES))
    )
    return (query.where((lists.c.name == STARRED) == starred),)


SPARED: dict[str, Numbers] = {"corrected": _corrected, "starred": _starred, "listed": _listed}
"""What retention spares, by the reason: queries that select numbers of articles."""


class RemovalRepository:
    """Articles that go, and the record of those that went."""

    def __init__(self, database: Database, article_repository: ArticleRepository) -> None:
        self._database = database
        self._articles = article_repository

    def take_down(self, article_id: str, *, who: str, why: str, now: datetime) -> Removal:
        """Remove one article everywhere, never to come back; raises NotFoundError."""
        with self._database.writing() as connection:
            article: Article = self._articles.get(article_id)
            self._remove(connection, [article.id], RemovalKind.TAKEDOWN, who, why, now)
            words = f"Removed an article of {article.source}: {why}"
            note(connection, who, "article-removed", article.id, words, now=now)
        return self.get(article_id)

    def apply(self, rule: RetentionRule, *, who: str, now: datetime, batch: int = 500) -> list[str]:
        """Remove up to `batch` articles that a rule no longer keeps, in one transaction.

        Called until it returns none; killed in between, it goes on where it was.
        """
        with self._database.writing() as connection:
            query = _due(connection, rule, now).order_by(_DUE.c.moment, _DUE.c.number).limit(batch)
            ids = [row.id for row in connection.execute(query)]
            if ids:
                why = f"retention keeps {rule.words()}"
                self._remove(connection, ids, RemovalKind.RETENTION, who, why, now)
        return ids

    def note_applied(self, rule: RetentionRule, count: int, *, who: str, now: datetime) -> None:
        """Write down that a rule was applied."""
        with self._database.writing() as connection:
            words = f"Removed {counted(count, 'article')}: retention keeps {rule.words()}."
            note(connection, who, "retention-applied", "retention", words, now=now)

    def preview(self, rule: RetentionRule, now: datetime) -> RetentionPreview:
        """Say what a rule would remove, and what it spares."""
        passed = _passed(rule, now)
        with self._database.reading() as connection:
            due = _due(connection, rule, now).subquery()
            source = sa.select(due.c.source, sa.func.count().label("n")).group_by(due.c.source)
            total = connection.scalar(sa.select(sa.func.count()).select_from(articles)) or 0
            span = sa.select(sa.func.count(), sa.func.min(due.c.moment), sa.func.max(due.c.moment))
            number, oldest, newest = connection.execute(span.select_from(due)).one()
            sources = connection.execute(
                source.order_by(sa.desc("n"), due.c.source).limit(TOP_SOURCES)
            ).all()
            kept = {}
            for reason, queries in SPARED.items():
                here = sa.or_(
                    *(_DUE.c.number.in_(query) for query in queries(connection)), sa.false()
                )
                counted = sa.select(sa.func.count()).select_from(_DUE).where(passed, here)
                kept[reason] = connection.scalar(counted) or 0
        return RetentionPreview(
            total, number, oldest, newest, tuple((row[0], row[1]) for row in sources), kept
        )

    def get(self, article_id: str) -> Removal:
        """Return the record of a removed article; raises NotFoundError."""
        with self._database.reading() as connection:
            found = _read(connection, removed_articles.c.article == article_id)
        if not found:
            raise NotFoundError(f"No article {article_id[:60]!r} was removed.")
        return found[0]

    def all(
        self, kind: RemovalKind | None = None, limit: int = 100, offset: int = 0
    ) -> list[Removal]:
        """Return the records of removed articles, the latest first."""
        where = sa.true() if kind is None else removed_articles.c.kind == kind
        with self._database.reading() as connection:
            return _read(connection, where, limit, offset)

    def count(self, kind: RemovalKind | None = None) -> int:
        """Return how many articles were removed."""
        where = sa.true() if kind is None else removed_articles.c.kind == kind
        query = sa.select(sa.func.count()).select_from(removed_articles).where(where)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def allow(self, article_id: str, *, who: str) -> Removal:
        """Let a removed article come back with the next ingest that has it."""
        removal = self.get(article_id)
        with self._database.writing() as connection:
            here = removed_articles.c.article == article_id
            connection.execute(sa.delete(removed_articles).where(here))
            words = f"Let an article of {removal.source} come back."
            note(connection, who, "article-allowed", article_id, words)
        return removal

    def _remove(
        self,
        connection: sa.Connection,
        ids: Sequence[str],
        kind: RemovalKind,
        who: str,
        why: str,
        now: datetime,
    ) -> None:
        for chunk in in_chunks(ids):
            known = sa.select(articles.c.id, articles.c.source, articles.c.published)
            rows = [
                {
                    "article": row.id,
                    "kind": kind,
                    "source": row.source,
                    "published": row.published,
                    "removed": now,
                    "who": who,
                    "why": why,
                }
                for row in connection.execute(known.where(articles.c.id.in_(chunk)))
            ]
            connection.execute(sa.insert(removed_articles), rows)
        erase(connection, ids)


_DUE = sa.select(
    articles.c.number,
    articles.c.id,
    articles.c.source,
    MOMENT.label("moment"),
    sa.func.row_number().over(order_by=(MOMENT.desc(), articles.c.number.desc())).label("place"),
    sa.func.sum(_size).over(order_by=(MOMENT.desc(), articles.c.number.desc())).label("characters"),
).subquery("ranked")


def _passed(rule: RetentionRule, now: datetime) -> sa.ColumnElement[bool]:
    """Say which ranked articles pass a limit of a rule."""
    limits: list[sa.ColumnElement[bool]] = []
    if before := rule.before(now):
        limits.append(_DUE.c.moment < sa.bindparam("before", before, articles.c.fetched.type))
    if rule.articles:
        limits.append(_DUE.c.place > rule.articles)
    if rule.megabytes:
        limits.append(_DUE.c.characters > rule.megabytes * 1_000_000)
    return sa.or_(sa.false(), *limits)


def _due(connection: sa.Connection, rule: RetentionRule, now: datetime) -> sa.Select[Any]:
    spared = [
        _DUE.c.number.in_(query) for queries in SPARED.values() for query in queries(connection)
    ]
    return sa.select(_DUE).where(_passed(rule, now), ~sa.or_(sa.false(), *spared))


def _read(
    connection: sa.Connection,
    where: sa.ColumnElement[bool],
    limit: int | None = None,
    offset: int = 0,
) -> list[Removal]:
    query = (
        sa.select(removed_articles)
        .where(where)
        .order_by(removed_articles.c.removed.desc(), removed_articles.c.article)
        .limit(limit)
        .offset(offset)
    )
    return [
        Removal(
            article=row.article,
            kind=RemovalKind(row.kind),
            source=row.source,
            published=row.published,
            removed=row.removed,
            who=row.who,
            why=row.why,
        )
        for row in connection.execute(query)
    ]
