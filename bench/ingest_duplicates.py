"""Precision and recall of duplicate detection on hand-labelled pairs of the real archive.

    SLUGLINE_ARCHIVE=... python bench/ingest_duplicates.py

tests/data/ingest/duplicate_pairs.jsonl holds ids and labels only; docs/ingest.md says how the pairs
were chosen. Each pair stands for `weight` pairs of its month, so that the figures are those of the
month's candidates and not of the sample.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ingest.duplicates import Text, find_pairs, group  # noqa: E402 - after the path is set
from ingest.source import read  # noqa: E402

PAIRS = ROOT / "tests/data/ingest/duplicate_pairs.jsonl"


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision and recall, as counted and as weighted, and how many pairs they rest on."""

    pairs: int
    precision: float
    recall: float
    weighted_precision: float
    weighted_recall: float


def texts_of(archive: Path) -> list[Text]:
    """Read a month, each article once."""
    found = {}
    for part in read(str(archive)):
        for e in part.entries:
            if e.published:
                found.setdefault(e.id, Text(e.id, e.source, e.title, e.summary, e.published))
    return list(found.values())


def measure(rows: list[dict[str, object]], found: set[frozenset[str]]) -> Figures:
    """Hold labels against what was found."""
    counts: dict[tuple[bool, bool], int] = defaultdict(int)
    weights: dict[tuple[bool, bool], float] = defaultdict(float)
    for row in rows:
        key = (frozenset((str(row["first"]), str(row["second"]))) in found, bool(row["same"]))
        counts[key] += 1
        weights[key] += float(str(row["weight"]))
    hit, false, missed = (True, True), (True, False), (False, True)
    return Figures(
        len(rows),
        counts[hit] / (counts[hit] + counts[false]),
        counts[hit] / (counts[hit] + counts[missed]),
        weights[hit] / (weights[hit] + weights[false]),
        weights[hit] / (weights[hit] + weights[missed]),
    )


def run(directory: Path) -> dict[str, Figures]:
    """Find the duplicates of each labelled month and measure them, by set of labels."""
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    found: set[frozenset[str]] = set()
    for month in sorted({row["month"] for row in rows}):
        texts = texts_of(directory / f"{month}.zip")
        start = time.perf_counter()
        pairs = list(find_pairs(texts))
        seconds = time.perf_counter() - start
        groups = group(pairs, texts)
        members = sum(len(one.members) for one in groups)
        print(
            f"{month}: {len(texts):,} articles, {len(pairs):,} pairs, {len(groups):,} groups with "
            f"{members:,} repetitions, {len(texts) / seconds:,.0f} articles/s, peak memory "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000} MB"
        )
        found |= {frozenset((pair.first, pair.second)) for pair in pairs}
    chosen = {"tuned": [r for r in rows if r["set"] == "tuned"]}
    chosen["held"] = [r for r in rows if r["set"] == "held"]
    chosen["all"] = rows
    return {name: measure(some, found) for name, some in chosen.items()}


if __name__ == "__main__":
    for name, figures in run(Path(os.environ["SLUGLINE_ARCHIVE"])).items():
        print(name, figures)
