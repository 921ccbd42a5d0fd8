"""`slugline watch` as a service: it keeps up, stops when told, and is alone on its home."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import slugline.feeds.watch
from models.feed import Feed
from models.tags import Tags
from slugline.feeds.lock import WatchedError, only_watch
from slugline.feeds.watch import Listener, Watch
from slugline.settings import read_settings
from store.store import Store
from tests.conftest import home_store, make_entry, run_slugline
from tests.feed_host import FeedHost, Page, feed_host, rss

OFTEN = {
    "SLUGLINE_FETCH_ALLOW_PRIVATE": "1",
    "SLUGLINE_FETCH_SHORTEST_INTERVAL": "1",
    "SLUGLINE_FETCH_LONGEST_INTERVAL": "1",
}


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, host: FeedHost) -> Path:
    """A home that is subscribed to one feed, not fetched yet."""
    host.pages["/rss"] = Page(rss("Harbour Post"), etag='"1"')
    folder = tmp_path / "home"
    with Store.at(folder / "store.sqlite") as store:
        subscribe(store, host.url("/rss"))
    return folder


def subscribe(store: Store, *urls: str) -> None:
    store.feeds.subscribe([Feed(url=url) for url in urls])


@contextmanager
def started(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the real program; it is killed where a test leaves it running."""
    process = subprocess.Popen(
        [Path(sys.executable).with_name("slugline"), "watch", "-v"],
        env=os.environ | OFTEN | {"SLUGLINE_HOME": str(home)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(happens: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def articles(home: Path) -> int:
    with home_store(home) as store:
        return store.articles.count()


def heard() -> tuple[Listener, list[str]]:
    """Return listener, and the list of what they hear of trouble."""
    trouble: list[str] = []
    return Listener(lambda _news: None, trouble.append, lambda _detail: None), trouble


def test_a_second_watch_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with (
        only_watch(tmp_path),
        pytest.raises(WatchedError, match=f"Process {os.getpid()} watches"),
        only_watch(tmp_path),
    ):
        pass
    with only_watch(tmp_path):
        assert (tmp_path / "watch.lock").read_text().strip() == str(os.getpid())


def test_a_second_process_is_refused(home: Path) -> None:
    with only_watch(home):
        done = run_slugline("watch", "--once", home=home)
    assert done.status == 1
    assert str(os.getpid()) in done.err
    assert "Traceback" not in done.err


def test_a_lock_left_by_a_process_that_was_killed_keeps_nobody_out(home: Path) -> None:
    with started(home) as process:
        until(lambda: (home / "watch.lock").exists() and (home / "watch.lock").read_text())
        process.send_signal(signal.SIGKILL)
        process.wait()
    with only_watch(home):
        pass


@pytest.mark.slow
def test_news_is_fetched_tagged_and_indexed_and_sigterm_stops_cleanly(
    home: Path, host: FeedHost
) -> None:
    with started(home) as process:
        until(lambda: host.statuses[304])
        host.pages["/rss"] = Page(rss("Harbour Post", articles=5), etag='"2"')
        until(lambda: articles(home) == 5)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Stopped." in err
    assert "5 new articles" in out
    assert "Traceback" not in err
    run_slugline("watch", "--once", home=home, **OFTEN)
    doctor = run_slugline("doctor", "--json", home=home).json
    assert doctor["well"]
    assert run_slugline("search", "oslo", "--json", home=home).json["total"] == 5


@pytest.mark.slow
def test_a_watch_that_was_killed_goes_on_where_it_was(home: Path, host: FeedHost) -> None:
    for n in range(20):
        host.pages[f"/{n}"] = Page(rss(f"Post {n}", site=f"https://post{n}.example"), delay=0.1)
    with home_store(home) as store:
        subscribe(store, *(host.url(f"/{n}") for n in range(20)))
    with started(home) as process:
        until(lambda: len(host.asked) >= 5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert articles(home) < 63
    done = run_slugline("watch", "--once", "--json", home=home, **OFTEN)
    assert done.status == 0, done.err
    assert articles(home) == 63
    stats = run_slugline("stats", "--json", home=home).json
    assert stats["index"]["documents"] == stats["articles"] == 63
    assert run_slugline("doctor", "--json", home=home).json["well"]


def test_once_takes_what_is_due_and_ends(home: Path, host: FeedHost) -> None:
    host.pages["/rss"] = Page(rss("Harbour Post", articles=0), etag='"1"')
    done = run_slugline("watch", "--once", "--json", home=home, **OFTEN)
    assert done.status == 0, done.err
    keys = {
        *("rounds", "feeds", "new", "updated", "unchanged", "duplicates", "rejected"),
        *("tagged", "indexed", "seconds"),
    }
    assert set(done.json) >= keys
    assert done.json["feeds"] == 1
    assert host.paths() == ["/rss"]


def test_a_failing_feed_is_reported_with_its_next_try_and_stops_no_other(
    home: Path, host: FeedHost
) -> None:
    host.pages["/busy"] = Page(status=503, headers={"Retry-After": "7200"})
    host.pages["/rss"] = Page(rss("Harbour Post", articles=0))
    listener, lines = heard()
    with home_store(home) as store:
        subscribe(store, host.url("/busy"))
        with closing(Watch(read_settings(home, None, OFTEN), store, listener)) as watch:
            watch.round()
        assert store.feeds.get(host.url("/rss")).succeeded
    (told,) = [line for line in lines if "503 Service Unavailable" in line]
    assert "/busy" in told
    assert "next try at" in told


def test_trouble_with_the_store_is_reported_and_tried_again(
    home: Path, host: FeedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.pages["/rss"] = Page(rss("Harbour Post", articles=0))
    entry = make_entry()

    monkeypatch.setattr(slugline.feeds.watch, "AFTER_TROUBLE", 0.05)
    listener, lines = heard()
    with home_store(home) as store:
        watch = Watch(read_settings(home, None, OFTEN), store, listener)
        (home / "index").write_text("no index can be here")
        store.articles.put([entry], Feed(url=entry.feed), datetime.now(UTC))
        store.tags.put([Tags(entry.id, 1, "en", (), (), "some model")])
        thread = threading.Thread(target=watch.run)
        thread.start()
        until(lambda: watch.counts["rounds"] >= 2)
        watch.stop.set()
        thread.join()
        watch.close()
    assert watch.counts["feeds"] >= 1
    assert "Trying again" in lines[0]


def test_retention_of_the_settings_is_applied(home: Path) -> None:
    old = replace(make_entry(1), published=datetime(2001, 1, 1, tzinfo=UTC))
    with Store.at(home / "store.sqlite") as store:
        store.articles.put([old], Feed(url="https://old.example/rss"), datetime.now(UTC))
    asked = ("watch", "--once", "--json")
    kept = run_slugline(*asked, home=home, **OFTEN).json
    assert kept["removed"] == 0
    done = run_slugline(*asked, home=home, **OFTEN, SLUGLINE_RETENTION_DAYS="7000")
    assert done.json["removed"] == 1
    assert "Retention is set" in done.err
    assert "Retention removed 1 article." in done.err
    with Store.at(home / "store.sqlite") as store:
        (record,) = store.removals.all(None, 10, 0)
        assert (record.article, record.who) == (old.id, "watch")
