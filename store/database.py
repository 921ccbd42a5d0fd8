"""Opens the database: connections, transactions and migrations, for SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, OperationalError

from models.errors import StoreError

T = TypeVar("T")

HEAD = "0001"
"""The newest migration; a test holds it against `migrations/versions`."""

BUSY_SECONDS = 30
PARAMETERS_PER_STATEMENT = 500
"""SQLite allows 32,766 and PostgreSQL 65,535; short statements are planned faster."""


class Database:
    """A database that is open and migrated; `url` is SQLAlchemy's."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        try:
            _migrate(self.engine)
        except (OperationalError, DatabaseError, sqlite3.DatabaseError) as error:
            raise StoreError(_explained(url, error)) from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment of the data."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose work is kept whole, or not at all if an error leaves it."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(slugline_writes=True)
            try:
                with connection.begin():
                    yield connection
            except OperationalError as error:
                if "locked" in str(error):
                    raise StoreError(_explained(str(self.engine.url), error)) from error
                raise

    def copy_to(self, path: Path) -> None:
        """Write a copy of all data, as of one moment, to a file that is not there yet.

        Others may read and write meanwhile. Raises StoreError where the database is no file.
        """
        if self.engine.dialect.name != "sqlite":
            raise StoreError(
                "This store is kept by a database server; back it up there (PostgreSQL: pg_dump)."
            )
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(path),))
        except sqlite3.OperationalError as error:
            raise StoreError(f"The store can't be copied to {path}: {error}.") from error
        finally:
            connection.close()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def in_chunks(values: Sequence[T], size: int = PARAMETERS_PER_STATEMENT) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _engine(url: str) -> sa.Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name != "sqlite":
        return engine

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver would begin transactions at moments of its own; `begin` below does it.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A reader that turns writer can't wait for another writer; so writers say so at once.
        writes = connection.get_execution_options().get("slugline_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _migrate(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with engine.connect() as plain:
        connection = plain.execution_options(slugline_writes=True)
        with connection.begin():
            # Asked again: another process may have migrated while this one waited.
            version = _version(connection)
            if version == HEAD:
                return
            if version is None and sa.inspect(connection).has_table("articles"):
                raise StoreError(
                    f"{engine.url.database} is a database, but not one of Slugline's; "
                    "name another place with --home."
                )
            _upgrade(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            "This store was written by a newer Slugline; install that version or a later one."
        ) from error


def _explained(url: str, error: Exception) -> str:
    place = sa.make_url(url).render_as_string(hide_password=True)
    reason = str(getattr(error, "orig", error))
    if "locked" in reason:
        return (
            f"The store {place} is being written by another process, and was for {BUSY_SECONDS} s. "
            "Try again when that one is done."
        )
    return f"The store {place} can't be opened: {reason}."
