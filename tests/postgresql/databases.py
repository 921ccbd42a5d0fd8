"""Gives tests a database of their own on the PostgreSQL that `SLUGLINE_TEST_POSTGRESQL` names."""

from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
import sqlalchemy as sa

from store.schema import metadata
from store.store import Store

SERVER = os.environ.get("SLUGLINE_TEST_POSTGRESQL", "")

needs_postgresql = pytest.mark.skipif(
    not SERVER, reason="PostgreSQL is missing: tests/postgresql/start"
)


@contextmanager
def database(copied_from: str = "") -> Iterator[str]:
    """Make a database, empty or a copy of another by its URL; give its URL, and drop it at the end.

    Nobody may be using the one that is copied.
    """
    url = make_database(copied_from)
    try:
        yield url
    finally:
        drop_database(url)


def make_database(copied_from: str = "") -> str:
    """Make a database and return its URL."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    template = f" TEMPLATE {sa.make_url(copied_from).database}" if copied_from else ""
    _execute(f"CREATE DATABASE {name}{template}")
    return sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Drop a database, whoever uses it."""
    _execute(f"DROP DATABASE IF EXISTS {sa.make_url(url).database} WITH (FORCE)")


@cache
def _shared() -> str:
    """Make one migrated database for this process: making one takes longer than most tests."""
    url = make_database()
    atexit.register(drop_database, url)
    Store(url).close()
    return url


@contextmanager
def empty_store() -> Iterator[str]:
    """Give the URL of a store that holds nothing, and empty it at the end."""
    url = _shared()
    try:
        yield url
    finally:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            names = [table.name for table in metadata.sorted_tables]
            asked = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608 - our own tables
                for name in names
            )
            filled = list(connection.scalars(sa.text(asked)))
            if filled:
                connection.exec_driver_sql(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")


def _execute(statement: str) -> None:
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
