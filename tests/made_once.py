"""What takes long to make and is the same for all tests is made once a worker of pytest.

Nothing here is a stand-in: each is what the program makes, kept from one test to the next.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa

import store.database
from ingest.parsing.pool import ReaderPool
from nlp.language import LanguageDetector
from nlp.ner.pipeline import Pipeline
from store.store import Store

_upgrade = store.database._upgrade


@contextmanager
def made_once() -> Iterator[None]:
    """Let the program take what was made before, for the length of a block."""
    with ExitStack() as stack:
        for name, kept in (
            ("nlp.entities.tagger.Pipeline", cache(Pipeline)),
            ("nlp.language.LanguageDetector", cache(LanguageDetector)),
            ("ingest.parsing.pool.ReaderPool", WarmReaderPool),
            ("store.database._upgrade", _upgrade_by_copying),
        ):
            stack.enter_context(patch(name, kept))
        yield


@cache
def empty_sqlite_store() -> Path:
    """Return the file of a store without articles, to be copied."""
    directory = Path(tempfile.mkdtemp(prefix="slugline-empty-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    with patch("store.database._upgrade", _upgrade):
        Store.at(directory / "store.sqlite").close()
    return directory / "store.sqlite"


@cache
def _statements() -> tuple[str, ...]:
    """Return what makes the tables of an empty store as all migrations leave them."""
    with closing(sqlite3.connect(empty_sqlite_store())) as connection:
        return tuple(connection.iterdump())[1:-1]  # without BEGIN and COMMIT


def _upgrade_by_copying(connection: sa.Connection) -> None:
    """Migrate a store, but give a new SQLite file its tables at once: the store of most tests."""
    if connection.dialect.name != "sqlite" or sa.inspect(connection).get_table_names():
        _upgrade(connection)
        return
    for statement in _statements():
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "UPDATE about SET value = lower(hex(randomblob(16))) WHERE key = 'identity'"
    )


class WarmReaderPool(ReaderPool):
    """A pool that leaves its processes to the next one: most tests read one short file."""

    _warm = ReaderPool()

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # those of ReaderPool
        self._idle, self._lock = self._warm._idle, self._warm._lock

    def close(self) -> None:
        """Leave the processes to the next pool."""


atexit.register(WarmReaderPool._warm.close)
