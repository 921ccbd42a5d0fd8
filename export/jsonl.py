"""JSON Lines: one article a line, with all that is known of it (https://jsonlines.org)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from export.record import Record, as_row
from export.whole_file import whole_file


class Jsonl:
    """One JSON object a line, in UTF-8."""

    name = "jsonl"
    suffix = ".jsonl"

    def write(
        self, records: Iterable[Record], out: Path, written: Callable[[], None]
    ) -> tuple[Path, ...]:
        """Write all records to one file."""
        with whole_file(out) as file:
            for record in records:
                file.write(json.dumps(as_row(record), ensure_ascii=False) + "\n")
                written()
        return (out,)
