"""The tables of users, and of what each of them alone has."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, text

from store.schema import UtcTime, article_column, going_with, metadata

users = Table(
    "users",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("role", String(8), nullable=False),
    Column("password", Text, nullable=False, server_default=""),
    Column("added", UtcTime, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", UtcTime),
    Column("last_seen", UtcTime),
    Column("read_until", UtcTime),
    sqlite_autoincrement=True,
)


def user_column(*, primary: bool = False) -> Column[int]:
    """Return the column of a table whose rows go with a user."""
    return going_with("user", "users.number", primary=primary)


sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True),
    user_column(),
    Column("made", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Index("ix_sessions_user", "user"),
    comment="who is signed in; key is the hash of the secret in the cookie",
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("number", Integer, primary_key=True),
    user_column(),
    Column("key", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("scope", String(8), nullable=False),
    Column("made", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("used", UtcTime),
    Index("ix_api_tokens_user", "user"),
    sqlite_autoincrement=True,
    comment="keys to the API; key is the hash of the secret",
)

read_articles = Table(
    "read_articles",
    metadata,
    user_column(primary=True),
    article_column(),
    Column("read", Boolean, nullable=False),
    Column("made", UtcTime, nullable=False),
    Index("ix_read_articles_article", "article"),
    comment="what users said of single articles; users.read_until is what they read of all",
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("number", Integer, primary_key=True),
    user_column(),
    Column("name", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    Column("secret", String(60), nullable=False, unique=True),
    Column("made", UtcTime, nullable=False),
    Index("ix_saved_searches_user", "user"),
    sqlite_autoincrement=True,
    comment="searches that users keep; secret is shown to its owner again, so it is no hash",
)
