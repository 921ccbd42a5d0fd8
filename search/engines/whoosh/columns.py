"""The values of indexed articles in columns: what is filtered by, counted, sorted and ranked with.

One `Columns` holds a segment of the index: each article is a row, each value that repeats is kept
once and named by its ordinal. Counting a facet over 100,000 rows is then three numpy calls. Names
are read when a search first needs them, since most searches need few.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int32]
    Times = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Blob = NDArray[np.uint8]

VALUES = ("topic", "entity", "source", "host", "section", "lang", "cluster", "story", "leader")
"""The columns of values that repeat; an article has any number of each."""

_DAY = 86_400_000_000
BETWEEN = "\x1f"
"""Stands between the key and the name of an entity."""


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


class Lazy(Mapping[str, Values]):
    """Columns by their names, each made when it is first asked for."""

    def __init__(self, make: Callable[[str], Values]) -> None:
        self._make = make
        self._made: dict[str, Values] = {}

    def __getitem__(self, field: str) -> Values:
        made = self._made.get(field)
        if made is None:
            made = self._made[field] = self._make(field)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(VALUES)

    def __len__(self) -> int:
        return len(VALUES)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one segment, or of several one after the other.

    `ids` are UTF-8 bytes; `published` microseconds since 1970; `lengths` words of title, summary
    and body in three columns; `names_of_entities` what `entity_names` reads, the newest last.
    """

    ids: NDArray[np.bytes_]
    published: Times
    lengths: Ints
    values: Mapping[str, Values]
    names_of_entities: tuple[Blob, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def days(self) -> NDArray[np.int64]:
        """Return the day of each row, counted from 1970-01-01."""
        return self.published // _DAY

    def entity_names(self) -> tuple[tuple[str, str], ...]:
        """Return the key of each entity and its name, by key; of several names the newest."""
        lines = (line for blob in self.names_of_entities for line in from_blob(blob))
        pairs = (line.partition(BETWEEN) for line in lines)
        return tuple(sorted({key: name for key, _, name in pairs}.items()))

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
        compact = _compacted(values)
        return Columns(
            self.ids[mask],
            self.published[mask],
            self.lengths[mask],
            compact,
            (self._names_of(set(compact["entity"].names)),),
        )

    def _names_of(self, keys: set[str]) -> Blob:
        """Return the names of some entities as a file holds them."""
        kept = (pair for pair in self.entity_names() if pair[0] in keys)
        return to_blob(map(BETWEEN.join, kept))

    def to_bytes(self) -> bytes:
        """Return the columns as a file holds them."""
        arrays: dict[str, Any] = {
            "ids": self.ids,
            "published": self.published,
            "lengths": self.lengths,
            "entity_names": to_blob(map(BETWEEN.join, self.entity_names())),
        }
        for field, column in self.values.items():
            arrays[f"{field}.rows"] = column.rows
            arrays[f"{field}.ordinals"] = column.ordinals
            arrays[f"{field}.names"] = to_blob(column.names)
        file = io.BytesIO()
        np.savez(file, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Columns:
        """Read what `to_bytes` made; raises ValueError or KeyError for anything else."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        parts = {
            field: tuple(arrays[f"{field}.{part}"] for part in ("rows", "ordinals", "names"))
            for field in VALUES
        }

        def made(field: str) -> Values:
            rows, ordinals, names = parts[field]
            return Values(rows, ordinals, from_blob(names))

        return cls(
            arrays["ids"],
            arrays["published"],
            arrays["lengths"],
            Lazy(made),
            (arrays["entity_names"],),
        )


def to_blob(names: Iterable[str]) -> Blob:
    """Return names as a file holds them, a line each."""
    text = "".join(f"{name}\n" for name in names)
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def from_blob(blob: Blob) -> tuple[str, ...]:
    """Return the names that `to_blob` was given."""
    return tuple(blob.tobytes().decode("utf-8", "surrogatepass").split("\n")[:-1])


def joined(parts: Sequence[Columns]) -> Columns:
    """Return the rows of some columns, one at least, one after the other.

    The names of entities are those of the later parts.
    """
    if len(parts) == 1:
        return parts[0]

    def made(field: str) -> Values:
        numbers: dict[str, int] = {}
        rows, ordinals, base = [], [], 0
        for part in parts:
            column = part.values[field]
            known = [numbers.setdefault(name, len(numbers)) for name in column.names]
            rows.append(column.rows + np.int32(base))
            ordinals.append(np.array(known, dtype=np.int32)[column.ordinals])
            base += len(part)
        return Values(np.concatenate(rows), np.concatenate(ordinals), tuple(numbers))

    return Columns(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.published for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        Lazy(made),
        tuple(blob for part in parts for blob in part.names_of_entities),
    )


def _compacted(values: dict[str, Values]) -> dict[str, Values]:
    """Drop the names that no row has any more."""
    compact = {}
    for field, column in values.items():
        used, ordinals = np.unique(column.ordinals, return_inverse=True)
        names = tuple(column.names[i] for i in used)
        compact[field] = Values(column.rows, ordinals.astype(np.int32), names)
    return compact
