"""Killed in the middle of a correction or a retention run, and found done once or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.removal import RemovalKind
from store.store import Store
from tests.conftest import home_store, run_slugline

CORRECT = """
import sys
from pathlib import Path
from store.store import Store

with Store(sys.argv[1]) as store:
    ids = sorted(store.articles.ids())
    for number in range(10_000):
        name = f"Name {number}"
        print(number, flush=True)
        key = store.entities.top(limit=1)[0].key
        store.corrections.rename(key, name, who="ada")
        store.corrections.topic(ids[number % len(ids)], "sport", fits=number % 2 == 0, who="ada")
"""


def killed_when(reached: Callable[[], bool], command: list[str], **environment: str) -> bool:
    """Run a command and kill it once something is reached; False where it ended before."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        if reached():
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.002)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("changes", [1, 4, 9])
def test_a_correction_is_done_and_written_down_or_neither(own_home: Path, changes: int) -> None:
    with home_store(own_home) as store:
        assert killed_when(
            lambda: len(store.journal.entries(100)) >= changes,
            [sys.executable, "-c", CORRECT, store.url],
        )
        entries = store.journal.entries(1000)
        renamed = [entry for entry in entries if entry.kind == "entity-name"]
        key = store.entities.top(limit=1)[0].key
        last = (renamed[0].before or {})["new"]
        assert store.entities.get(key).name == last, "the last that is written down is done"
        names = [(entry.before or {})["new"] for entry in reversed(renamed)]
        assert names == [f"Name {number}" for number in range(len(names))], "each once"
        for entry in entries:
            store.corrections.undo(entry.number, who="bea")
    assert run_slugline("index", home=own_home).status == 0
    diagnosed = run_slugline("doctor", home=own_home)
    assert diagnosed.status == 0, diagnosed.out


@pytest.mark.slow
@pytest.mark.parametrize("demo_home", ["sqlite"], indirect=True)  # it copies the store as a file
def test_retention_that_is_killed_goes_on_and_removes_each_once(
    own_home: Path, tmp_path: Path
) -> None:
    whole = Path(shutil.copytree(own_home, tmp_path / "whole"))
    slugline = str(Path(sys.executable).with_name("slugline"))
    command = [slugline, "--home", str(own_home), "retention", "apply", "--articles", "5"]
    killed = 0
    with home_store(own_home) as store:
        there = store.articles.count()
        for _ in range(3):
            began = time.monotonic()
            killed += killed_when(
                lambda: store.articles.count() < there or time.monotonic() - began > 1.5,  # noqa: B023 - called in this turn
                command,
            )
    assert killed
    for home in (own_home, whole):
        done = run_slugline("retention", "apply", "--articles", "5", home=home)
        assert done.status == 0, done.err
    with home_store(own_home) as store, Store.at(whole / "store.sqlite") as other:
        assert set(store.articles.ids()) == set(other.articles.ids())
        gone = [each.article for each in store.removals.all(RemovalKind.RETENTION, limit=1000)]
        assert len(gone) == len(set(gone)) == there - store.articles.count()
        assert not set(gone) & set(store.articles.ids())
    assert run_slugline("search", "--json", home=own_home).json["total"] == len(
        run_slugline("search", "--json", "--limit", "100", home=whole).json["hits"]
    )
    assert run_slugline("doctor", home=own_home).status == 0
