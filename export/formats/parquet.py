"""Parquet: typed columns with nested lists, for pandas, Polars, DuckDB and Spark.

With `partition` "month" it is a directory whose `data/` has the layout of Hive
(`data/month=2023-11/part-0.parquet`), which all of these read as one table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from export.files import OutputFile, Sink
from export.record import Record
from export.values import VALUES, Value
from export.write_options import WriteOptions
from models.batches import batches

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
            wikidata=pa.string(),
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
    "lists": pa.list_(
        _struct(
            list=pa.string(),
            kind=pa.string(),
            note=pa.string(),
            tags=pa.list_(pa.string()),
            quote=pa.string(),
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

    def files(self, records: Iterable[Record], options: WriteOptions) -> Iterator[OutputFile]:
        """Yield the file, or the months as they come."""
        schema = schema_of(options.columns, text=options.text)
        if options.partition == "month":
            yield from _months(records, schema)
        else:
            yield "", table(records, schema)


def table(records: Iterable[Record], schema: pa.Schema) -> Iterator[bytes]:
    """Yield the contents of a Parquet file with these records, a row group at a time."""
    sink = Sink()
    with pq.ParquetWriter(sink, schema, compression=COMPRESSION) as writer:
        for batch in batches(records, BATCH):
            writer.write_batch(_batch(batch, schema))
            yield sink.take()
    yield sink.take()


def _batch(records: Sequence[Record], schema: pa.Schema) -> pa.RecordBatch:
    """Return records as columns; struct after struct of them would take three times as long."""
    arrays = [pa.array(list(map(_value(field), records)), field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _value(field: pa.Field) -> Value:
    if field.name == "versions" and field.type.value_type.get_field_index("summary") < 0:
        return lambda record: [(v.number, v.title, v.seen) for v in record.versions]
    return VALUES[field.name]


def _months(records: Iterable[Record], schema: pa.Schema) -> Iterator[OutputFile]:
    """Yield a file for each run of records of one month; they come newest first."""
    parts: Counter[str] = Counter()
    for month, run in groupby(records, _month):
        yield f"data/month={month}/part-{parts[month]}.parquet", table(run, schema)
        parts[month] += 1
    if not parts:
        yield "data/part-0.parquet", table((), schema)


def _month(record: Record) -> str:
    published = record.tagged.article.published
    return f"{published:%Y-%m}" if published else UNDATED
