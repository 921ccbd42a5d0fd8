"""Rows a second and memory of exports, beside the library alone writing the same rows from memory.

    python -m bench.running.export_formats HOME [ARTICLES]

HOME is a data directory with articles, of which the newest ARTICLES are exported, or all. Each
export runs in a process of its own: reading the rows from the store, then writing them from memory
by the format, then by pyarrow, json, csv or sqlite3 alone. The last column is the time to the first
byte; before it stands how long the format takes for each second of the library alone.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from export.columns import NAMES
from export.deliver import Export
from export.destinations import download, to_path
from export.files import blocks
from export.format import format_named
from export.record import Record, as_row, records
from export.request import ExportRequest
from export.write_options import WriteOptions
from store.store import Store

T = TypeVar("T")
FORMATS = ("jsonl", "csv", "parquet", "hf", "sqlite")
HELD = 20_000
"""Records that are held in memory while a format and its library write them."""


def main(home: Path, most: int) -> None:
    """Print a table."""
    print(
        f"{'format':<9}{'rows':>9}{'whole/s':>9}{'read/s':>9}{'write/s':>9}{'alone/s':>9}{'ratio':>7}{'MB':>7}{'first':>8}"
    )
    for name in FORMATS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(measure, (home, name, most)))


def measure(home: Path, name: str, most: int) -> str:
    """Return the line of one format."""
    chosen = format_named(name)
    with Store.at(home / "store.sqlite") as store, tempfile.TemporaryDirectory() as folder:
        made = Export(
            chosen, ExportRequest(text=True), store.articles, store.tags, WriteOptions(text=True)
        )
        out = Path(folder) / "out"
        count, whole = timed(lambda: to_path(made, _ids(store, most), out, _starts).articles)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        first = _first(made, store, most)
        read, reading = timed(lambda: sum(1 for _ in _read(store, most)))
        held = [record for _, record in zip(range(HELD), _read(store, most), strict=False)]
        # What is held for the sake of measuring is not to be searched for garbage meanwhile.
        gc.collect()
        gc.freeze()
        options = WriteOptions(chosen.columns, text=True, total=len(held), scratch=Path(folder))
        ours: list[float] = []
        library: list[float] = []
        for turn in range(3):
            place = Path(folder) / f"ours-{turn}"
            ours.append(timed(partial(_write, name, held, place, options))[1])
            place = Path(folder) / f"alone-{turn}"
            library.append(timed(partial(ALONE[name], ROWS[name](held), place))[1])
        n, best, alone = len(held), min(ours), min(library)
    return (
        f"{name:<9}{count:>9,}{count / whole:>9,.0f}{read / reading:>9,.0f}{n / best:>9,.0f}"
        f"{n / alone:>9,.0f}{best / alone:>7.2f}{memory:>7,.0f}{first * 1000:>6,.0f}ms"
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what work gives, and how many seconds it took."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _starts(total: int) -> Callable[[], None]:  # noqa: ARG001 - as a bar is begun
    return lambda: None


def _ids(store: Store, most: int) -> Iterator[str]:
    return islice(store.articles.ids(), most)


def _read(store: Store, most: int) -> Iterator[Record]:
    return records(_ids(store, most), store.articles, store.tags)


def _first(made: Export, store: Store, most: int) -> float:
    with made.select(_ids(store, most)) as delivery:
        return timed(lambda: next(download(delivery, "news").blocks))[1]


def _write(name: str, held: list[Record], place: Path, options: WriteOptions) -> None:
    for path, pieces in format_named(name).open().files(held, options):
        out = place / path if path else place
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("wb") as file:
            file.writelines(blocks(pieces))


def _dicts(held: list[Record]) -> list[dict[str, object]]:
    return [as_row(record) for record in held]


def _typed(held: list[Record]) -> list[dict[str, object]]:
    found = []
    for record in held:
        row, article = as_row(record), record.tagged.article
        seen = [version.seen for version in record.versions]
        versions = [row | {"seen": at} for row, at in zip(row["versions"], seen, strict=True)]
        found.append(
            row | {"published": article.published, "fetched": article.fetched, "versions": versions}
        )
    return found


def _json_alone(rows: list[dict[str, object]], place: Path) -> None:
    with place.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _csv_alone(rows: list[tuple[str, ...]], place: Path) -> None:
    import csv

    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _cells_alone(held: list[Record]) -> list[tuple[str, ...]]:
    from export.formats.csv import _cells

    return [_cells(record) for record in held]


def _pyarrow_alone(rows: list[dict[str, object]], place: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from export.formats.parquet import COMPRESSION, schema_of

    table = pa.Table.from_pylist(rows, schema=schema_of(NAMES))
    pq.write_table(table, place, compression=COMPRESSION, row_group_size=4_000)


Tables = tuple[list[str], dict[str, list[tuple[object, ...]]]]


def _tables(held: list[Record]) -> Tables:
    """Return the statements that make the tables of an export, and the rows of each."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "rows"
        options = WriteOptions(NAMES, text=True, total=len(held), scratch=Path(folder))
        _write("sqlite", held, place, options)
        with closing(sqlite3.connect(place)) as database:
            made = database.execute(
                "SELECT sql, type, name FROM sqlite_master WHERE sql NOT NULL AND tbl_name"
                " NOT LIKE 'articles_fts%' AND tbl_name NOT LIKE 'sqlite%' ORDER BY type DESC"
            ).fetchall()
            rows = {
                name: database.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - ours
                for _, kind, name in made
                if kind == "table"
            }
    return [sql for sql, _, _ in made], rows


def _sqlite_alone(tables: Tables, place: Path) -> None:
    """Write the same tables, with their indexes and their full text."""
    statements, rows = tables
    with closing(sqlite3.connect(place, isolation_level=None)) as database:
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        database.execute("BEGIN")
        for sql in statements:
            if sql.startswith("CREATE TABLE"):
                database.execute(sql)
        for name, found in rows.items():
            marks = ", ".join("?" * len(found[0])) if found else ""
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", found)  # noqa: S608 - ours
        database.execute("COMMIT")
        for sql in statements:
            if not sql.startswith("CREATE TABLE"):
                database.execute(sql)
        database.execute(
            "CREATE VIRTUAL TABLE articles_fts USING fts5(title, summary, body, content='articles')"
        )
        database.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")


ROWS: dict[str, Callable[[list[Record]], Any]] = {
    "jsonl": _dicts,
    "csv": _cells_alone,
    "parquet": _typed,
    "hf": _typed,
    "sqlite": _tables,
}
ALONE: dict[str, Callable[[Any, Path], None]] = {
    "jsonl": _json_alone,
    "csv": _csv_alone,
    "parquet": _pyarrow_alone,
    "hf": _pyarrow_alone,
    "sqlite": _sqlite_alone,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else sys.maxsize)
