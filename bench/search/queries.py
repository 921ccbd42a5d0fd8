"""Times the queries of queries.txt on our engines, beside the raw libraries, in one run.

    python -m bench.search.queries 2023-11.zip [2023-03.zip] [--engines whoosh,tantivy] [--limit N]
        [--index DIRECTORY] [--times 3]

Articles are read from monthly archives and tagged roughly (words in capitals are entities, a few
seed words make topics, the same title makes a duplicate): what is measured is search, not tagging.
Raw Whoosh is stopped after 10 seconds by its own TimeLimitCollector. Prints documents a second,
size, memory, and the median, 95th percentile and worst time of a query in milliseconds, with and
without five facets: of the first time it is asked, and of the best of some times; then ours beside
each raw library over the queries that it can say. `--index` keeps what is indexed for another run.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.search.archive import documents
from bench.search.systems import CANT, Fts5, Ours, RawTantivy, RawWhoosh
from search.document import Document

HERE = Path(__file__).parent

Answer = tuple[int, str]


def queries() -> list[str]:
    """Return the queries of the query file."""
    lines = (HERE / "queries.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Timing:
    """The times of one system, with or without facets, in milliseconds by query."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.first: dict[str, float] = {}
        self.best: dict[str, float] = {}

    def take(self, text: str, ask: Callable[[], Answer], slow: float = 2.0) -> Answer:
        """Time a query: the first time, and the best (of one where it is slow)."""
        times = []
        answer = (0, "")
        for _ in range(self.times):
            began = time.perf_counter()
            answer = ask()
            times.append((time.perf_counter() - began) * 1000)
            if answer[1] == CANT:
                return answer
            if times[-1] > slow * 1000:
                break
        self.first[text] = times[0]
        self.best[text] = min(times)
        return answer

    def __str__(self) -> str:
        first, best = spread(self.first.values()), spread(self.best.values())
        return f"{len(self.best)} queries; first {first}; again {best}"


def spread(times: Iterable[float]) -> str:
    """Tell the median, 95th percentile and worst of some times."""
    ordered = sorted(times)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    middle = statistics.median(ordered)
    return f"median {middle:8.1f}  95th {high:8.1f}  worst {ordered[-1]:8.1f}"


def build(system: Any, found: Sequence[Document]) -> None:
    """Index documents in a system, once, and print what that took."""
    filled = system.directory / "filled"
    if filled.exists():
        print(f"{system.name:18} {filled.read_text()} (of an earlier run)", flush=True)
        return
    gc.collect()
    before = peak(anew=True)
    began = time.perf_counter()
    system.index(iter(found))
    seconds = time.perf_counter() - began
    size = sum(f.stat().st_size for f in system.directory.rglob("*") if f.is_file()) / 1e6
    took = (
        f"{len(found):,} documents, {len(found) / seconds:,.0f}/s, {size:,.0f} MB,"
        f" {peak() - before:,.0f} MB of memory at the most"
    )
    filled.write_text(took)
    print(f"{system.name:18} {took}", flush=True)


def peak(*, anew: bool = False) -> float:
    """Return the most memory this process has had, in MB; since now, if `anew` (Linux only)."""
    with contextlib.suppress(OSError):
        if anew:
            Path("/proc/self/clear_refs").write_text("5")
        status = Path("/proc/self/status").read_text()
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            return int(found[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Index, ask, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("archives", nargs="+")
    arguments.add_argument("--engines", default="whoosh,tantivy")
    arguments.add_argument("--limit", type=int, default=10**9)
    arguments.add_argument("--raw", default="whoosh,tantivy,fts5", help="raw libraries beside")
    arguments.add_argument("--index", help="where to keep the indexes, for another run")
    arguments.add_argument("--times", type=int, default=3, help="how often a query is asked")
    given = arguments.parse_args()
    kinds = {"whoosh": RawWhoosh, "tantivy": RawTantivy, "fts5": Fts5}
    with tempfile.TemporaryDirectory(prefix="slugline-bench-") as name:
        place = Path(given.index or name)
        ours = [Ours(engine, place / "ours") for engine in given.engines.split(",") if engine]
        raw: list[Any] = [kinds[kind](place / kind) for kind in given.raw.split(",") if kind]
        systems = [*ours, *raw]
        found: list[Document] = []
        for system in systems:
            if not found and not (system.directory / "filled").exists():
                found = list(documents(given.archives, given.limit))
            build(system, found)
        del found
        timings = {
            (s.name, facets): Timing(given.times) for s in systems for facets in (False, True)
        }
        for text in queries():
            cells = []
            for system in systems:
                for facets in (False, True):
                    timing = timings[system.name, facets]
                    total, note = timing.take(text, partial(system.ask, text, facets=facets))
                    cells.append("-" if note == CANT else f"{timing.best[text]:.1f}")
                cells.append(f"({total:,}{' ' + note if note else ''})")
            print(f"{text[:44]:44} {' '.join(cells)}", flush=True)
        for (system_name, facets), timing in timings.items():
            print(f"{system_name:18} {_facets(facets)}: {timing}")
        for other in raw:
            for facets in (False, True):
                asked = timings[other.name, facets].best
                print(f"the {len(asked)} queries that {other.name} can say, {_facets(facets)}:")
                for system in (*ours, other):
                    best = timings[system.name, facets].best
                    print(f"  {system.name:18} {spread(best[text] for text in asked)}")


def _facets(facets: bool) -> str:
    return "five facets" if facets else "no facets"


if __name__ == "__main__":
    main()
