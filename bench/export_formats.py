"""Rows a second and memory of exports, beside the library alone writing the same rows from memory.

    python bench/export_formats.py HOME

HOME is a data directory with articles. Each export runs in a process of its own: reading the rows
from the store, then writing them from memory by the format, then by pyarrow or json alone. The last
column is how long the format takes for each second of the library alone.
"""

from __future__ import annotations

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
from pathlib import Path
from typing import Any, TypeVar

from export.columns import NAMES
from export.deliver import Export
from export.destinations import download, to_path
from export.files import blocks
from export.format import format_named
from export.record import Record, as_row, records
from export.request import ExportRequest
from export.shape import Shape
from store.store import Store

T = TypeVar("T")
FORMATS = ("jsonl", "csv", "parquet", "hf", "sqlite")
HELD = 20_000
"""Records that are held in memory while a format and its library write them."""


def main(home: Path) -> None:
    """Print a table."""
    print(
        f"{'format':<9}{'rows':>9}{'whole/s':>9}{'read/s':>9}{'write/s':>9}{'alone/s':>9}{'ratio':>7}{'MB':>7}{'first':>8}"
    )
    for name in FORMATS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(measure, (home, name)))


def measure(home: Path, name: str) -> str:
    """Return the line of one format."""
    chosen = format_named(name)
    with Store.at(home / "store.sqlite") as store, tempfile.TemporaryDirectory() as folder:
        made = Export(
            chosen, ExportRequest(text=True), store.articles, store.tags, Shape(text=True)
        )
        out = Path(folder) / "out"
        count, whole = timed(lambda: to_path(made, store.articles.ids(), out, _starts).articles)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        first = _first(made, store)
        read, reading = timed(lambda: sum(1 for _ in _read(store)))
        held = [record for _, record in zip(range(HELD), _read(store), strict=False)]
        shape = Shape(chosen.columns, text=True, total=len(held), scratch=Path(folder))
        ours: list[float] = []
        library: list[float] = []
        for turn in range(3):
            place = Path(folder) / f"ours-{turn}"
            ours.append(timed(partial(_write, name, held, place, shape))[1])
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


def _read(store: Store) -> Iterator[Record]:
    return records(store.articles.ids(), store.articles, store.tags)


def _first(made: Export, store: Store) -> float:
    with made.select(store.articles.ids()) as delivery:
        return timed(lambda: next(download(delivery, "news").blocks))[1]


def _write(name: str, held: list[Record], place: Path, shape: Shape) -> None:
    for path, pieces in format_named(name).open().files(held, shape):
        out = place / path if path else place
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("wb") as file:
            file.writelines(blocks(pieces))


def _dicts(held: list[Record]) -> list[dict[str, object]]:
    return [as_row(record) for record in held]


def _typed(held: list[Record]) -> list[dict[str, object]]:
    from export.formats.parquet import typed_row

    return [typed_row(record) for record in held]


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


def _sqlite_alone(rows: list[dict[str, object]], place: Path) -> None:
    """Write the rows as JSON into one table: no tags apart, no full text, no index."""
    with closing(sqlite3.connect(place)) as database:
        database.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, row TEXT)")
        database.executemany(
            "INSERT INTO articles VALUES (?, ?, ?)",
            [(row["id"], row["title"], json.dumps(row, ensure_ascii=False)) for row in rows],
        )
        database.commit()


ROWS: dict[str, Callable[[list[Record]], Any]] = {
    "jsonl": _dicts,
    "csv": _cells_alone,
    "parquet": _typed,
    "hf": _typed,
    "sqlite": _dicts,
}
ALONE: dict[str, Callable[[Any, Path], None]] = {
    "jsonl": _json_alone,
    "csv": _csv_alone,
    "parquet": _pyarrow_alone,
    "hf": _pyarrow_alone,
    "sqlite": _sqlite_alone,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
