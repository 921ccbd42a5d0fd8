"""How quick the store is on SQLite and on PostgreSQL: the same invented articles, the same calls.

    eval "$(tests/postgresql/start)"; .venv/bin/python -m bench.running.stores [ARTICLES]

Seconds are of the clock, for a database server works in a process of its own; read the ratio.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.feed import Feed
from models.tags import EntityName, Mention, Tags, TopicScore
from store.store import Store
from tests.conftest import make_entry
from tests.postgresql.databases import SERVER, database

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")
BATCH = 500
LEASE = timedelta(minutes=5)


def steps(store: Store, count: int) -> dict[str, float]:
    """Return the articles a second of each step of a store's work."""
    entries = [make_entry(number, summary="Ten ministers met. " * 15) for number in range(count)]
    ids = [entry.id for entry in entries]

    def put() -> None:
        for at in range(0, count, BATCH):
            store.articles.put(entries[at : at + BATCH], FEED, NOW)

    def tag() -> None:
        while due := store.tags.claim(BATCH, "bench", LEASE):
            store.tags.put([tags(each.id, number) for number, each in enumerate(due)])

    def read() -> None:
        for at in range(0, count, BATCH):
            assert len(store.articles.tagged(ids[at : at + BATCH])) == BATCH

    return {
        "put": count / timed(put),
        "claim and put tags": count / timed(tag),
        "read with tags": count / timed(read),
    }


def tags(article: str, number: int) -> Tags:
    """Make tags with two mentions."""
    names = [EntityName(f"place/{n}", f"Place {n}", "place") for n in (number % 97, number % 89)]
    mentions = tuple(
        Mention("title", at, 9, "Ministers"[at:], "GPE", name) for at, name in enumerate(names)
    )
    return Tags(article, 1, "en", mentions, (TopicScore("politics", 0.7),), "bench")


def timed(work: Callable[[], None]) -> float:
    """Return the seconds that work took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as directory:
        with Store.at(Path(directory) / "store.sqlite") as store:
            one = steps(store, count)
        with database() if SERVER else nullcontext() as url:
            other = None
            if url:
                with Store(url) as store:
                    other = steps(store, count)
    print(f"{count:,} articles; articles a second\n\n| step | SQLite | PostgreSQL | ratio |")
    print("|---|---|---|---|")
    for name, rate in one.items():
        there = f"{other[name]:,.0f} | {other[name] / rate:.2f}" if other else "not run | "
        print(f"| {name} | {rate:,.0f} | {there} |")


if __name__ == "__main__":
    main()
