"""Copies a whole store to another database and verifies the counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.errors import StoreError, UsageError
from store.database import Database
from store.dialects.postgresql import insert_rows
from store.schema import metadata

ROWS = 1_000
"""Rows that are read and written together, so that memory does not grow with the store."""
_ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: its rows, and a sum of their hashes, whatever order they come in."""

    rows: int
    sum: int


def copy_store(
    source: Database, target: Database, progress: Callable[[str, int], object] = lambda *_: None
) -> dict[str, int]:
    """Copy all tables in one transaction; return the rows of each.

    Raises UsageError where the target holds something already, StoreError where afterwards a table
    is not the same in both, and then nothing is copied.
    """
    with source.reading() as reading, target.writing() as writing:
        for table in metadata.sorted_tables:
            if table.name != _ABOUT and writing.execute(sa.select(table).limit(1)).first():
                raise UsageError(
                    f"The store to copy to is not empty: it has {table.name}. Name a new one."
                )
        writing.execute(sa.delete(metadata.tables[_ABOUT]))
        counts = {}
        for table in metadata.sorted_tables:
            counts[table.name] = _copy(source, reading, writing, table)
            progress(table.name, counts[table.name])
        for table in metadata.sorted_tables:
            _name_one_another(source, reading, writing, table)
            _go_on_counting(writing, table)
        for table in metadata.sorted_tables:
            if content(reading, table) != content(writing, table):
                raise StoreError(
                    f"The table {table.name} is not the same in both stores; nothing was copied. "
                    "Was it written meanwhile? Stop what writes to it, and try again."
                )
    return counts


def content(connection: sa.Connection, table: sa.Table) -> Content:
    """Count and sum up the rows of a table."""
    rows = total = 0
    for row in connection.execute(sa.select(table).execution_options(yield_per=ROWS)):
        rows += 1
        text = json.dumps([_plain(value) for value in row], sort_keys=True, default=str)
        hashed = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        total = (total + int.from_bytes(hashed, "big")) % 2**64
    return Content(rows, total)


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _copy(source: Database, reading: sa.Connection, writing: sa.Connection, table: sa.Table) -> int:
    """Copy the rows of a table, for now without what names another row of the same table."""
    own = {column.name: None for column in _naming_own(table)}
    count = 0
    for rows in _batches(source, reading, sa.select(table)):
        insert_rows(writing, table, [dict(row._mapping) | own for row in rows])
        count += len(rows)
    return count


def _name_one_another(
    source: Database, reading: sa.Connection, writing: sa.Connection, table: sa.Table
) -> None:
    """Fill in what names another row of the same table, now that all rows are there."""
    keys = list(table.primary_key.columns)
    for column in _naming_own(table):
        found = sa.select(*keys, column).where(column.is_not(None))
        here = sa.and_(*(key == sa.bindparam(f"key_{key.name}") for key in keys))
        update = sa.update(table).where(here).values({column.name: sa.bindparam("named")})
        for rows in _batches(source, reading, found):
            values = [
                {f"key_{key.name}": row[at] for at, key in enumerate(keys)} | {"named": row[-1]}
                for row in rows
            ]
            writing.execute(update, values)


def _naming_own(table: sa.Table) -> list[sa.Column[Any]]:
    return [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def _batches(
    source: Database, connection: sa.Connection, query: sa.Select[Any]
) -> Iterator[list[sa.Row[Any]]]:
    """Yield rows of the source, some at a time; what can't be read is said of it by name."""
    with source.errors_in_words():
        found = connection.execute(query.execution_options(yield_per=ROWS))
        yield from (list(rows) for rows in found.partitions())


def _go_on_counting(writing: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL give the next row a number behind the copied ones; SQLite does by itself."""
    column = table.autoincrement_column
    if writing.dialect.name != "postgresql" or column is None:
        return
    highest = writing.scalar(sa.select(sa.func.max(column)))
    writing.execute(
        sa.text(
            "SELECT setval(seq, :next, false) FROM "
            "pg_get_serial_sequence(:table, :column) AS seq WHERE seq IS NOT NULL"
        ),
        {"table": table.name, "column": column.name, "next": (highest or 0) + 1},
    )
