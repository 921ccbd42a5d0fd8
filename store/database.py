"""Opens the database: connections, transactions and migrations, for SQLite and PostgreSQL."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DataError, SQLAlchemyError

from models.errors import StoreError, UnstorableError

log = logging.getLogger(__name__)

T = TypeVar("T")

HEAD = "0040"
"""The newest migration; a test holds it against `migrations/versions`."""

BUSY_SECONDS = 30
PARAMETERS_PER_STATEMENT = 500
"""SQLite allows 32,766 and PostgreSQL 65,535; short statements are planned faster."""


class Database:
    """A database that is open and migrated; `url` is SQLAlchemy's.

    Whatever the database or its driver raises leaves here as a `StoreError`, with the reason and
    what to do in words.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()
        with self._errors_in_words():
            self.engine = _engine(url)
            _migrate(self.engine)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment of the data; within `writing`, what it wrote."""
        if (writer := self._writer()) is not None:
            yield writer
            return
        with self._errors_in_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose work is kept whole, or not at all if an error leaves it.

        A `writing` within another of the same thread is part of it: both are kept, or neither.
        """
        if (writer := self._writer()) is not None:
            yield writer
            return
        with self._errors_in_words(), self.engine.connect() as plain:
            connection = plain.execution_options(slugline_writes=True)
            with connection.begin():
                self._local.writer = connection
                try:
                    yield connection
                finally:
                    self._local.writer = None

    def _writer(self) -> sa.Connection | None:
        """Return the connection by which this thread is writing."""
        found: sa.Connection | None = getattr(self._local, "writer", None)
        return found

    @contextmanager
    def _errors_in_words(self) -> Iterator[None]:
        try:
            yield
        except (DataError, OverflowError, UnicodeEncodeError) as error:
            reason = str(getattr(error, "orig", error))
            raise UnstorableError(f"The store can't keep this value: {reason}.") from error
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(_explained(self._url, error)) from error

    def copy_to(self, path: Path) -> None:
        """Write a copy of all data, as of one moment, to a file that is not there yet.

        Others may read and write meanwhile. Raises StoreError where the database is on a server.
        """
        if self.engine.dialect.name != "sqlite":
            raise StoreError(
                "This store is kept by a database server; back it up there (PostgreSQL: pg_dump)."
            )
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(path),))
        except sqlite3.Error as error:
            raise StoreError(f"The store can't be copied to {path}: {error}.") from error
        finally:
            connection.close()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def in_chunks(values: Sequence[T], size: int = PARAMETERS_PER_STATEMENT) -> Iterator[Sequence[T]]:
    """Cut values into pieces that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _engine(url: str) -> sa.Engine:
    """Make the engine; for SQLite, set what each connection needs and how transactions begin."""
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
    """Bring the tables to `HEAD`; raises StoreError where they are not Slugline's."""
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
            if version is not None:
                log.info("Migrated the store from version %s to %s.", version, HEAD)


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


_REASONS = (
    (
        "locked",
        f"is being written by another process (for {BUSY_SECONDS} s). Try again when that is done.",
    ),
    ("disk is full", "can't be written: the disk is full. Free some space, then run this again."),
    (
        "readonly database",
        "can't be written: the file or its directory is read-only, or belongs to another user.",
    ),
    (
        "malformed",
        "is damaged. `slugline doctor` says more; `slugline restore` brings back a backup.",
    ),
    ("disk I/O error", "can't be read or written: the disk reports an error."),
    (
        "unable to open database file",
        "can't be opened: it is not a file, or its directory is read-only, or not yours.",
    ),
)
"""What SQLite's messages mean for a person, by a part of each."""


def _explained(url: str, error: Exception) -> str:
    parts = sa.make_url(url)
    place = parts.render_as_string(hide_password=True)
    if parts.get_backend_name() == "sqlite" and parts.database:
        place = parts.database
    reason = str(getattr(error, "orig", None) or error)
    for part, words in _REASONS:
        if part in reason:
            return f"The store {place} {words}"
    return f"The store {place} can't be used: {reason.splitlines()[0]}."
