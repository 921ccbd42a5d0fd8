"""Feeds a second, and memory: a thousand feeds on a local server that takes 20 ms to answer.

    python -m bench.ingest.feeds [--feeds 1000] [--hosts 250] [--at-once 8] [--latency 0.02]

The first round brings every feed's articles, the second answers 304 throughout, in the third one
feed in ten has an article more. Beside them the same addresses are fetched with nothing done to
them, and parsed by feedparser alone, so that the figures tell what checking costs over both.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

ENTRIES = 20


def serve(count: int, latency: float) -> None:
    """Serve feeds until the standard input is closed; a line on it changes every tenth feed."""
    from tests.feed_host import Page, feed_host, rss

    with feed_host() as host:
        for n in range(count):
            site = f"https://paper{n}.example"
            body = rss(f"Paper {n}", articles=ENTRIES, site=site)
            host.pages[f"/{n}"] = Page(body, etag='"1"', delay=latency)
        print(host.port, flush=True)
        for _ in sys.stdin:
            for n in range(0, count, 10):
                site = f"https://paper{n}.example"
                body = rss(f"Paper {n}", articles=ENTRIES, first=2, site=site)
                host.pages[f"/{n}"] = Page(body, etag='"2"', delay=latency)
            print("changed", flush=True)


def main() -> None:
    """Run the rounds and print a line for each."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--feeds", type=int, default=1_000)
    options.add_argument("--hosts", type=int, default=250)
    options.add_argument("--at-once", type=int, default=8)
    options.add_argument("--latency", type=float, default=0.02)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(given.feeds, given.latency)
        return
    command = [sys.executable, "-m", "bench.ingest.feeds", "--serve"]
    command += ["--feeds", str(given.feeds), "--latency", str(given.latency)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin
        assert server.stdout
        port = int(server.stdout.readline())
        urls = [
            f"http://127.0.{1 + n % given.hosts // 250}.{1 + n % given.hosts % 250}:{port}/{n}"
            for n in range(given.feeds)
        ]
        measure(urls, given.at_once, server)
        server.stdin.close()


def measure(urls: list[str], at_once: int, server: subprocess.Popen[str]) -> None:
    """Check all feeds three times, and fetch them once with nothing done to them."""
    import feedparser

    from ingest.fetching.address import networks
    from ingest.fetching.fetch import PoliteFetcher
    from ingest.parsing.pool import InProcess
    from ingest.schedule import IntervalBounds
    from models.feed import Feed
    from slugline.feeds.check import FeedChecker
    from slugline.jobs.pipeline import NoListener
    from store.store import Store

    with (
        tempfile.TemporaryDirectory() as folder,
        Store.at(Path(folder) / "store.sqlite") as store,
        closing(PoliteFetcher(allowed=networks(["127.0.0.0/8"]), at_once=at_once)) as fetcher,
    ):
        store.feeds.subscribe([Feed(url=url) for url in urls])
        for name in ("first", "all 304", "1 in 10 changed"):
            if name.startswith("1 in"):
                assert server.stdin
                assert server.stdout
                server.stdin.write("\n")
                server.stdin.flush()
                server.stdout.readline()
            due = store.feeds.due(datetime.now(UTC) + timedelta(days=30))
            checker = FeedChecker(store, fetcher, InProcess(), IntervalBounds(), at_once=at_once)
            checked = checker.check(due, NoListener())
            assert not checked.ingested.unread, checked.ingested.unread[:3]
            statuses = {one.status for one in checked.feeds}
            told(f"{name} {sorted(filter(None, statuses))}", len(due), checked.ingested.seconds)
            print(f"{'':<28} {checked.ingested.new:,} articles new")
        began = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            bodies = list(pool.map(lambda url: fetcher.fetch(url).body, urls))
        told("fetched only", len(urls), time.perf_counter() - began)
        began = time.perf_counter()
        entries = sum(len(feedparser.parse(io.BytesIO(body)).entries) for body in bodies)
        told("feedparser alone, no network", len(urls), time.perf_counter() - began)
        assert entries


def told(name: str, count: int, seconds: float) -> None:
    """Print a figure, and the most memory this process has had so far."""
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<28} {count / seconds:>7.0f} feeds a second  {megabytes:>5.0f} MB at most")


if __name__ == "__main__":
    main()
