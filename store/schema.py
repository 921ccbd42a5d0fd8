"""The tables of the store; those of stories and of people's data have modules of their own.

Tables of people are in `people/`, those of stories in `stories/`, each beside what reads them.

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
    Date,
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

entities = Table(
    "entities",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("type", String(20), nullable=False),
    Column("country", String(2), nullable=False, server_default=""),
    Column("articles", Integer, nullable=False, server_default="0"),
    Column("hidden", Boolean, nullable=False, server_default=text("false")),
    Column("merged_into", Integer, ForeignKey("entities.number")),
    Column(
        "merged_by_evidence",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="merged_into is what the archive says of the name's type, not a person's word",
    ),
    Column("named_by_person", Boolean, nullable=False, server_default=text("false")),
    Column(
        "unsettled",
        Boolean,
        nullable=False,
        server_default=text("true"),
        comment="articles were tagged with it since its type and name were settled",
    ),
    Index("ix_entities_type_articles", "type", "articles"),
    Index("ix_entities_articles", "articles"),
    Index(
        "ix_entities_unsettled",
        "number",
        sqlite_where=text("unsettled"),
        postgresql_where=text("unsettled"),
    ),
)

entity_names = Table(
    "entity_names",
    metadata,
    Column("folded", Text, primary_key=True, comment="the name, case folded"),
    Column("entity", Integer, ForeignKey("entities.number"), primary_key=True),
    Column("name", Text, nullable=False),
    Index("ix_entity_names_entity", "entity"),
)

mentions = Table(
    "mentions",
    metadata,
    article_column(),
    Column("field", String(8), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("label", String(20), primary_key=True),
    Column("entity", Integer, ForeignKey("entities.number")),
    Column("origin", String(8), nullable=False),
    sqlite_with_rowid=False,
)

article_entities = Table(
    "article_entities",
    metadata,
    Column("entity", Integer, ForeignKey("entities.number"), primary_key=True),
    article_column(),
    Column("count", Integer, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("found", Integer, comment="the entity that the article by itself says; null: `entity`"),
    Column("spelled", Text, comment="the name that the article by itself gives it"),
    Column("weight", Integer, comment="how firmly the article says so, 1 to 100; null: unknown"),
    Index("ix_article_entities_article", "article"),
    sqlite_with_rowid=False,
)

article_topics = Table(
    "article_topics",
    metadata,
    article_column(),
    Column("topic", String(60), primary_key=True),
    Column("score", Float, nullable=False),
    Column("origin", String(8), nullable=False),
    Index("ix_article_topics_topic", "topic"),
    sqlite_with_rowid=False,
)

topic_corrections = Table(
    "topic_corrections",
    metadata,
    article_column(),
    Column("topic", String(60), primary_key=True),
    Column("fits", Boolean, nullable=False),
    Column("made", UtcTime, nullable=False),
    comment="a person's word on an article's topics; outlives every re-tagging",
)

refused_merges = Table(
    "refused_merges",
    metadata,
    Column("entity", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    Column("made", UtcTime, nullable=False),
    comment="keys of entities that a person said are not one; never proposed again",
)

reviewed_mentions = Table(
    "reviewed_mentions",
    metadata,
    article_column(),
    Column("made", UtcTime, nullable=False),
    comment="articles whose mentions a person went over; these outlive every re-tagging",
)

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("made", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("subject", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("before", JSON),
    Column("undone", UtcTime),
    Column("undone_by", Text, nullable=False, server_default=""),
    Index("ix_journal_subject", "subject"),
    sqlite_autoincrement=True,
    comment="who changed what and when; before is what undoing needs, null: can't be undone",
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

jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("options", JSON, nullable=False, server_default="{}"),
    Column("who", Text, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("started", UtcTime),
    Column("ended", UtcTime),
    Column("progress", Integer, nullable=False, server_default="0"),
    Column("total", Integer),
    Column("note", Text, nullable=False, server_default=""),
    Column("result", JSON),
    Column("error", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("cancelled", Boolean, nullable=False, server_default=text("false")),
    Column("worker", String(60), nullable=False, server_default=""),
    Column("lease", UtcTime),
    Index("ix_jobs_state", "state"),
    sqlite_autoincrement=True,
    comment="long work; lease is until when its worker need not give a sign of life",
)

day_counts = Table(
    "day_counts",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("articles", Integer, nullable=False),
    Column("stories", Integer, nullable=False),
    Column("sources", JSON, nullable=False),
    Index("ix_day_counts_day", "kind", "day", "key", "articles", "stories"),
    comment="articles and stories by day; kind is all, topic, cluster or entity",
)

stale_days = Table(
    "stale_days",
    metadata,
    Column("day", Date, primary_key=True),
    comment="days of which an article changed since they were counted",
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("article_id", String(20), nullable=False, unique=True),
    comment="articles that the search index has yet to hear of",
    sqlite_autoincrement=True,
)

work_leases = Table(
    "work_leases",
    metadata,
    Column("work", String(20), primary_key=True),
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(120), nullable=False, index=True),
    Column("until", UtcTime, nullable=False),
    comment="who is at which piece of work, and until when",
)
