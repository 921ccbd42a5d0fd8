"""JSON Lines: one article a line, with all that is known of it (https://jsonlines.org)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from export.files import OneFile
from export.record import Record, as_row
from export.write_options import WriteOptions


class Jsonl(OneFile):
    """One JSON object a line, in UTF-8."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield one line an article; summaries are part of the export contract."""
        for record in records:
            row = as_row(record)
            if options.columns != tuple(row):
                row = {name: row.get(name, []) for name in options.columns}
            yield json.dumps(row, ensure_ascii=False) + "\n"
