"""How an SQLite file is opened: to be written, or only read where nobody may write it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from models.errors import StoreError

BUSY_SECONDS = 30

WRITING = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "cache_size=-65536",
)
READING = (f"busy_timeout={BUSY_SECONDS * 1000}", "cache_size=-65536")


_ROOM = 65_536
"""Bytes: twice the memory that the readers of a store share at least."""
APPLICATION = int.from_bytes(b"Slug")
"""What SQLite's header says of whose file it is; 0 in files that nobody marked."""
NOT_OURS = "{} is a database, but not one of Slugline's. Name another place with --home."


def only_to_be_read(path: Path) -> bool:
    """Say whether a store is there that this process can't write, as on a read-only disk.

    SQLite writes into the directory as well: without that right, it can only read.
    """
    return path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def is_full(url: str) -> bool:
    """Say whether the disk of a store has no room, of which SQLite tells as an error of the disk.

    Even to read, SQLite needs a few pages of room for the memory that its readers share.
    """
    path = sa.make_url(url).database
    try:
        return bool(path) and shutil.disk_usage(Path(path or "").parent).free < _ROOM
    except OSError:
        return False


def reading_url(path: Path) -> str:
    """Return the URL that opens a file for reading alone.

    A file that was closed well has no log beside it, and is read as it is; SQLite would want to
    make one. With a log, SQLite reads both, if it can.
    """
    log = Path(f"{path}-wal")
    unchanging = "" if log.is_file() and log.stat().st_size else "&immutable=1"
    return f"sqlite:///file:{quote(str(path))}?mode=ro{unchanging}&uri=true"


def prepare(engine: sa.Engine, *, read_only: bool) -> None:
    """Set what each connection needs, and how transactions begin."""

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        # The driver would begin transactions at moments of its own; `begin` below does it.
        connection.isolation_level = None
        for pragma in READING if read_only else WRITING:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A reader that turns writer can't wait for another writer; so writers say so at once.
        writes = connection.get_execution_options().get("slugline_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def check_application(engine: sa.Engine, place: str) -> None:
    """Raise StoreError where another program has marked a file as its own."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if found not in (0, APPLICATION):
        raise StoreError(NOT_OURS.format(place))


def mark(connection: sa.Connection) -> None:
    """Mark a file as Slugline's, so that `file` and other programs know whose it is."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")


REASONS = (
    (
        "locked",
        f"is being written by another process (for {BUSY_SECONDS} s). Try again when that is done.",
    ),
    ("disk is full", "can't be written: the disk is full. Free some space, then run this again."),
    (
        "readonly database",
        "can't be written: the file or its directory is read-only, or belongs to another user.",
    ),
    ("malformed", "is damaged. `slugline restore` brings back a backup into another home."),
    ("not a database", "is damaged, or is not a store. `slugline restore` brings back a backup."),
    ("no such table", "is damaged: it lacks a table. `slugline restore` brings back a backup."),
    ("no such column", "is damaged: it lacks a column. `slugline restore` brings back a backup."),
    ("disk I/O error", "can't be read or written: the disk reports an error, or is full."),
    (
        "unable to open database file",
        "can't be opened: it is not a file, or its directory is read-only, or not yours.",
    ),
)
"""What SQLite's messages mean for a person, by a part of each."""
