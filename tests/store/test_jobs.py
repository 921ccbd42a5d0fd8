"""Jobs are handed to one worker at a time, and outlive it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from models.errors import BusyError, NotFoundError, UsageError
from models.jobs import KEPT, LEASE, MOST_ATTEMPTS, JobKind, JobState
from store import jobs
from store.store import Store
from tests.postgresql.databases import SERVER, database

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
LATER = NOW + LEASE + timedelta(seconds=1)


def add(store: Store, kind: JobKind = JobKind.TAG, **options: object) -> int:
    return store.jobs.add(kind, options, who="ada", now=NOW).number


def test_a_job_is_taken_done_and_keeps_its_result(store: Store) -> None:
    number = add(store, JobKind.EXPORT, format="csv")
    assert store.jobs.get(number).state is JobState.WAITING
    taken = store.jobs.take("w1", NOW)
    assert taken
    assert (taken.number, taken.state, taken.started) == (number, JobState.RUNNING, NOW)
    assert store.jobs.renew(number, "w1", NOW, 3, 10, "export")
    assert (store.jobs.get(number).progress, store.jobs.get(number).total) == (3, 10)
    assert store.jobs.finish(number, "w1", NOW, result={"articles": 3})
    done = store.jobs.get(number)
    assert (done.state, done.result, done.ended) == (JobState.DONE, {"articles": 3}, NOW)
    assert store.jobs.take("w1", LATER) is None
    kinds = [entry.kind for entry in store.journal.entries(kinds="job-")]
    assert kinds == ["job-added"]


def test_one_job_runs_at_a_time_the_oldest_first(store: Store) -> None:
    first, second = add(store), add(store, JobKind.REBUILD_INDEX)
    taken = store.jobs.take("w1", NOW)
    assert taken
    assert taken.number == first
    assert store.jobs.take("w2", NOW) is None
    store.jobs.finish(first, "w1", NOW)
    assert (store.jobs.take("w2", NOW) or taken).number == second


def test_asking_twice_makes_one_job_until_it_runs(store: Store) -> None:
    assert add(store) == add(store)
    store.jobs.take("w1", NOW)
    assert len({add(store), *(job.number for job in store.jobs.all())}) == 2


def test_a_dead_workers_job_is_taken_up_once_and_its_late_result_is_not(store: Store) -> None:
    number = add(store)
    store.jobs.take("w1", NOW)
    assert not store.jobs.waiting(NOW)
    again = store.jobs.take("w2", LATER)
    assert again
    assert (again.number, again.attempts, again.started) == (number, 2, NOW)
    assert not store.jobs.renew(number, "w1", LATER, 1, None, "")
    assert not store.jobs.finish(number, "w1", LATER, result={"by": "w1"})
    assert store.jobs.finish(number, "w2", LATER, result={"by": "w2"})
    assert not store.jobs.finish(number, "w2", LATER, result={"by": "again"})
    assert store.jobs.get(number).result == {"by": "w2"}


def test_a_lease_from_before_the_clock_was_set_back_keeps_no_job(store: Store) -> None:
    number = add(store)
    store.jobs.take("w1", NOW + timedelta(days=1))
    assert store.jobs.waiting(NOW)
    taken = store.jobs.take("w2", NOW)
    assert taken
    assert (taken.number, taken.attempts) == (number, 2)
    assert not store.jobs.renew(number, "w1", NOW, 1, None, "")
    assert store.jobs.take("w3", NOW) is None


def test_a_job_that_kills_its_workers_fails(store: Store) -> None:
    number = add(store)
    for attempt in range(MOST_ATTEMPTS):
        assert store.jobs.take(f"w{attempt}", NOW)
        store.jobs.give_back(f"w{attempt}", died=True)
    assert store.jobs.take("last", NOW) is None
    failed = store.jobs.get(number)
    assert failed.state is JobState.FAILED
    assert "died" in failed.error


def test_a_worker_that_is_stopped_gives_its_job_back_unblamed(store: Store) -> None:
    number = add(store)
    for _ in range(MOST_ATTEMPTS + 2):
        assert store.jobs.take("w1", NOW)
        store.jobs.give_back("w1", died=False)
    assert store.jobs.get(number).attempts == 0


def test_a_waiting_job_is_cancelled_at_once_a_running_one_by_its_worker(store: Store) -> None:
    number = add(store)
    assert store.jobs.cancel(number, who="bea", now=NOW).state is JobState.CANCELLED
    with pytest.raises(UsageError, match="already"):
        store.jobs.cancel(number, who="bea", now=NOW)
    running = add(store)
    store.jobs.take("w1", NOW)
    assert store.jobs.cancel(running, who="bea", now=NOW).state is JobState.RUNNING
    assert not store.jobs.renew(running, "w1", NOW, 1, None, "")
    assert store.jobs.end_cancelled(running, "w1", NOW)
    assert store.jobs.get(running).state is JobState.CANCELLED
    dead = add(store)
    store.jobs.take("w1", NOW)
    store.jobs.cancel(dead, who="bea", now=NOW)
    assert store.jobs.take("w2", LATER) is None, "nobody takes up what is not wanted"
    assert store.jobs.get(dead).state is JobState.CANCELLED


def test_people_see_their_own_and_old_ones_are_forgotten(store: Store) -> None:
    mine = add(store)
    store.jobs.add(JobKind.TAG, {}, who="bea", now=NOW)
    assert [job.number for job in store.jobs.all(who="ada")] == [mine]
    assert len(store.jobs.all()) == 2
    store.jobs.take("w1", NOW)
    store.jobs.finish(mine, "w1", NOW)
    assert store.jobs.forget(NOW + KEPT + timedelta(hours=1)) == [mine]
    with pytest.raises(NotFoundError):
        store.jobs.get(mine)
    with pytest.raises(NotFoundError):
        store.jobs.get(2**40)


def test_too_many_waiting_jobs_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_WAITING", 2)
    add(store, a=1)
    add(store, a=2)
    with pytest.raises(BusyError):
        add(store, a=3)


@pytest.mark.skipif(not SERVER, reason="PostgreSQL is missing: tests/postgresql/start")
def test_of_many_workers_one_takes_a_job_on_postgresql() -> None:
    """Each worker has connections of its own, as processes have."""
    with database() as url, ExitStack() as stack:
        stores = [stack.enter_context(Store(url)) for _ in range(4)]
        for number in range(10):
            add(stores[0], JobKind.EXPORT, number=number)
        together = Barrier(len(stores), timeout=30)

        def take(place: int) -> list[int]:
            taken = []
            for _ in range(10):
                together.wait()
                job = stores[place].jobs.take(f"w{place}", NOW)
                together.wait()
                if job:
                    taken.append(job.number)
                    assert stores[place].jobs.finish(job.number, f"w{place}", NOW, result={})
            return taken

        with ThreadPoolExecutor(len(stores)) as pool:
            taken = [number for each in pool.map(take, range(len(stores))) for number in each]
    assert len(taken) == len(set(taken)) == 10
