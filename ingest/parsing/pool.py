"""A pool of worker processes for parsing, each of which can be killed at any time.

A process is started where none is idle, and does one task after the other. What it brings is
handed on part by part, so that neither process holds a large file as a whole.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ingest.parsed_source import UnreadableError
from ingest.parsing.frames import LENGTH, Job, Result, Task, unpacked, write
from ingest.parsing.limits import SECONDS
from ingest.parsing.reader import Reader
from models.errors import SourceError

PROCESSES = 2
"""Processes that read at one time."""
JOBS = 5_000
"""Tasks after which a process is replaced by a new one."""
LOOK_EVERY = 0.2
"""Seconds between two looks whether to stop."""
PATIENCE = 4
"""How many times as long as its processor time a part may take by the clock."""
STEP = 1_000_000


class StoppedError(Exception):
    """Reading was stopped from outside; nothing is known of the feed."""


class InProcess(Reader):
    """Reads in this very process, for what is trusted and for tests."""

    def results(self, task: Task) -> Iterator[Result]:
        """Yield what a task brings; raises UnreadableError or SourceError."""
        from ingest.parsing.tasks import results

        return results(task)


class ReaderPool(Reader):
    """Reads in up to `processes` others, each part of a task within `seconds` of processor time.

    Once `stopping` says so, what is under way is given up. Close it when done.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        processes: int = PROCESSES,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._seconds = seconds
        self._stopping = stopping
        self._turns = threading.Semaphore(processes)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []

    def results(self, task: Task) -> Iterator[Result]:
        """Yield what a task brings; raises UnreadableError, SourceError or StoppedError."""
        job = Job(task, self._seconds)
        while not self._turns.acquire(timeout=LOOK_EVERY):
            if self._stopping():
                raise StoppedError
        try:
            with self._process() as process:
                yield from process.run(job, self._stopping)
        finally:
            self._turns.release()

    @contextmanager
    def _process(self) -> Iterator[_Process]:
        with self._lock:
            process = self._idle.pop() if self._idle else None
        process = process or _Process()
        try:
            yield process
        finally:
            if process.is_sound and process.jobs < JOBS:
                with self._lock:
                    self._idle.append(process)
            else:
                process.end()

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()


class _Process:
    """One process that reads; `is_sound` while it can be given another task."""

    def __init__(self) -> None:
        # -P: a directory of that name where the command is run must not stand in for our package
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "ingest.parsing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.jobs = 0
        self.is_sound = True

    def run(self, job: Job, stopping: Callable[[], bool]) -> Iterator[Result]:
        """Have one task done; raises UnreadableError, SourceError or StoppedError."""
        self.jobs += 1
        self.is_sound = False
        result = Result()
        try:
            assert self._popen.stdin  # noqa: S101 - it was asked for
            write(job, self._popen.stdin)
            while not result.last:
                result = self._received(PATIENCE * job.seconds, stopping)
                if not result.last:
                    yield result
        except (OSError, EOFError):
            raise UnreadableError(self._why_it_ended(job)) from None
        self.is_sound = not result.is_swollen
        if result.place is not None:
            raise SourceError(result.error, result.place)
        if result.error:
            raise UnreadableError(result.error)

    def end(self) -> None:
        """End the process."""
        self._popen.kill()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # what was not sent yet finds nobody
                    continue
        self._popen.wait()

    def _received(self, seconds: float, stopping: Callable[[], bool]) -> Result:
        """Return the next result; raises EOFError where none comes in time."""
        end = time.monotonic() + seconds
        length = int.from_bytes(self._bytes(LENGTH, end, stopping), "big")
        return unpacked(self._bytes(length, end, stopping))

    def _bytes(self, count: int, end: float, stopping: Callable[[], bool]) -> bytes:
        assert self._popen.stdout  # noqa: S101 - it was asked for
        pipe = self._popen.stdout.fileno()
        found = bytearray()
        poll = select.poll()
        poll.register(pipe, select.POLLIN | select.POLLHUP)
        while len(found) < count:
            if stopping():
                raise StoppedError
            if time.monotonic() > end:
                raise EOFError
            if poll.poll(LOOK_EVERY * 1_000):
                piece = os.read(pipe, min(STEP, count - len(found)))
                if not piece:
                    raise EOFError
                found += piece
        return bytes(found)

    def _why_it_ended(self, job: Job) -> str:
        """Say what a file did to its reader: it is killed by the kernel, or is about to be."""
        import signal

        try:
            ended = self._popen.wait(timeout=1)
        except subprocess.TimeoutExpired:
            ended = -signal.SIGXCPU
        if ended == -signal.SIGXCPU:
            return f"takes more than {job.seconds:.0f} s to read, and was given up"
        return f"ended the process that read it ({-ended if ended < 0 else ended})"
