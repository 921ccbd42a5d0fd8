"""Opens the database: connections, transactions and migrations, for SQLite and PostgreSQL."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DataError, SQLAlchemyError

from models.errors import StoreError, UnstorableError
from store.dialects import postgresql
from store.dialects.generation import counted, current
from store.dialects.sqlite import (
    NOT_OURS,
    REASONS,
    check_application,
    is_full,
    mark,
    only_to_be_read,
    prepare,
    reading_url,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

HEAD = "0142"
"""The newest migration; a test holds it against `migrations/versions`."""

LARGEST_NUMBER = 2**31 - 1
"""The largest INTEGER of PostgreSQL, which numbers rows."""

PARAMETERS_PER_STATEMENT = 500
"""SQLite allows 32,766 and PostgreSQL 65,535; short statements are planned faster."""


class Database:
    """A database that is open and migrated; `url` is SQLAlchemy's.

    An SQLite file that can't be written is opened to be read only; `read_only` says so. Whatever
    the database or its driver raises leaves here as a `StoreError`, with the reason and what to do
    in words.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()
        with self.errors_in_words():
            parts = sa.make_url(url)
            sqlite = parts.get_backend_name() == "sqlite"
            file = Path(parts.database) if sqlite and parts.database else None
            self.read_only = file is not None and only_to_be_read(file)
            self.engine = _engine(reading_url(file) if self.read_only and file else url)
            if sqlite:
                prepare(self.engine, read_only=self.read_only)
                check_application(self.engine, shown_url(url))
            elif self.engine.dialect.name == "postgresql":
                postgresql.prepare(self.engine)
            if self.read_only:
                _check_readable(self.engine, url)
            else:
                _migrate(self.engine)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment of the data; within `writing`, what it wrote."""
        if (writer := self._writer()) is not None:
            yield writer
            return
        with self.errors_in_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool = True) -> Iterator[sa.Connection]:
        """Give a connection whose work is kept whole, or not at all if an error leaves it.

        A `writing` within another of the same thread is part of it: both are kept, or neither.
        Nobody else writes meanwhile. PostgreSQL can do without that (not `alone`), where whatever
        is written at the same time leaves what is written here right.
        """
        if (writer := self._writer()) is not None:
            yield writer
            return
        if self.read_only:
            raise StoreError(
                f"The store {shown_url(self._url)} can't be written: the file, its directory or "
                "the disk is read-only, or belongs to another user. It can only be read."
            )
        with self.errors_in_words(), self.engine.connect() as plain:
            connection = _to_write(plain, alone=alone)
            with connection.begin():
                self._local.writer = connection
                try:
                    with counted(connection):
                        yield connection
                finally:
                    self._local.writer = None

    def _writer(self) -> sa.Connection | None:
        """Return the connection by which this thread is writing."""
        found: sa.Connection | None = getattr(self._local, "writer", None)
        return found

    @contextmanager
    def errors_in_words(self) -> Iterator[None]:
        """Turn what SQLAlchemy and the driver raise in a block into a StoreError of this store."""
        try:
            yield
        except (DataError, OverflowError, UnicodeEncodeError) as error:
            reason = str(getattr(error, "orig", error))
            raise UnstorableError(f"The store can't keep this value: {reason}.") from error
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(_explained(self._url, error)) from error
        except (ValueError, TypeError, LookupError) as error:
            if not _raised_by_sqlalchemy(error):
                raise
            raise StoreError(
                f"The store {shown_url(self._url)} is damaged: it holds a value of another kind "
                f"({error}). `slugline restore` brings back a backup."
            ) from error

    def generation(self) -> str:
        """Return what tells the state of the data from all others, "" where nothing does."""
        with self.reading() as connection:
            return current(connection)

    def faults(self) -> list[str]:
        """Return what is wrong with the database: damaged pages, rows without the row they name.

        Reads all of it. What a stranger's file may bring (triggers, views) is a fault too. Of a
        database server only the tables are looked at; it keeps its own pages.
        """
        from store.schema import metadata

        with self.reading() as connection:
            there = set(sa.inspect(connection).get_table_names())
            found = [f"it lacks the table {name}" for name in sorted(set(metadata.tables) - there)]
            if self.engine.dialect.name != "sqlite":
                return found
            for row in connection.exec_driver_sql("PRAGMA integrity_check(5)"):
                found += [f"SQLite finds: {row[0]}"] if row[0] != "ok" else []
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5):
                found.append(f"a row of {row[0]} names a row of {row[2]} that is not there")
            foreign = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
            for kind, name in connection.exec_driver_sql(foreign).fetchmany(5):
                found.append(f"it has a {kind} that is not Slugline's: {name}")
        return found

    def copy_to(self, path: Path) -> None:
        """Write a copy of all data, as of one moment, to a file that is not there yet.

        Others may read and write meanwhile. Raises StoreError where the database is on a server.
        """
        if self.engine.dialect.name != "sqlite":
            raise StoreError(
                "This store is kept by a database server; back it up there (PostgreSQL: pg_dump)."
            )
        with self.errors_in_words():
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("VACUUM INTO ?", (str(path),))
            except sqlite3.OperationalError as error:
                if "disk is full" not in str(error):
                    raise
                raise StoreError(
                    f"The store can't be copied to {path}: the disk is full. Free some space, or "
                    "choose another disk."
                ) from error
            finally:
                connection.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def by_number(column: sa.ColumnElement[int], number: int) -> sa.ColumnElement[bool]:
    """Match the row with a number; none if no row can have it, which PostgreSQL would refuse."""
    return column == number if 0 < number <= LARGEST_NUMBER else sa.false()


def in_chunks(values: Sequence[T], size: int = PARAMETERS_PER_STATEMENT) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _migrate(engine: sa.Engine) -> None:
    """Bring the tables to `HEAD`; raises StoreError where they are not Slugline's."""
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with engine.connect() as plain:
        connection = _to_write(plain)
        with connection.begin():
            # Asked again: another process may have migrated while this one waited.
            version = _version(connection)
            if version == HEAD:
                return
            if version is None and sa.inspect(connection).has_table("articles"):
                raise StoreError(NOT_OURS.format(engine.url.database))
            _upgrade(connection)
            mark(connection)
            if version is not None:
                log.info("Migrated the store from version %s to %s.", version, HEAD)


