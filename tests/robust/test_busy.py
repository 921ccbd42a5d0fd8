"""Several at once: writers wait for each other, and a backup is of one moment of all that."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.feed import Feed
from slugline.commands.demo import SAMPLE
from slugline.jobs.backup import read_backup, write_backup
from store import sqlite
from store.store import Store
from tests.conftest import make_entry, run_slugline
from tests.robust.states import articles

FEED = Feed("https://harbourpost.example/rss")
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
SOURCE = SAMPLE / "feeds" / "tideline.atom.xml"


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


def test_a_store_that_stays_locked_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
