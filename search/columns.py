"""The values of indexed articles in columns: what is filtered by, counted, sorted and ranked with.

One `Columns` holds a segment of the index: each article is a row, each value that repeats is kept
once and named by its ordinal. Counting a facet over 100,000 rows is then three numpy calls.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from search.engine import Document

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int32]
    Times = NDArray[np.int64]
    Mask = NDArray[np.bool_]

VALUES = ("topic", "entity", "source", "host", "section", "lang", "cluster", "leader")
"""The columns of values that repeat; an article has any number of each."""

UNDATED = -(2**62)
"""Stands for no date: before all that has one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000
_BETWEEN = "\x1f"


def to_micros(moment: datetime | None) -> int:
    """Return a moment as microseconds since 1970, `UNDATED` for None."""
    return UNDATED if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Values:
    """One column: `names[ordinals[i]]` is a value of row `rows[i]`; rows ascend."""

    rows: Ints
    ordinals: Ints
    names: tuple[str, ...]

    def rows_with(self, ordinals: Sequence[int], size: int) -> Mask:
        """Return the mask of the rows, of `size` in all, that have one of some values."""
        mask = np.zeros(size, dtype=bool)
        if len(ordinals):
            wanted = np.zeros(len(self.names), dtype=bool)
            wanted[list(ordinals)] = True
            mask[self.rows[wanted[self.ordinals]]] = True
        return mask

    def counted(self, mask: Mask) -> NDArray[np.int64]:
        """Return for each value how many of the rows in a mask have it."""
        return np.bincount(self.ordinals[mask[self.rows]], minlength=len(self.names))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one segment, or of several one after the other.

    `ids` are UTF-8 bytes; `published` microseconds since 1970; `lengths` words of title, summary
    and body in three columns; `entity_names` the pairs of key and name that were indexed.
    """

    ids: NDArray[np.bytes_]
    published: Times
    lengths: Ints
    values: dict[str, Values]
    entity_names: frozenset[tuple[str, str]]

    def __len__(self) -> int:
        return len(self.ids)

    def days(self) -> NDArray[np.int64]:
        """Return the day of each row, counted from 1970-01-01."""
        return self.published // _DAY

    def kept(self, mask: Mask) -> Columns:
        """Return the columns of the rows in a mask only, in their order."""
        renumbered = np.cumsum(mask, dtype=np.int32) - 1
        values = {}
        for field, column in self.values.items():
            here = mask[column.rows]
            values[field] = Values(
                renumbered[column.rows[here]].astype(np.int32),
                column.ordinals[here],
                column.names,
            )
        return Columns(
            self.ids[mask],
            self.published[mask],
            self.lengths[mask],
            _compacted(values),
            self.entity_names,
        )

    def to_bytes(self) -> bytes:
        """Return the columns as a file holds them."""
        arrays: dict[str, Any] = {
            "ids": self.ids,
            "published": self.published,
            "lengths": self.lengths,
            "entity_names": _to_blob(_BETWEEN.join(pair) for pair in sorted(self.entity_names)),
        }
        for field, column in self.values.items():
            arrays[f"{field}.rows"] = column.rows
            arrays[f"{field}.ordinals"] = column.ordinals
            arrays[f"{field}.names"] = _to_blob(column.names)
        file = io.BytesIO()
        np.savez(file, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Columns:
        """Read what `to_bytes` made; raises ValueError or KeyError for anything else."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            values = {
                field: Values(
                    arrays[f"{field}.rows"],
                    arrays[f"{field}.ordinals"],
                    _from_blob(arrays[f"{field}.names"]),
                )
                for field in VALUES
            }
            pairs = (pair.partition(_BETWEEN) for pair in _from_blob(arrays["entity_names"]))
            names = frozenset((key, name) for key, _, name in pairs)
            return cls(arrays["ids"], arrays["published"], arrays["lengths"], values, names)


def _to_blob(names: Iterable[str]) -> NDArray[np.uint8]:
    text = "".join(f"{name}\n" for name in names)
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _from_blob(blob: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(blob.tobytes().decode("utf-8", "surrogatepass").split("\n")[:-1])


def joined(parts: Sequence[Columns]) -> Columns:
    """Return the rows of some columns one after the other."""
    if not parts:
        return ColumnsWriter().finish()
    if len(parts) == 1:
        return parts[0]
    values = {}
    for field in VALUES:
        numbers: dict[str, int] = {}
        rows, ordinals, base = [], [], 0
        for part in parts:
            column = part.values[field]
            known = [numbers.setdefault(name, len(numbers)) for name in column.names]
            rows.append(column.rows + np.int32(base))
            ordinals.append(np.array(known, dtype=np.int32)[column.ordinals])
            base += len(part)
        values[field] = Values(np.concatenate(rows), np.concatenate(ordinals), tuple(numbers))
    return Columns(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.published for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        values,
        frozenset().union(*(part.entity_names for part in parts)),
    )


def _compacted(values: dict[str, Values]) -> dict[str, Values]:
    """Drop the names that no row has any more."""
    compact = {}
    for field, column in values.items():
        used, ordinals = np.unique(column.ordinals, return_inverse=True)
        names = tuple(column.names[i] for i in used)
        compact[field] = Values(column.rows, ordinals.astype(np.int32), names)
    return compact


class ColumnsWriter:
    """Columns in the making: add documents in the order of their rows, then finish."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self._published = array("q")
        self._lengths = array("i")
        self._rows = {field: array("i") for field in VALUES}
        self._ordinals = {field: array("i") for field in VALUES}
        self._numbers: dict[str, dict[str, int]] = {field: {} for field in VALUES}
        self._entity_names: set[tuple[str, str]] = set()

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
            ("leader", (document.leader,)),
        )
        for field, names in values:
            numbers = self._numbers[field]
            for name in map(_one_line, names):
                if name:
                    self._rows[field].append(row)
                    self._ordinals[field].append(numbers.setdefault(name, len(numbers)))
        for key, name, _ in document.entities:
            self._entity_names.add((_one_line(key), _one_line(name)))

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
            frozenset(self._entity_names),
        )


def _one_line(name: str) -> str:
    """Return a value without the characters that separate values in a file."""
    if "\n" in name or _BETWEEN in name:
        return " ".join(name.replace(_BETWEEN, " ").split())
    return name
