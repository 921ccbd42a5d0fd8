"""A real Dask cluster of processes: workers die, the scheduler dies, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import UsageError
from models.feed import Feed
from models.tags import Due, Tags
from slugline.jobs.cluster import ClusterError, Job, _check_shared, connect, tag_on_cluster
from slugline.progress import no_bar
from store.store import Store
from tests.conftest import make_entry, run_slugline

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")
DEADLY = "Ministers vanish"
STAMP = "a test"


class MortalTagger:
    """Dies of one text, as of a segfault in native code; is slow enough to be killed at work."""

    stamp = STAMP

    def tag(self, batch: Sequence[Due]) -> list[Tags]:
        time.sleep(0.05)
        if any(due.title == DEADLY for due in batch):
            os._exit(139)
        return [Tags(due.id, due.version, "en", (), (), STAMP) for due in batch]


class Cluster:
    """A scheduler and workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.environment = {
            **os.environ,
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "PYTHONPATH": str(Path(__file__).parents[3]),
        }
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.workers = [self.add_worker() for _ in range(2)]
        deadline = time.monotonic() + 120
        while not self.file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)

    def _start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + kind]
        return subprocess.Popen(
            [*command, "--scheduler-file", str(self.file), "--no-dashboard", *options],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def add_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "--nthreads", "1", "--host", "127.0.0.1", "--no-nanny")

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text(encoding="utf-8"))["address"])

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    started = Cluster(tmp_path)
    try:
        yield started
    finally:
        started.stop()


def fill(store: Store, *titles: str, count: int = 40) -> None:
    entries = [make_entry(number) for number in range(count)]
    entries += [make_entry(count + at, title=title) for at, title in enumerate(titles)]
    store.articles.put(entries, FEED, NOW)


def job(store: Store) -> Job:
    return Job(MortalTagger, STAMP, store.url)  # type: ignore[arg-type]  # a tagger that dies


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_workers_that_are_killed_lose_nothing(cluster: Cluster, store: Store) -> None:
    fill(store, count=120)
    killed: list[bool] = []

    def kill_one(steps: int = 1, note: str = "") -> None:
        if not killed and store.tags.count_due() < 100:
            cluster.workers[0].send_signal(signal.SIGKILL)
            cluster.workers.append(cluster.add_worker())
            killed.append(True)

    client = connect(cluster.address, store.url)
    try:
        done = tag_on_cluster(store, client, job(store), 4, kill_one)
    finally:
        client.close()
    assert killed
    assert done.set_aside == ()
    assert store.tags.count_due() == 0
    assert store.leases.holders() == {}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_an_article_that_ends_its_workers_is_set_aside_and_named(
    cluster: Cluster, store: Store
) -> None:
    fill(store, DEADLY, count=5)
    done = _with_new_workers(cluster, store, lambda: store.tags.count_due() == 0)
    (aside,) = done
    assert store.articles.get(aside).title == DEADLY
    assert "set aside" in (store.tags.note(aside) or "")
    assert store.tags.count_due() == 0


def _with_new_workers(cluster: Cluster, store: Store, ended: Callable[[], bool]) -> tuple[str, ...]:
    """Tag while every worker that dies is replaced, as a supervisor does."""
    from concurrent.futures import ThreadPoolExecutor

    client = connect(cluster.address, store.url)
    with ThreadPoolExecutor(1) as pool:
        tagging = pool.submit(tag_on_cluster, store, client, job(store), 3, no_bar)
        while not tagging.done():
            for at, worker in enumerate(cluster.workers):
                if worker.poll() is not None:
                    cluster.workers[at] = cluster.add_worker()
            time.sleep(0.1)
    client.close()
    assert ended()
    return tagging.result().set_aside


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_scheduler_that_dies_loses_nothing(cluster: Cluster, store: Store) -> None:
    fill(store, count=80)

    def kill_scheduler(steps: int = 1, note: str = "") -> None:
        if store.tags.count_due() < 70:
            cluster.scheduler.kill()

    client = connect(cluster.address, store.url)
    with pytest.raises(ClusterError, match="is in the store"):
        tag_on_cluster(store, client, job(store), 4, kill_scheduler)
    client.close()
    assert 0 < store.tags.count_due() < 80
    assert store.leases.holders() == {}, "the rest is anybody's"


def test_a_store_in_a_file_is_for_workers_of_one_machine() -> None:
    class Elsewhere:
        def run(self, _: object) -> dict[str, str]:
            return {"tcp://10.0.0.7:1": "another-machine"}

    with pytest.raises(UsageError, match="PostgreSQL"):
        _check_shared(Elsewhere(), "sqlite:////home/store.sqlite")
    _check_shared(Elsewhere(), "postgresql+psycopg://db/slugline")


def test_workers_and_dask_are_not_both_named(tmp_path: Path) -> None:
    done = run_slugline("tag", "--dask", "tcp://127.0.0.1:1", "--workers", "2", home=tmp_path)
    assert (done.status, "not both" in done.err) == (2, True)
