"""A round of fetching: many at once, one of each host, and what fails costs no other."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest

from ingest.fetching.parallel import in_round
from models.errors import SourceError

URLS = [f"https://host{n % 5}.example/{n}" for n in range(40)]


def test_every_feed_comes_once_and_one_host_is_asked_one_at_a_time() -> None:
    lock = threading.Lock()
    now: Counter[str] = Counter()
    most: Counter[str] = Counter()

    def fetch(url: str) -> str:
        host = url.split("/")[2]
        with lock:
            now.update([host, "all"])
            for key in (host, "all"):
                most[key] = max(most[key], now[key])
        time.sleep(0.002)
        with lock:
            now.subtract([host, "all"])
        return url

    assert sorted(url for url, _ in in_round(URLS, fetch, at_once=3)) == sorted(URLS)
    assert most.pop("all") == 3
    assert set(most.values()) == {1}


def test_a_feed_that_fails_costs_no_other() -> None:
    def fetch(url: str) -> str:
        if url.endswith("7"):
            raise SourceError("no answer")
        return url

    outcomes = dict(in_round(URLS, fetch, at_once=4))
    failed = {url for url, outcome in outcomes.items() if isinstance(outcome, SourceError)}
    assert failed == {url for url in URLS if url.endswith("7")}
    assert len(outcomes) == len(URLS)


def test_a_fault_of_ours_is_not_swallowed() -> None:
    def fetch(url: str) -> str:
        raise KeyError(url)

    with pytest.raises(KeyError):
        list(in_round(URLS, fetch, at_once=2))


def test_a_round_that_is_left_asks_no_further() -> None:
    asked = []

    def fetch(url: str) -> str:
        asked.append(url)
        return url

    for _ in in_round(URLS, fetch, at_once=2):
        break
    time.sleep(0.05)
    assert len(asked) <= 4


def test_results_do_not_pile_up_while_nobody_takes_them() -> None:
    asked = []

    def fetch(url: str) -> str:
        asked.append(url)
        return url

    round_ = in_round(URLS, fetch, at_once=2)
    next(round_)
    time.sleep(0.05)
    assert len(asked) <= 4
    assert len(list(round_)) == len(URLS) - 1


def test_nothing_to_fetch_is_nothing() -> None:
    assert not list(in_round([], lambda url: url))
