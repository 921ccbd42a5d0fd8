"""Killed while it finds stories, a run goes on to the stories of an undisturbed one."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slugline.jobs import stories as job
from slugline.progress import no_bar
from store.store import Store

BATCH = 12
FIND = """
import sys
from pathlib import Path
from slugline.jobs import stories as job
from slugline.progress import no_bar
from store.store import Store

job.BATCH = int(sys.argv[2])
with Store.at(Path(sys.argv[1])) as store:
    print("begun", flush=True)
    job.find_stories(store, no_bar)
"""

Stories = dict[str, tuple[str, frozenset[str]]]


def stories_of(store: Store) -> Stories:
    """Return the name and the articles of each story."""
    found, _ = store.stories.all()
    return {
        each.id: (each.name, frozenset(member.id for member in store.stories.members(each.id)))
        for each in found
    }


def undisturbed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Stories:
    monkeypatch.setattr(job, "BATCH", BATCH)
    with Store.at(home / "store.sqlite") as store:
        store.stories.detection.forget_all()
        job.find_stories(store, no_bar)
        return stories_of(store)


@pytest.mark.slow
@pytest.mark.parametrize("demo_home", ["sqlite"], indirect=True)  # copied as a file
def test_a_run_in_pieces_finds_the_stories_of_one_run(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = undisturbed(Path(shutil.copytree(own_home, tmp_path / "whole")), monkeypatch)
    assert any(len(members) > 2 for _, members in whole.values())
    with Store.at(own_home / "store.sqlite") as store:
        store.stories.detection.forget_all()
        pieces = 0
        while store.stories.detection.count_due():
            # Each call is what a new process does: it takes all that it knows from the store.
            turns = iter([False, True])
            job.find_stories(store, no_bar, ended=lambda: next(turns))  # noqa: B023 - in this turn
            pieces += 1
        assert pieces > 5
        assert stories_of(store) == whole


@pytest.mark.slow
@pytest.mark.parametrize("demo_home", ["sqlite"], indirect=True)  # copied as a file
def test_a_run_that_is_killed_at_any_moment_goes_on_to_the_same_stories(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = undisturbed(Path(shutil.copytree(own_home, tmp_path / "whole")), monkeypatch)
    chance = random.Random(13)  # noqa: S311 - moments to kill at
    killed = 0
    with Store.at(own_home / "store.sqlite") as store:
        store.stories.detection.forget_all()
    while True:
        process = subprocess.Popen(
            [sys.executable, "-c", FIND, str(own_home / "store.sqlite"), str(BATCH)],
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.05, 0.9) * 1.5**killed)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.stdout.close()
        process.wait()
        with Store.at(own_home / "store.sqlite") as store:
            if not store.stories.detection.count_due():
                break
    assert killed
    with Store.at(own_home / "store.sqlite") as store:
        assert stories_of(store) == whole
