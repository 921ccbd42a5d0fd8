"""Precision and recall of duplicate detection on hand-labelled pairs of the real archive.

    SLUGLINE_ARCHIVE=... python -m bench.ingest.duplicates

tests/data/ingest/duplicate_pairs.jsonl holds ids and labels only; docs/ingest.md says how the pairs
were chosen. A pair counts as joined if both pieces are in one group, as a user sees it. Each is
judged twice: in its month, and among the labelled articles alone, where what an outlet repeats
can't be counted. Where pairs carry a `weight` (how many of their month each stands for), the
figures of the month's candidates are given too.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.duplicate_rules import Text
from ingest.duplicates import find_pairs, group
from ingest.source import read
from ingest.urls import outlet_of

ROOT = Path(__file__).resolve().parents[2]

PAIRS = ROOT / "tests/data/ingest/duplicate_pairs.jsonl"
SETS = ("tuned", "held", "later")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Two articles of a month, and whether a person says that they are one story."""

    month: str
    first: str
    second: str
    same: bool
    set: str
    weight: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision and recall, as counted and as weighted, and how many pairs they rest on."""

    pairs: int
    precision: float
    recall: float
    weighted_precision: float
    weighted_recall: float

    def __str__(self) -> str:
        weighted = f"weighted {self.weighted_precision:.3f} {self.weighted_recall:.3f}"
        return f"{self.pairs} pairs: {self.precision:.3f} {self.recall:.3f}, {weighted}"


def labelled() -> list[Labelled]:
    """Return the labelled pairs."""
    rows = map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())
    return [
        Labelled(
            row["month"],
            row["first"],
            row["second"],
            row["same"],
            row["set"],
            float(row.get("weight", 1.0)),
        )
        for row in rows
    ]


def texts_of(archive: Path) -> list[Text]:
    """Read a month, each article once."""
    found: dict[str, Text] = {}
    for part in read(str(archive)):
        for e in part.entries:
            if e.published:
                found.setdefault(
                    e.id, Text(e.id, outlet_of(e.url, e.source), e.title, e.summary, e.published)
                )
    return list(found.values())


def leaders(texts: Sequence[Text]) -> dict[str, str]:
    """Return the leader of every article that repeats another."""
    groups = group(find_pairs(texts), texts)
    return {pair.second: one.leader for one in groups for pair in one.members}


def measure(pairs: Sequence[Labelled], joined: Callable[[Labelled], bool]) -> Figures:
    """Hold labels against what was joined."""
    hits = [pair for pair in pairs if pair.same and joined(pair)]
    joins = [pair for pair in pairs if joined(pair)]
    wanted = [pair for pair in pairs if pair.same]
    hit, join, want = (sum(pair.weight for pair in some) for some in (hits, joins, wanted))
    return Figures(
        len(pairs), len(hits) / len(joins), len(hits) / len(wanted), hit / join, hit / want
    )


def run(directory: Path) -> dict[str, Figures]:
    """Find the duplicates of each labelled month and measure them, by set of labels."""
    pairs = labelled()
    whole: dict[str, str] = {}
    alone: dict[str, str] = {}
    for month in sorted({pair.month for pair in pairs}):
        texts = texts_of(directory / f"{month}.zip")
        start = time.perf_counter()
        led = leaders(texts)
        seconds = time.perf_counter() - start
        print(
            f"{month}: {len(texts):,} articles, {len(set(led.values())):,} groups with "
            f"{len(led):,} repetitions, {len(texts) / seconds:,.0f} articles/s, peak memory "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000} MB"
        )
        ids = {pair_id for p in pairs if p.month == month for pair_id in (p.first, p.second)}
        whole |= led
        alone |= leaders([text for text in texts if text.id in ids])
    figures = {}
    for name, led in (("month", whole), ("alone", alone)):

        def joined(pair: Labelled, led: dict[str, str] = led) -> bool:
            return led.get(pair.first, pair.first) == led.get(pair.second, pair.second)

        for chosen in SETS:
            figures[f"{chosen}, {name}"] = measure([p for p in pairs if p.set == chosen], joined)
        figures[f"all, {name}"] = measure(pairs, joined)
    return figures


if __name__ == "__main__":
    for name, figures in run(Path(os.environ["SLUGLINE_ARCHIVE"])).items():
        print(f"{name}: {figures}")
