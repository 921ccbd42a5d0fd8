"""Columns in the making: what an article's values become when it is indexed."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from search.document import Document, to_micros
from search.engines.whoosh.columns import BETWEEN, VALUES, Columns, Values, to_blob


class ColumnsWriter:
    """Columns in the making: add documents in the order of their rows, then finish."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self._published = array("q")
        self._lengths = array("i")
        self._rows = {field: array("i") for field in VALUES}
        self._ordinals = {field: array("i") for field in VALUES}
        self._numbers: dict[str, dict[str, int]] = {field: {} for field in VALUES}
        self._entity_names: dict[str, str] = {}

    def add(self, document: Document, lengths: tuple[int, int, int]) -> None:
        """Add a row; `lengths` are the words of title, summary and body."""
        row = len(self.ids)
        self.ids.append(document.id.encode())
        self._published.append(to_micros(document.published))
        self._lengths.extend(lengths)
        values: tuple[tuple[str, Iterable[str]], ...] = (
            ("topic", document.topics),
            ("entity", dict.fromkeys(key for key, _, _ in document.entities)),
            ("source", (document.source,)),
            ("host", (document.host,)),
            ("section", (document.section,)),
            ("lang", (document.language,)),
            ("cluster", (document.cluster,)),
            ("story", (document.story,)),
            ("leader", (document.leader,)),
        )
        for field, names in values:
            numbers = self._numbers[field]
            for name in map(_one_line, names):
                if name:
                    self._rows[field].append(row)
                    self._ordinals[field].append(numbers.setdefault(name, len(numbers)))
        for key, name, _ in document.entities:
            self._entity_names[_one_line(key)] = _one_line(name)

    def finish(self) -> Columns:
        """Return the columns."""
        values = {
            field: Values(
                np.array(self._rows[field], dtype=np.int32),
                np.array(self._ordinals[field], dtype=np.int32),
                tuple(self._numbers[field]),
            )
            for field in VALUES
        }
        return Columns(
            np.array(self.ids, dtype=np.bytes_) if self.ids else np.zeros(0, dtype="S1"),
            np.array(self._published, dtype=np.int64),
            np.array(self._lengths, dtype=np.int32).reshape(-1, 3),
            values,
            (to_blob(map(BETWEEN.join, sorted(self._entity_names.items()))),),
        )


def _one_line(name: str) -> str:
    """Return a value without the characters that separate values in a file."""
    if "\n" in name or BETWEEN in name:
        return " ".join(name.replace(BETWEEN, " ").split())
    return name
