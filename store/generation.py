"""Which state the database is in: a text that differs once anything was committed.

Answers made from one state are good until the next. SQLite keeps a number for its users
(`user_version`), which each of our transactions counts up; it is part of the transaction.
PostgreSQL says which transactions a reader sees (`pg_current_snapshot`): what sees the same, reads
the same.
"""

from __future__ import annotations

import sqlalchemy as sa

_LARGEST = 2**31 - 1


def current(connection: sa.Connection) -> str:
    """Return what tells the state that a connection sees from all others; "" where nothing does."""
    if connection.dialect.name == "sqlite":
        return str(connection.exec_driver_sql("PRAGMA user_version").scalar())
    if connection.dialect.name == "postgresql":
        return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar())
    return ""


def count_up(connection: sa.Connection) -> None:
    """Say within a transaction that it changes the state."""
    if connection.dialect.name == "sqlite":
        number = int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
        connection.exec_driver_sql(f"PRAGMA user_version = {number % _LARGEST + 1}")
