"""The tables of the store that most of it joins: feeds, articles, duplicates, clusters.

Other tables are beside what reads them: `entities/entity_tables.py`, `tags/tag_tables.py`, those of
people in `people/`, of stories in `stories/`; those of jobs and days in `work_tables.py`.

`articles.number` is the key inside the database (small, fast to join); `articles.id` is the key
outside of it. Times are stored in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    func,
    text,
)


class UtcTime(TypeDecorator[datetime]):
    """A time that is aware and in UTC in Python, and naive in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Drop the zone after moving to UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def article_column(*, primary: bool = True) -> Column[int]:
    """Return the column of a table whose rows go with an article."""
    return going_with("article", "articles.number", primary=primary)


def going_with(name: str, number: str, *, primary: bool) -> Column[int]:
    """Return the column of a table whose rows go when the row goes whose number they have."""
    target = ForeignKey(number, ondelete="CASCADE")
    return Column(name, Integer, target, primary_key=primary, nullable=False)


about = Table(
    "about",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    comment="facts of this store, such as its own id",
)

feeds = Table(
    "feeds",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("language", String(20), nullable=False, server_default=""),
    Column("labels", JSON, nullable=False, server_default="[]"),
    Column("subscribed", Boolean, nullable=False, server_default=text("false")),
    Column("full_text", Boolean, nullable=False, server_default=text("false")),
    Column("added", UtcTime, nullable=False),
    Column("checked", UtcTime),
    Column("succeeded", UtcTime),
    Column("next_check", UtcTime),
    Column("interval", Integer, nullable=False, server_default="0", comment="seconds"),
    Column("failures", Integer, nullable=False, server_default="0", comment="in a row"),
    Column("error", Text, nullable=False, server_default=""),
    Column("gone", Boolean, nullable=False, server_default=text("false")),
    Column("etag", Text, nullable=False, server_default=""),
    Column("modified", Text, nullable=False, server_default=""),
    Column("login", Text, nullable=False, server_default=""),
    Column("first_url", Text, nullable=False, server_default=""),
    Column("selectors", JSON(none_as_null=True)),
)

articles = Table(
    "articles",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(20), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("guid", Text, nullable=False, server_default=""),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False, server_default=""),
    Column("original", Text, nullable=False, server_default=""),
    Column("source", Text, nullable=False, server_default=""),
    Column("feed", Integer, ForeignKey("feeds.number")),
    Column("section", Text, nullable=False, server_default=""),
    Column("categories", JSON, nullable=False, server_default="[]"),
    Column("claimed_language", String(20), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("published", UtcTime),
    Column("published_doubt", Text, nullable=False, server_default=""),
    Column("fetched", UtcTime, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("content_hash", String(20), nullable=False),
    Column("leader", Integer, ForeignKey("articles.number")),
    Column("tagged", Text, comment="the stamp of the models that tagged it; null: due"),
    Column("tag_note", Text, nullable=False, server_default=""),
    Column("cluster", String(40), nullable=False, server_default=""),
    Index("ix_articles_cluster", "cluster"),
    Index(
        "ix_articles_due",
        "number",
        sqlite_where=text("tagged IS NULL"),
        postgresql_where=text("tagged IS NULL"),
    ),
    Index("ix_articles_published", "published"),
    Index("ix_articles_source", "source"),
    Index(
        "ix_articles_leader",
        "leader",
        sqlite_where=text("leader IS NOT NULL"),
        postgresql_where=text("leader IS NOT NULL"),
    ),
)

MOMENT = func.coalesce(articles.c.published, articles.c.fetched, type_=articles.c.fetched.type)
"""When an article was published, or else fetched."""

article_versions = Table(
    "article_versions",
    metadata,
    article_column(),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("content_hash", String(20), nullable=False),
    Column("seen", UtcTime, nullable=False),
    comment="earlier states of an article; the current one is in articles",
)

duplicates = Table(
    "duplicates",
    metadata,
    article_column(),
    Column("leader", Integer, ForeignKey("articles.number"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("made", UtcTime, nullable=False),
    Index("ix_duplicates_leader", "leader"),
    comment="articles that repeat another; articles.leader says the same for quick reading",
)

distinct_articles = Table(
    "distinct_articles",
    metadata,
    article_column(),
    Column("other", Integer, ForeignKey("articles.number"), primary_key=True),
    Column("made", UtcTime, nullable=False),
    comment="pairs of which a person says that neither repeats the other",
)

clusters = Table(
    "clusters",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("topic", String(60), nullable=False),
    Column("name", Text, nullable=False),
    Column("terms", JSON, nullable=False, server_default="[]"),
    Column("articles", Integer, nullable=False, server_default="0"),
    Column("state", String(8), nullable=False, server_default="lives"),
    Column("named_by_person", Boolean, nullable=False, server_default=text("false")),
    Column("hidden", Boolean, nullable=False, server_default=text("false")),
    Column("merged_into", String(40), ForeignKey("clusters.id")),
    Column("made", UtcTime, nullable=False),
    Index("ix_clusters_topic", "topic"),
)

removed_articles = Table(
    "removed_articles",
    metadata,
    Column("article", String(20), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("published", UtcTime),
    Column("removed", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_removed_articles_removed", "removed"),
    comment="ids of articles that went for good and must not come back; nothing of their text",
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("article_id", String(20), nullable=False, unique=True),
    comment="articles that the search index has yet to hear of",
    sqlite_autoincrement=True,
)
