"""Several at once: writers wait for each other, and a backup is of one moment of all that."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import slugline.feeds.watch
from models.feed import Feed
from slugline.commands.demo import SAMPLE
from slugline.feeds.watch import Listener, Watch
from slugline.jobs.backup import read_backup, write_backup
from slugline.settings import read_settings
from store.dialects import sqlite
from store.store import Store
from tests.conftest import make_entry, run_slugline
from tests.feed_host import Page, feed_host, rss
from tests.robust.states import articles, problems

FEED = Feed("https://harbourpost.example/rss")
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
SOURCE = SAMPLE / "feeds" / "tideline.atom.xml"


@pytest.mark.slow
def test_two_that_begin_on_a_new_home_at_once_take_each_article_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    both = [
        subprocess.Popen(
            [Path(sys.executable).with_name("slugline"), "ingest", SOURCE],
            env=os.environ | {"SLUGLINE_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(articles(home)) == 5
    assert sum("5 new" in each for each in said) == 1


def test_a_store_that_another_writes_is_waited_for(tmp_path: Path) -> None:
    with Store.at(tmp_path / "store.sqlite"):
        pass
    other = sqlite3.connect(
        tmp_path / "store.sqlite", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(1.5, other.commit).start()
    assert run_slugline("ingest", SOURCE, home=tmp_path).status == 0
    other.close()
    assert len(articles(tmp_path)) == 5


def test_a_store_that_stays_locked_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.at(tmp_path / "store.sqlite"):
        pass
    short = tuple(each for each in sqlite.WRITING if "busy" not in each)
    monkeypatch.setattr(sqlite, "WRITING", (*short, "busy_timeout=100"))
    other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = run_slugline("ingest", SOURCE, home=tmp_path)
    other.close()
    assert done.status == 1
    assert f"{tmp_path / 'store.sqlite'} is being written by another process" in done.err


def test_a_reader_that_stays_for_long_holds_up_nobody(tmp_path: Path) -> None:
    """Every stage runs while another program reads; it goes on seeing what it began with."""
    path = tmp_path / "store.sqlite"
    assert run_slugline("ingest", SOURCE, home=tmp_path).status == 0
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    counting = "SELECT count(*), sum(tagged IS NULL) FROM articles"
    before = other.execute(counting).fetchone()
    for command in (
        ("tag",),
        ("index",),
        ("backup", tmp_path / "home.zip"),
        ("export", "-", "--format", "jsonl"),
    ):
        done = run_slugline(*command, home=tmp_path)
        assert done.status == 0, done.err
    assert other.execute(counting).fetchone() == before == (5, 5)
    other.execute("COMMIT")
    assert other.execute(counting).fetchone() == (5, 0)
    other.close()
    assert run_slugline("stats", home=tmp_path).status == 0
    assert not Path(f"{path}-wal").exists(), "what the reader held up is in the store now"


def test_a_store_that_another_writes_is_searched_and_exported_meanwhile(
    own_home: Path, tmp_path: Path
) -> None:
    other = sqlite3.connect(own_home / "store.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert run_slugline("search", "harbour", "--json", home=own_home).json["total"]
    assert run_slugline("export", tmp_path / "all.jsonl", home=own_home).status == 0
    other.close()
    assert run_slugline("export", tmp_path / "after.jsonl", home=own_home).status == 0
    assert (tmp_path / "all.jsonl").read_bytes() == (tmp_path / "after.jsonl").read_bytes() != b""


def test_a_watch_goes_on_when_a_store_that_stayed_locked_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock outlasts the waiting for it, several times over, and nothing is lost."""
    short = tuple(each for each in sqlite.WRITING if "busy" not in each)
    monkeypatch.setattr(sqlite, "WRITING", (*short, "busy_timeout=50"))
    monkeypatch.setattr(slugline.feeds.watch, "AFTER_TROUBLE", 0.05)
    trouble: list[str] = []
    with feed_host() as host, Store.at(tmp_path / "store.sqlite") as store:
        host.pages["/rss"] = Page(rss("Harbour Post", articles=5))
        store.feeds.subscribe([Feed(host.url("/rss"))])
        other = sqlite3.connect(
            tmp_path / "store.sqlite", isolation_level=None, check_same_thread=False
        )
        other.execute("BEGIN IMMEDIATE")

        def hear(words: str) -> None:
            trouble.append(words)
            if len(trouble) == 3:
                other.rollback()

        listener = Listener(lambda _news: None, hear, lambda _detail: None)
        settings = read_settings(tmp_path, None, {"SLUGLINE_FETCH_ALLOW_PRIVATE": "1"})
        with closing(Watch(settings, store, listener)) as watch:
            watching = threading.Thread(target=watch.run)
            watching.start()
            end = time.monotonic() + 300
            while watch.counts["indexed"] < 5 and time.monotonic() < end:
                time.sleep(0.05)
            watch.stop.set()
            watching.join()
        other.close()
    assert "is being written by another process" in trouble[0]
    assert problems(tmp_path) == []
    assert len(articles(tmp_path)) == 5


def test_backups_while_others_write_are_each_of_one_moment(tmp_path: Path) -> None:
    home, stop = tmp_path / "home", threading.Event()

    def write() -> None:
        with Store.at(home / "store.sqlite") as mine:
            for number in range(0, 4_000, 10):
                if stop.is_set():
                    return
                entries = [make_entry(at) for at in range(number, number + 10)]
                mine.articles.put(entries, FEED, NOW)

    with Store.at(home / "store.sqlite") as store:
        writer = threading.Thread(target=write)
        writer.start()
        labels = [write_backup(store, home, tmp_path / f"{n}.zip") for n in range(3)]
        stop.set()
        writer.join()
        final = articles(home)
    for number, label in enumerate(labels):
        back = tmp_path / f"back{number}"
        assert read_backup(tmp_path / f"{number}.zip", back).label == label
        found = articles(back)
        assert len(found) == label.articles
        assert label.articles % 10 == 0, "batches are there whole"
        assert all(final[id_] == one for id_, one in found.items())
