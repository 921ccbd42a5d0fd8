"""Which state the database is in: a text that differs once anything was committed.

Answers made from one state are good until the next. SQLite keeps a number for its users
(`user_version`), which each of our transactions counts up that changed a row; it is part of the
transaction.
PostgreSQL says which transactions a reader sees (`pg_current_snapshot`): what sees the same, reads
the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

_LARGEST = 2**31 - 1


def current(connection: sa.Connection) -> str:
    """Return what tells the state that a connection sees from all others; "" where nothing does."""
    if connection.dialect.name == "sqlite":
        return str(connection.exec_driver_sql("PRAGMA user_version").scalar())
    if connection.dialect.name == "postgresql":
        return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar())
    return ""


@contextmanager
def counted(connection: sa.Connection) -> Iterator[None]:
    """Say within a transaction that it changes the state, where it does: most looks find nothing.

    Writers that only look (is work due?) would make every answer anew, and the disk write for it.
    """
    before = _changed_rows(connection)
    yield
    if _changed_rows(connection) != before:
        number = int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)
        connection.exec_driver_sql(f"PRAGMA user_version = {number % _LARGEST + 1}")


def _changed_rows(connection: sa.Connection) -> int:
    """Return how many rows this connection has changed so far; 0 where none has to count."""
    if connection.dialect.name != "sqlite":
        return 0
    driver = connection.connection.driver_connection
    return int(driver.total_changes) if driver is not None else 0
