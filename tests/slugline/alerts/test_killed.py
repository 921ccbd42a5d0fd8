"""An alert comes once, also where the process that matches or sends is killed at any moment."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.accounts import Role
from models.alerts import Channel, NewAlert, Watched
from models.feed import Feed
from store.people import alert_queue
from store.store import Store
from tests.conftest import make_entry
from tests.slugline.alerts.receivers import Receiver, receiver

ARTICLES = 3_000
ALERTS = 30


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


def add_alerts(store: Store, hook: Receiver, number: int) -> None:
    now = datetime.now(UTC)
    store.users.add("ada", Role.EDITOR, "", who="a test", now=now)
    saved = store.saved.add("ada", "Fish", "q=fish", shared=False, who="a test", now=now)
    for at in range(number):
        wanted = NewAlert(
            f"Fish {at}", Watched.SEARCH, Channel.WEBHOOK, hook.url(f"/{at}"), saved=saved.number
        )
        store.alerts.add("ada", wanted, who="a test", now=now)


def put(store: Store, number: int) -> None:
    entries = [make_entry(n, title=f"Fish number {n}") for n in range(number)]
    store.articles.put(entries, Feed("https://harbourpost.example/rss"), datetime.now(UTC))


def kill_after(home: Path, seconds: float, *arguments: str) -> bool:
    """Run a command and kill it after a time; say whether it was done before that."""
    process = subprocess.Popen(
        [Path(sys.executable).with_name("slugline"), *arguments],
        env=os.environ | {"SLUGLINE_HOME": str(home), "SLUGLINE_ALERTS_PRIVATE_HOSTS": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


@pytest.mark.slow
def test_an_index_that_is_killed_matches_each_article_once(tmp_path: Path, hook: Receiver) -> None:
    with Store.at(tmp_path / "store.sqlite") as store:
        add_alerts(store, hook, 3)
        put(store, ARTICLES)
        chance = random.Random(7)  # noqa: S311 - moments, no secrets
        began = time.monotonic()
        kills = 0
        while not kill_after(tmp_path, chance.uniform(0.3, 2.0 + kills * 0.3), "index"):
            kills += 1
            assert time.monotonic() - began < 300
        assert kills
        assert store.changes.count() == 0
        store.alerts.queue.collect(datetime.now(UTC))
        totals = []
        while claimed := store.alerts.queue.claim(datetime.now(UTC)):
            totals += [total for _, total in store.alerts.queue.content(claimed.number).values()]
        assert totals == [ARTICLES] * 3


@pytest.mark.slow
def test_a_sending_that_is_killed_repeats_only_what_was_under_way(
    tmp_path: Path, hook: Receiver
) -> None:
    """A message that was written down as taken never goes out again; one under way may, by its id.

    The claim of a killed process runs out after some minutes; the test lets it run out at once.
    """
    hook.delay = 0.3  # all of them take seconds, on a fast machine too
    with Store.at(tmp_path / "store.sqlite") as store:
        add_alerts(store, hook, ALERTS)
        put(store, 20)
    assert kill_after(tmp_path, 120, "index")
    kills = 0
    began = time.monotonic()
    while True:
        ended = kill_after(tmp_path, 1.2 + 0.1 * kills, "alerts", "run")
        with Store.at(tmp_path / "store.sqlite") as store:
            let_claims_run_out(store)
            if ended and not store.alerts.queue.waiting():
                break
        kills += not ended
        assert time.monotonic() - began < 300
    assert kills
    by_alert = Counter(
        path for path, _ in {(each.path, each.headers["webhook-id"]) for each in hook.got}
    )
    assert by_alert == Counter({f"/{at}": 1 for at in range(ALERTS)}), "one message each"
    assert all(each.json["alerts"][0]["total"] == 20 for each in hook.got)
    repeated = len(hook.got) - ALERTS
    assert repeated <= kills * 4, "no more than were under way at each kill"


def let_claims_run_out(store: Store) -> None:
    """Claim nothing for long: what a killed process left is free at once."""
    with store.alerts._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alert_deliveries SET claimed_until = NULL")
    assert alert_queue.CLAIMED.total_seconds() > 60
