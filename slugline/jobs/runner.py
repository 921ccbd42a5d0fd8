"""Runs jobs: `serve` and `watch` keep a runner, whose worker is a process of its own.

    store.jobs.take -> the work of its kind -> store.jobs.finish

The worker gives a sign of life while it works. Killed, it leaves its job to the next worker; a
cancelled job is left at once, since all work may be killed at any moment.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from models.errors import SluglineError, StoreError
from models.jobs import Job, JobPart
from slugline import logs
from slugline.factory import open_store
from slugline.jobs.work import WORK
from slugline.settings import Settings
from store.store import Store
from web.jobs.files import EXPORTS, file_of

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks for jobs."""
BEAT = 3.0
"""Seconds between two signs of life."""
FORGET_EVERY = 3600.0
LEFT = 3
"""The exit status of a worker that left its job, since it was cancelled or taken from it."""


class JobRunner:
    """Keeps a thread that starts a worker where jobs wait."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def stop(self) -> None:
        """End the worker; the job that it is at waits for another."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        forget_at = 0.0
        said = ""  # a home that can only be read stays so; once is enough
        while not self._stop.wait(LOOK_EVERY):
            try:
                if time.monotonic() >= forget_at:
                    forget_old(self._settings, self._store)
                    forget_at = time.monotonic() + FORGET_EVERY
                if self._store.jobs.waiting(_now()):
                    self._work()
                said = ""
            except SluglineError as error:
                if str(error) != said:
                    log.warning("Jobs wait: %s", error)
                said = str(error)

    def _work(self) -> None:
        worker = new_worker()
        process = multiprocessing.get_context("spawn").Process(
            target=work_off, args=(self._settings, worker, logs.in_json()), name="slugline-jobs"
        )
        process.start()
        while process.is_alive():
            if self._stop.is_set():
                process.terminate()
            process.join(timeout=0.5)
        if process.exitcode not in {0, LEFT}:
            stopped = self._stop.is_set()
            if not stopped:
                log.warning("The worker of jobs died (%s).", process.exitcode)
            self._store.jobs.give_back(worker, died=not stopped)


def new_worker() -> str:
    """Return a name for a worker that no other has."""
    return f"{os.getpid()}-{uuid.uuid4().hex[:12]}"


def work_off(settings: Settings, worker: str, in_json: bool = False) -> None:
    """Be a worker: do what waits, then end. It ends with the process that started it, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started it
    logs.configure(level=logging.INFO, form="json" if in_json else "text")
    parent = os.getppid()
    with open_store(settings) as store:
        while run_next(settings, store, worker, orphaned=lambda: os.getppid() != parent):
            pass


def run_next(
    settings: Settings, store: Store, worker: str, *, orphaned: Callable[[], bool] = lambda: False
) -> Job | None:
    """Take one job and do it; return it as it ended, None where none waits."""
    job = store.jobs.take(worker, _now())
    if job is None:
        return None
    log.info("Job %d: %s, asked for by %s.", job.number, job.kind, job.who)
    with _Signs(store, job, worker, orphaned) as signs:
        try:
            result = WORK[job.kind](job, settings, store, signs)
        except SluglineError as error:
            log.warning("Job %d failed: %s", job.number, error)
            store.jobs.finish(job.number, worker, _now(), error=str(error))
        except Exception:
            log.exception("Job %d failed.", job.number)
            words = "Something went wrong; what it was is in the log of the server."
            store.jobs.finish(job.number, worker, _now(), error=words)
        else:
            store.jobs.finish(job.number, worker, _now(), result=result)
            log.info("Job %d is done.", job.number)
    return store.jobs.get(job.number)


def forget_old(settings: Settings, store: Store) -> None:
    """Forget jobs that ended long ago, with the files that they made."""
    folder = settings.home / EXPORTS
    for number in store.jobs.forget(_now()):
        file_of(folder, number).unlink(missing_ok=True)
        (folder / f"{number}.part").unlink(missing_ok=True)


class _Signs:
    """Gives signs of life for a job, by a thread, and leaves it where it is not to go on."""

    def __init__(self, store: Store, job: Job, worker: str, orphaned: Callable[[], bool]) -> None:
        self._store = store
        self._job = job
        self._worker = worker
        self._orphaned = orphaned
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="signs", daemon=True)
        self._progress = 0
        self._total: int | None = None
        self._part: JobPart | str = ""

    def __enter__(self) -> _Signs:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def begin(self, part: JobPart, total: int | None = None) -> None:
        """Begin a part of so many steps."""
        self._progress, self._total, self._part = 0, total, part

    def __call__(self, steps: int = 1, note: str = "") -> None:  # noqa: ARG002 - as of a bar
        """Move on by `steps`."""
        self._progress += steps

    def _beat(self) -> None:
        while not self._done.wait(BEAT):
            if self._orphaned():
                os._exit(LEFT)
            try:
                said = (self._progress, self._total, self._part)
                if not self._store.jobs.renew(self._job.number, self._worker, _now(), *said):
                    self._leave()
            except StoreError as error:
                log.warning("No sign of life of job %d: %s", self._job.number, error)

    def _leave(self) -> None:
        if self._done.is_set():
            return  # it ended meanwhile
        log.info("Job %d is cancelled, or another worker has it.", self._job.number)
        self._store.jobs.end_cancelled(self._job.number, self._worker, _now())
        os._exit(LEFT)


def _now() -> datetime:
    return datetime.now(UTC)
