"""A Hugging Face dataset: a directory with Parquet files, which `load_dataset(DIRECTORY)` reads.

The card (README.md) with features and splits is written with the description of the export.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from export.files import OutputFile
from export.formats.parquet import schema_of, table
from export.record import Record
from export.write_options import WriteOptions

ROWS_PER_FILE = 100_000


class HuggingFace:
    """Files `data/SPLIT-00000-of-00001.parquet`."""

    def files(self, records: Iterable[Record], options: WriteOptions) -> Iterator[OutputFile]:
        """Yield the files of one split."""
        schema = schema_of(options.columns, text=options.text)
        files = max(1, -(-options.total // ROWS_PER_FILE))
        source = iter(records)
        for number in range(files):
            name = f"{options.part or 'train'}-{number:05}-of-{files:05}.parquet"
            yield f"data/{name}", table(islice(source, ROWS_PER_FILE), schema)


def features(columns: Sequence[str], *, text: bool) -> list[str]:
    """Return the `features` of the card as lines of YAML."""
    lines: list[str] = []
    for field in schema_of(columns, text=text):
        lines += _feature(field.name, field.type, "  ")
    return lines


def _feature(name: str, kind: Any, indent: str) -> list[str]:
    from pyarrow import types

    head = f"{indent}- name: {name}"
    if types.is_list(kind) and types.is_struct(kind.value_type):
        return [head, f"{indent}  list:", *_fields(kind.value_type, indent + "  ")]
    if types.is_list(kind):
        return [head, f"{indent}  list: {kind.value_type}"]
    if types.is_struct(kind):
        return [head, f"{indent}  struct:", *_fields(kind, indent + "  ")]
    return [head, f"{indent}  dtype: {_dtype(kind)}"]


def _fields(struct: Any, indent: str) -> list[str]:
    return [line for field in struct for line in _feature(field.name, field.type, indent)]


def _dtype(kind: Any) -> str:
    text = str(kind)
    return {"double": "float64"}.get(text, f"'{text}'" if "[" in text else text)
