"""Gives tests a database of their own on the PostgreSQL that `SLUGLINE_TEST_POSTGRESQL` names."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

SERVER = os.environ.get("SLUGLINE_TEST_POSTGRESQL", "")


@contextmanager
def database() -> Iterator[str]:
    """Make an empty database; give its URL, and drop it at the end."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
