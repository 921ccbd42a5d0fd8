"""The tables of work around the articles: jobs, leases, the journal, counts by day."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from store.schema import UtcTime, metadata

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

work_leases = Table(
    "work_leases",
    metadata,
    Column("work", String(20), primary_key=True),
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(120), nullable=False, index=True),
    Column("until", UtcTime, nullable=False),
    comment="who is at which piece of work, and until when",
)
