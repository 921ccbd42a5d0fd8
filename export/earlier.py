"""Reads the rows of an earlier export of ours, JSON Lines or Parquet, a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from export.record import iso
from models.errors import SourceError, UsageError

BATCH = 1_000


def rows_of(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a file, with times as the export contract writes them.

    Raises UsageError for a file of another kind, SourceError for one that can't be read.
    """
    if path.suffix == ".jsonl":
        return _json_rows(path)
    if path.suffix == ".parquet":
        return _parquet_rows(path)
    raise UsageError(f"{path} is not an export that can be compared; give one in jsonl or parquet.")


def _json_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise SourceError(f"{path}, line {number} is not JSON: {error}.") from error
                if not isinstance(row, dict) or not isinstance(row.get("id"), str):
                    raise SourceError(f"{path}, line {number} is not a row of an export.")
                yield row
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} can't be read: {error}.") from error


def _parquet_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise UsageError(
            "Parquet needs the package pyarrow. Install it with: pip install 'slugline[parquet]'"
        ) from error
    import pyarrow as pa

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH):
                yield from (_plain(row) for row in batch.to_pylist())
    except (OSError, pa.ArrowException) as error:
        raise SourceError(f"{path} can't be read: {error}.") from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
