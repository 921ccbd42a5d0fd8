"""The tables of lists and of what is on them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.people.account_tables import user_column
from store.schema import UtcTime, metadata

lists = Table(
    "lists",
    metadata,
    Column("number", Integer, primary_key=True),
    user_column(),
    Column("name", String(100), nullable=False),
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    Column("secret", String(60), nullable=False, unique=True),
    Column("made", UtcTime, nullable=False),
    UniqueConstraint("user", "name"),
    sqlite_autoincrement=True,
    comment="lists that users keep; secret is shown to its owner again, so it is no hash",
)

list_items = Table(
    "list_items",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("list", Integer, ForeignKey("lists.number", ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("field", String(8), nullable=False, server_default=""),
    Column("start", Integer, nullable=False, server_default="0"),
    Column("end", Integer, nullable=False, server_default="0"),
    Column("quote", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("tags", JSON, nullable=False, server_default="[]"),
    Column("who", Text, nullable=False),
    Column("made", UtcTime, nullable=False),
    Index("ix_list_items_list", "list", "kind", "subject", "field", "start", "end", unique=True),
    Index("ix_list_items_subject", "subject"),
    sqlite_autoincrement=True,
    comment="articles, passages, entities and stories on lists, with notes",
)
