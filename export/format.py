"""The seam for export formats, and the list of those there are.

A format is a small module with one class that has this Protocol; `tests/export/contract.py` is the
suite that every format passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from export.csv_format import Csv
from export.jsonl import Jsonl
from export.record import Record
from models.errors import UsageError


class Format(Protocol):
    """A way to write records; called once an export."""

    name: str
    suffix: str

    def write(
        self, records: Iterable[Record], out: Path, written: Callable[[], None]
    ) -> tuple[Path, ...]:
        """Write all records to `out` and return the files made, complete or not made at all.

        `written` is called after each record. Raises OSError where a file can't be written.
        """


FORMATS: tuple[Format, ...] = (Jsonl(), Csv())


def format_of(name: str | None, out: Path) -> Format:
    """Return the format of that name, or the one that the file's ending says; raises UsageError."""
    for known in FORMATS:
        if name == known.name or (name is None and out.suffix == known.suffix):
            return known
    names = ", ".join(known.name for known in FORMATS)
    if name is None:
        raise UsageError(f"The ending of {out} names no format; say which with --format ({names}).")
    raise UsageError(f"There is no export format {name!r}; there are {names}.")
