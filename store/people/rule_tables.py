"""The tables of rules, of what they did, and of muted articles."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from store.people.account_tables import user_column
from store.schema import UtcTime, metadata

rules = Table(
    "rules",
    metadata,
    Column("number", Integer, primary_key=True),
    user_column(),
    Column("name", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("action", String(8), nullable=False),
    Column("value", Text, nullable=False, server_default=""),
    Column("made", UtcTime, nullable=False),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("trouble", Text, nullable=False, server_default=""),
    Index("ix_rules_user", "user"),
    sqlite_autoincrement=True,
    comment="what is done with articles as they come",
)

rule_hits = Table(
    "rule_hits",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("rule", Integer, ForeignKey("rules.number", ondelete="CASCADE"), nullable=False),
    Column("article_id", String(20), nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("did", Integer, nullable=False, server_default="0"),
    Column("undone_by", Text, nullable=False, server_default=""),
    Index("ix_rule_hits_rule", "rule", "article_id", unique=True),
    sqlite_autoincrement=True,
    comment="what rules did, each article once; did: the change or item it made, 0: none",
)

muted_articles = Table(
    "muted_articles",
    metadata,
    Column("article_id", String(20), primary_key=True),
    Column("rule", Integer),
    Column("who", Text, nullable=False),
    Column("made", UtcTime, nullable=False),
    comment="articles that searches leave out",
)
