"""The options that every export format receives: columns, texts, partitions, splits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


def _unweighted(both: int, one: int, other: int, total: int) -> float:  # noqa: ARG001 - a default
    return float(both)


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a format writes its records.

    `columns` are the columns to write (empty: all columns of the format). `text` includes summaries
    and bodies, whose copyright is with their publishers. `notes` says that a list is exported, with
    its notes on each article. `partition` is "month" or "". `part` is the part of a split that is
    being written, "" without a split. `total` is the number of records to come. `title` names the
    dataset in formats that have a title. `topics` maps slugs to (name, IPTC Media Topics codes).
    `weigh` returns the association of two entities, given that `both` of `total` articles name
    the two, and `one` and `other` articles name each. `scratch` is the directory for temporary
    files, None for the system's.
    """

    columns: tuple[str, ...] = ()
    text: bool = False
    notes: bool = False
    partition: str = ""
    part: str = ""
    total: int = 0
    title: str = "Tagged news"
    topics: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    weigh: Callable[[int, int, int, int], float] = _unweighted
    scratch: Path | None = None
