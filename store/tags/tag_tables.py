"""The tables of an article's tags, and of people's corrections of them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from store.schema import UtcTime, article_column, metadata

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

reviewed_mentions = Table(
    "reviewed_mentions",
    metadata,
    article_column(),
    Column("made", UtcTime, nullable=False),
    comment="articles whose mentions a person went over; these outlive every re-tagging",
)
