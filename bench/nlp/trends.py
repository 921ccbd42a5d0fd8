"""How long trends take, beside counting the articles of the same days in SQL.

    .venv/bin/python -m bench.nlp.trends HOME

HOME is a tagged home; its days are counted first, if they are not.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nlp.trends import UNITS, find_trends
from store.store import Store

ROUNDS = 9
PLAIN = (
    "SELECT entity, sum(published >= ?), count(*) FROM articles"
    " JOIN article_entities ON article = number"
    " WHERE published >= ? AND published < ? AND leader IS NULL GROUP BY entity"
)


def median(act: Callable[[], object]) -> float:
    """Return the median time of an act, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main(home: str) -> None:
    """Print the times."""
    path = Path(home) / "store.sqlite"
    with Store.at(path) as store:
        began = time.perf_counter()
        days = store.trends.refresh()
        print(f"{days} days counted anew in {time.perf_counter() - began:.1f} s")
        for by in UNITS:
            trends = find_trends(store.trends, None, None, None, 25, by)
            took = median(partial(find_trends, store.trends, None, None, None, 25, by))
            print(f"trends by {by}: {took:.0f} ms", trends and (trends.now, trends.before))
    if trends is None:
        return
    plain = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    stretches = trends.stretches
    days_asked = [str(each) for each in (stretches.since, stretches.before, stretches.until)]
    took = median(lambda: plain.execute(PLAIN, days_asked).fetchall())
    print(f"entities of the same days in plain SQL alone: {took:.0f} ms")
    plain.close()


if __name__ == "__main__":
    main(sys.argv[1])
