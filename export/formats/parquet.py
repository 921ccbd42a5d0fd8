"""Parquet: typed columns with nested lists, for pandas, Polars, DuckDB and Spark.

With `partition` "month" it is a directory whose `data/` has the layout of Hive
(`data/month=2023-11/part-0.parquet`), which all of these read as one table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from export.columns import dataset_columns
from export.record import Record, as_row
from export.shape import Shape

BATCH = 4_000
"""Rows of a row group: about 8 MB in memory, and enough for columns to pack well."""
UNDATED = "undated"
COMPRESSION = "zstd"

_TIME = pa.timestamp("us", tz="UTC")


def _struct(**fields: Any) -> pa.StructType:
    return pa.struct(list(fields.items()))


TYPES: Mapping[str, Any] = {
    "categories": pa.list_(pa.string()),
    "published": _TIME,
    "fetched": _TIME,
    "topics": pa.list_(_struct(slug=pa.string(), score=pa.float64(), origin=pa.string())),
    "story": _struct(id=pa.string(), name=pa.string()),
    "entities": pa.list_(
        _struct(
            name=pa.string(),
            type=pa.string(),
            key=pa.string(),
            count=pa.int32(),
            origin=pa.string(),
        )
    ),
    "mentions": pa.list_(
        _struct(
            field=pa.string(),
            start=pa.int32(),
            end=pa.int32(),
            text=pa.string(),
            label=pa.string(),
            key=pa.string(),
            origin=pa.string(),
        )
    ),
    "version": pa.int32(),
    "versions": pa.list_(
        _struct(number=pa.int32(), title=pa.string(), summary=pa.string(), seen=_TIME)
    ),
    "corrections": _struct(
        topics=pa.list_(_struct(slug=pa.string(), fits=pa.bool_())), mentions=pa.bool_()
    ),
}
"""Arrow types of the columns; those not here are strings."""


def schema_of(columns: Iterable[str], *, text: bool = True) -> pa.Schema:
    """Return the Arrow schema of a dataset with these columns."""
    types = dict(TYPES)
    if not text:
        types["versions"] = pa.list_(_struct(number=pa.int32(), title=pa.string(), seen=_TIME))
    return pa.schema([(name, types.get(name, pa.string())) for name in columns])


class Parquet:
    """One file, or a directory with one a month."""

    def write(self, records: Iterable[Record], out: Path, shape: Shape) -> None:
        """Write the records a row group at a time."""
        columns = dataset_columns(shape.columns, text=shape.text)
        schema = schema_of(columns, text=shape.text)
        if shape.partition == "month":
            _write_months(records, out, schema)
        else:
            write_table(records, out, schema)


def write_table(records: Iterable[Record], out: Path, schema: pa.Schema) -> int:
    """Write records to one file; return how many there were."""
    count = 0
    source = iter(records)
    with pq.ParquetWriter(out, schema, compression=COMPRESSION) as writer:
        while batch := list(islice(source, BATCH)):
            writer.write_table(table_of(map(typed_row, batch), schema))
            count += len(batch)
    return count


def table_of(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table; keys that are no column are left out."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def typed_row(record: Record) -> dict[str, Any]:
    """Return a record as a row whose times are times."""
    row = as_row(record)
    row["published"] = record.tagged.article.published
    row["fetched"] = record.tagged.article.fetched
    for shown, version in zip(row["versions"], record.versions, strict=True):
        shown["seen"] = version.seen
    return row


def _write_months(records: Iterable[Record], out: Path, schema: pa.Schema) -> None:
    """Write a file for each run of records of one month; they come newest first."""
    data = out / "data"
    data.mkdir(parents=True)
    parts: Counter[str] = Counter()
    for month, run in groupby(records, _month):
        folder = data / f"month={month}"
        folder.mkdir(exist_ok=True)
        write_table(run, folder / f"part-{parts[month]}.parquet", schema)
        parts[month] += 1
    if not parts:
        write_table((), data / "part-0.parquet", schema)


def _month(record: Record) -> str:
    published = record.tagged.article.published
    return f"{published:%Y-%m}" if published else UNDATED
