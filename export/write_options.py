"""How an export is written, whatever its format: columns, texts, parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


def _unweighted(both: int, one: int, other: int, total: int) -> float:  # noqa: ARG001 - a default
    return float(both)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a format needs to know beside the records.

    `columns` are those asked for (empty: all that the format has). `text` lets summaries and
    bodies out, which belong to their publishers. `notes` says that a list is exported, with what
    it says of each article. `partition` is "month" or "", `part` the split
    that is written, "" where there is one only. `total` is how many records will come. `title`
    names the dataset in formats that have a place for it. `topics` maps slugs to (name, IPTC Media
    Topics codes). `weigh` says how surprising it is that `both` of `total` articles name two
    entities, which `one` and `other` articles name. `scratch` is where temporary files go, None
    where the system keeps them.
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
