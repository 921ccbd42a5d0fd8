"""Fetches many feeds in parallel, and one at a time from each host."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from ingest.urls import host_of
from models.errors import SourceError

T = TypeVar("T")

AT_ONCE = 8
"""Requests under way at one time."""


def in_round(
    urls: Iterable[str], fetch: Callable[[str], T], *, at_once: int = AT_ONCE
) -> Iterator[tuple[str, T | SourceError]]:
    """Yield (url, what `fetch` returned or why it could not) as they come, not in order.

    `fetch` runs in `at_once` threads; no more results than that wait to be taken. Leaving the loop
    early ends the round after the requests under way; so does any error but SourceError.
    """
    by_host: dict[str, deque[str]] = defaultdict(deque)
    for url in urls:
        by_host[host_of(url)].append(url)
    # The longest row first, and on with it at once: a host with many feeds takes the longest.
    rows = deque(sorted(by_host.values(), key=len, reverse=True))
    running: dict[Future[T], deque[str]] = {}
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="fetch")
    try:
        while rows or running:
            while rows and len(running) < at_once:
                row = rows.popleft()
                running[pool.submit(fetch, row[0])] = row
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                row = running.pop(future)
                url = row.popleft()
                if row:
                    rows.appendleft(row)
                error = future.exception()
                yield url, error if isinstance(error, SourceError) else future.result()
    finally:
        pool.shutdown(cancel_futures=True)
