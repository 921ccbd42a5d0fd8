"""Kills every job at random moments, hundreds of times, over real articles, and says what is wrong.

    python -m bench.running.kills ARCHIVE_DAY --kills 10

Each job of `tests/robust/kills.py` is killed so often by SIGKILL, each time after it was started
again; then it finishes. Afterwards every article has to be there once, with the tags of a clean
run, the index to equal the store, each export to be whole or not there, no worker to run on, and
no part to be left behind. Alerts are killed by `tests/slugline/alerts/test_killed.py`.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from models.feed import Feed
from store.store import Store
from tests.feed_host import Page, feed_host, rss
from tests.robust.kills import JOBS, Homes, kill_often

FEEDS = 20


def main() -> int:
    """Kill, look, count."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("source", help="a day of an archive, or any other source")
    options.add_argument("--kills", type=int, default=10, help="of each job")
    options.add_argument("--job", action="append", choices=JOBS, help="only this one")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - moments, no secrets
    kills = wrong = 0
    with tempfile.TemporaryDirectory() as folder, feed_host() as host:
        for number in range(FEEDS):
            body = rss(f"Paper {number}", articles=20, site=f"https://paper{number}.example")
            host.pages[f"/{number}"] = Page(body)

        def subscribe(home: Path) -> None:
            with Store.at(home / "store.sqlite") as store:
                addresses = [host.url(f"/{n}", f"127.0.0.{n + 1}") for n in range(FEEDS)]
                store.feeds.subscribe([Feed(address) for address in addresses])

        homes = Homes(Path(folder), asked.source, subscribe)
        for name in asked.job or JOBS:
            began = time.monotonic()
            report = kill_often(homes, JOBS[name], asked.kills, chance)
            kills += report.kills
            wrong += len(report.wrong)
            seconds = time.monotonic() - began
            print(f"{name:22} {report.kills:4} kills {seconds:6.0f} s  ", end="", flush=True)
            print("; ".join(report.wrong) or "nothing wrong", flush=True)
    print(f"{kills} kills of {len(asked.job or JOBS)} jobs; {wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
