"""The tables of stories, of who is in them, and of what was changed in them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from store.schema import UtcTime, article_column, metadata

stories = Table(
    "stories",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("name", Text, nullable=False),
    Column("articles", Integer, nullable=False, server_default="0"),
    Column("sources", Integer, nullable=False, server_default="0"),
    Column("first", UtcTime, nullable=False),
    Column("last", UtcTime, nullable=False),
    Column("gram", Float, nullable=False, server_default="0"),
    Column("named_by_person", Boolean, nullable=False, server_default=text("false")),
    Column("pinned", Boolean, nullable=False, server_default=text("false")),
    Column("merged_into", String(24)),
    Index("ix_stories_last", "last"),
)

story_articles = Table(
    "story_articles",
    metadata,
    article_column(),
    Column("story", String(24), nullable=False),
    Column("hours", Float, nullable=False),
    Column("terms", LargeBinary),
    Column("by_person", Boolean, nullable=False, server_default=text("false")),
    Index("ix_story_articles_story", "story"),
    Index("ix_story_articles_hours", "hours"),
    comment="the story of each article, of one that is alone as well; terms while it is live",
)

story_edits = Table(
    "story_edits",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("story", String(24), nullable=False),
    Column("other", String(24), nullable=False, server_default=""),
    Column("articles", JSON, nullable=False, server_default="[]"),
    Column("name", Text, nullable=False, server_default=""),
    Column("by_person", Boolean, nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("undone", Boolean, nullable=False, server_default=text("false")),
    Column("was", JSON),
    Index("ix_story_edits_story", "story"),
    comment="what was merged, split and renamed, by the model and by people",
)

story_terms = Table(
    "story_terms",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("articles", Integer, nullable=False),
    Column("counts", LargeBinary, nullable=False),
    comment="in how many articles each term occurs; one row",
)