def _engine(url: str) -> sa.Engine:
    options = postgresql.OPTIONS if sa.make_url(url).get_backend_name() == "postgresql" else {}
    try:
        return sa.create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"This store needs a package that is not installed ({error.name}); "
            "install it with: pip install 'slugline[postgresql]'"
        ) from error
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError) as error:
        raise StoreError(f"{shown_url(url)} is not the URL of a store.") from error


def _to_write(connection: sa.Connection, *, alone: bool = True) -> sa.Connection:
    if connection.dialect.name == "postgresql":
        connection = connection.execution_options(**postgresql.WRITING)
        return connection.execution_options(slugline_writes=alone)
    return connection.execution_options(slugline_writes=True)


def _check_readable(engine: sa.Engine, url: str) -> None:
    """Raise StoreError where a store that can't be written is not of this version."""
    with engine.connect() as connection:
        version = _version(connection)
    if version != HEAD:
        raise StoreError(
            f"The store {shown_url(url)} is read-only, and another version of Slugline wrote it. "
            "Copy its home to where it can be written, and open it there once."
        )


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
        place = shown_url(connection.engine.url)
        raise StoreError(
            f"The store {place} was written by a newer Slugline. Install that version or a later "
            "one, or name another place with --home."
        ) from error


def _explained(url: str, error: Exception) -> str:
    reason = str(getattr(error, "orig", None) or error)
    if "disk I/O error" in reason and is_full(url):
        reason = "disk is full"
    for part, words in (*REASONS, *postgresql.REASONS):
        if part in reason:
            return f"The store {shown_url(url)} {words}"
    return f"The store {shown_url(url)} can't be used: {reason.splitlines()[0]}."


def shown_url(url: str | sa.URL) -> str:
    """Return where a store is, for people: a path, or a URL without its password."""
    parts = sa.make_url(url)
    if parts.get_backend_name() == "sqlite" and parts.database:
        return parts.database
    return parts.render_as_string(hide_password=True)


def _raised_by_sqlalchemy(error: BaseException) -> bool:
    """Say whether an error comes from reading what the database gave, not from our own code."""
    trace = error.__traceback__
    module = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    return module.startswith("sqlalchemy.")
