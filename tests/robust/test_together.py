"""Services that run beside each other over one store: backups of them, and a second watch."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from models.feed import Feed
from store.store import Store
from tests.conftest import run_process, run_slugline
from tests.robust.press import Press, press
from tests.robust.soak import (
    PATIENCE,
    Report,
    addresses,
    answers,
    count,
    free_port,
    running,
    searching,
)
from tests.robust.states import articles, problems
from tests.robust.test_soak import OFTEN

FEEDS = 12
pytestmark = pytest.mark.slow


def until(happens: Callable[[], bool]) -> None:
    """Wait for a thing to happen, with patience."""
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def subscribe(home: Path, published: Press) -> None:
    with Store.at(home / "store.sqlite") as store:
        store.feeds.subscribe([Feed(url) for url in published.urls()])


def test_a_backup_made_while_all_runs_is_a_home_of_one_moment(tmp_path: Path) -> None:
    home, report, had = tmp_path / "home", Report(FEEDS), []
    with press(FEEDS) as published:
        subscribe(home, published)
        with (
            running(home, report, OFTEN, "watch"),
            running(home, report, OFTEN, "serve", "--port", str(port := free_port())),
        ):
            answers(port)
            with searching(port, report.reading, 2, 0.1):
                for number in range(2):
                    wanted = count(home) + FEEDS // 2
                    until(lambda wanted=wanted: count(home) >= wanted)  # type: ignore[misc]  # bound now
                    had.append(addresses(home))
                    done = run_process("backup", tmp_path / f"{number}.zip", home=home)
                    assert done.status == 0, done.err
            published.let_go.set()
    assert report.faults() == []
    final = articles(home)
    for number, before in enumerate(had):
        back = tmp_path / f"back{number}"
        done = run_slugline("restore", tmp_path / f"{number}.zip", home=back)
        assert done.status == 0, done.err
        assert before <= addresses(back), "all that was there when the backup began"
        for command in ("tag", "index"):
            assert run_slugline(command, home=back).status == 0
        assert problems(back) == []
        found = articles(back)
        assert found.keys() <= final.keys()
        assert run_slugline("doctor", "--json", home=back).json["well"]


def test_two_watches_share_a_store_and_take_each_article_once(tmp_path: Path) -> None:
    """On two homes, for one home has one watch; the store of both is that of the first."""
    home, report = tmp_path / "home", Report(FEEDS)
    shared = OFTEN | {"SLUGLINE_STORE_URL": f"sqlite:///{home / 'store.sqlite'}"}
    others = [tmp_path / name / "home" for name in ("one", "two")]
    for other in others:
        other.mkdir(parents=True, mode=0o700)
    with press(FEEDS) as published:
        subscribe(home, published)
        with ExitStack() as both:
            for other in others:
                both.enter_context(running(other, report, shared, "watch", "--json"))
            until(
                lambda: (
                    published.answers["unchanged"] >= FEEDS and len(published.taken()) >= 3 * FEEDS
                )
            )
            published.let_go.set()
        missing = published.taken() - addresses(home)
    assert report.faults() == []
    assert missing == set()
    told = [json.loads(_last_line(other)) for other in others]
    assert all(one["feeds"] for one in told), "each had its share"
    assert sum(one["new"] for one in told) == count(home), "none was taken by both"
    for command in ("tag", "index"):
        assert run_slugline(command, home=home).status == 0
    assert run_slugline("index", "--rebuild", home=home).status == 0
    assert problems(home) == []


def _last_line(home: Path) -> str:
    log = (home.parent / "watch.log").read_text(encoding="utf-8")
    return [line for line in log.splitlines() if line.startswith("{")][-1]
