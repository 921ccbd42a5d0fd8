"""Jobs outlive whatever happens to `serve` and to the worker: each is found done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import StoreError
from models.jobs import LEASE, Job, JobKind, JobState
from slugline.jobs import runner
from slugline.jobs.runner import run_next
from slugline.settings import Settings
from store.store import Store
from tests.conftest import home_store, run_slugline

PATIENCE = 120.0


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


@contextmanager
def serving(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Serve a home on a free port, in a group of processes of its own."""
    command = (
        "import sys; from slugline.cli import main; sys.argv = ['slugline', '--home', "
        f"{str(home)!r}, 'serve']; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", command],
        env={**os.environ, "SLUGLINE_WEB_PORT": "0"},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def add(store: Store, kind: JobKind, **options: object) -> Job:
    return store.jobs.add(kind, options, who="ada", now=datetime.now(UTC))


def children_of(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(one) for task in tasks for one in (task / "children").read_text().split()] or [
        int(one) for one in found.split()
    ]


def test_a_job_that_breaks_fails_in_words_and_the_next_one_runs(own_home: Path) -> None:
    with home_store(own_home) as store:
        broken = add(store, JobKind.EXPORT, format="nope")
        add(store, JobKind.EXPORT, format="csv", q="ferry")
        retired = add(store, JobKind.EXPORT, format="csv", columns=3)
        ended = {}
        while job := run_next(Settings(own_home), store, "a test"):
            ended[job.number] = job
        assert [job.state for job in ended.values()] == ["failed", "done", "failed"]
        assert "nope" in ended[broken.number].error
        assert "log of the server" in ended[retired.number].error


def test_a_home_that_jobs_cannot_write_to_is_reported_once(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = threading.Semaphore(0)

    def look(*_: object) -> None:
        looks.release()
        raise StoreError("The store can't be written.")

    monkeypatch.setattr(runner, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(runner, "forget_old", look)
    with home_store(own_home) as store:
        jobs = runner.JobRunner(Settings(own_home), store)
        jobs.start()
        for _ in range(3):
            assert looks.acquire(timeout=30)
        jobs.stop()
    assert [each.message for each in caplog.records] == ["Jobs wait: The store can't be written."]


@pytest.mark.slow
def test_jobs_are_run_listed_and_cancelled_by_command(own_home: Path) -> None:
    with home_store(own_home) as store:
        add(store, JobKind.REBUILD_INDEX)
        second = add(store, JobKind.CHECK_FEEDS)
    assert run_slugline("jobs", "cancel", str(second.number), home=own_home).status == 0
    assert run_slugline("jobs", "cancel", str(second.number), home=own_home).status == 2
    done = run_slugline("jobs", "run", "--json", home=own_home)
    assert (done.status, done.json) == (0, {"done": 1, "failed": []})
    listed = run_slugline("jobs", "list", "--json", home=own_home).json["jobs"]
    assert [job["state"] for job in listed] == ["cancelled", "done"]
    assert listed[1]["result"]["documents"] == listed[1]["result"]["added"] > 100


@pytest.mark.slow
def test_a_killed_worker_leaves_its_job_to_the_next_which_does_it_once(own_home: Path) -> None:
    with home_store(own_home) as store, serving(own_home) as server:
        job = add(store, JobKind.REBUILD_INDEX)
        until(lambda: store.jobs.get(job.number).state is JobState.RUNNING)
        for child in children_of(server.pid):
            os.kill(child, signal.SIGKILL)
        until(lambda: store.jobs.get(job.number).is_over)
        done = store.jobs.get(job.number)
        assert (done.state, done.attempts) == (JobState.DONE, 2)
        assert len(store.jobs.all()) == 1
        assert done.result
        assert done.result["documents"] == store.articles.count()
    assert run_slugline("doctor", home=own_home).status == 0


@pytest.mark.slow
def test_a_killed_server_is_followed_by_one_that_takes_its_job_up(own_home: Path) -> None:
    with home_store(own_home) as store:
        job = add(store, JobKind.EXPORT, format="jsonl")
        with serving(own_home) as server:
            until(lambda: store.jobs.get(job.number).state is not JobState.WAITING)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        if store.jobs.get(job.number).is_over:
            assert store.jobs.get(job.number).state is JobState.DONE
            return
        assert store.jobs.take("too early", datetime.now(UTC)) is None
        later = datetime.now(UTC) + LEASE + timedelta(seconds=1)
        again = store.jobs.take("the next", later)
        assert again
        assert (again.number, again.attempts) == (job.number, 2)
        store.jobs.give_back("the next", died=False)
        done = run_slugline("jobs", "run", "--json", home=own_home)
        assert done.json == {"done": 1, "failed": []}
        rows = (own_home / "exports" / f"{job.number}.export").read_text().splitlines()
        assert len(rows) == store.articles.count()
        assert not list((own_home / "exports").glob("*.part"))


@pytest.mark.slow
def test_a_cancelled_job_ends_at_once_and_a_stopped_server_loses_none(own_home: Path) -> None:
    with home_store(own_home) as store, serving(own_home) as server:
        job = add(store, JobKind.FIT_TOPICS)
        until(lambda: store.jobs.get(job.number).state is JobState.RUNNING)
        store.jobs.cancel(job.number, who="ada", now=datetime.now(UTC))
        until(lambda: store.jobs.get(job.number).is_over)
        assert store.jobs.get(job.number).state in {JobState.CANCELLED, JobState.DONE}
        second = add(store, JobKind.REBUILD_INDEX)
        until(lambda: store.jobs.get(second.number).state is not JobState.WAITING)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
        left = store.jobs.get(second.number)
        assert left.state in {JobState.WAITING, JobState.DONE}
        assert left.attempts <= 1
