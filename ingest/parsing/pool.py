"""Reads feeds in processes of their own, which can be stopped whatever a parser is doing.

A process is started where none is idle, and reads one feed after the other.
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
from typing import Protocol

from ingest.parsed_source import ParsedSource, UnreadableError, joined
from ingest.parsing.frames import LENGTH, Job, packed, unpacked
from ingest.parsing.limits import SECONDS

PROCESSES = 2
"""Processes that read at one time."""
JOBS = 1_000
"""Feeds after which a process is replaced by a new one."""
LOOK_EVERY = 0.2
"""Seconds between two looks whether to stop."""
PATIENCE = 4
"""How many times as long as its processor time a feed may take by the clock."""
STEP = 1_000_000


class StoppedError(Exception):
    """Reading was stopped from outside; nothing is known of the feed."""


class FeedReader(Protocol):
    """Whatever reads feeds; many threads may call it at once."""

    def read(self, data: bytes, name: str, url: str, content_type: str) -> ParsedSource:
        """Return what stands in a feed; raises UnreadableError, or StoppedError."""


class InProcess:
    """Reads feeds in this very process, for trusted ones and for tests."""

    def read(self, data: bytes, name: str, url: str, content_type: str) -> ParsedSource:
        """Return what stands in a feed; raises UnreadableError."""
        from ingest.feeds import read_feed

        return read_feed(data, name, url, content_type)


class ReaderPool:
    """Reads feeds in up to `processes` others, each feed within `seconds` of processor time.

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

    def read(self, data: bytes, name: str, url: str, content_type: str) -> ParsedSource:
        """Return what stands in a feed; raises UnreadableError, or StoppedError."""
        job = Job(data, name, url, content_type, self._seconds)
        while not self._turns.acquire(timeout=LOOK_EVERY):
            if self._stopping():
                raise StoppedError
        try:
            with self._process() as process:
                return process.run(job, self._stopping)
        finally:
            self._turns.release()

    @contextmanager
    def _process(self) -> Iterator[_Process]:
        with self._lock:
            process = self._idle.pop() if self._idle else None
        process = process or _Process()
        try:
            yield process
        except BaseException:
            if not process.is_sound:
                process.end()
                raise
            self._put_back(process)
            raise
        self._put_back(process)

    def _put_back(self, process: _Process) -> None:
        if process.jobs >= JOBS:
            process.end()
            return
        with self._lock:
            self._idle.append(process)

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()


class _Process:
    """One process that reads feeds; `is_sound` while it can be given another."""

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

    def run(self, job: Job, stopping: Callable[[], bool]) -> ParsedSource:
        """Have one feed read; raises UnreadableError, or StoppedError."""
        self.jobs += 1
        self.is_sound = False
        end = time.monotonic() + PATIENCE * job.seconds
        try:
            self._send(packed(job))
            parts, error = self._received(end, stopping)
        except (OSError, EOFError):
            raise UnreadableError(self._why_it_ended(job)) from None
        self.is_sound = True
        if error:
            raise UnreadableError(error)
        return joined(parts)

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

    def _send(self, frame: bytes) -> None:
        assert self._popen.stdin  # noqa: S101 - it was asked for
        self._popen.stdin.write(frame)
        self._popen.stdin.flush()

    def _received(self, end: float, stopping: Callable[[], bool]) -> tuple[list[ParsedSource], str]:
        """Return the parts of the feed, and why it can't be read."""
        parts = []
        while True:
            length = int.from_bytes(self._bytes(LENGTH, end, stopping), "big")
            result = unpacked(self._bytes(length, end, stopping))
            if result.part:
                parts.append(result.part)
            if result.last:
                return parts, result.error

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
        """Say what a feed did to its reader: it is killed by the kernel, or is about to be."""
        import signal

        try:
            ended = self._popen.wait(timeout=1)
        except subprocess.TimeoutExpired:
            ended = -signal.SIGXCPU
        if ended == -signal.SIGXCPU:
            return f"takes more than {job.seconds:.0f} s to read; nothing of it was taken"
        return f"ended the process that read it ({-ended if ended < 0 else ended})"
