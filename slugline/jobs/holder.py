"""Leases in the name of this process, renewed while it works on shared data."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from models.errors import StoreError
from store.store import Store

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""How long work stays with a process that gives no sign of life."""

SIGNS = 3
"""Signs of life in the time of one lease, so that one that is late costs nothing."""

LOOK_AGAIN = 0.5
"""Seconds between two looks for work that others have."""


class LeaseHolder:
    """Takes leases in its name, and prolongs them while the block lasts; gives them back after."""

    def __init__(self, store: Store, lasts: timedelta = LEASE) -> None:
        self.name = f"{_this_process()} {uuid.uuid4().hex[:8]}"
        self.lasts = lasts
        self._store = store
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._give_signs, daemon=True)

    def __enter__(self) -> LeaseHolder:
        self._take_from_the_dead()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        try:
            self._store.leases.give_back([self.name])
        except StoreError as error:
            log.info("Leases of this process lapse by themselves: %s", error)

    def wait_for_others(self) -> None:
        """Wait a moment for what others are at; what the dead among them had is free then."""
        time.sleep(LOOK_AGAIN)
        self._take_from_the_dead()

    def _take_from_the_dead(self) -> None:
        """Give back at once what processes of this machine had that live no more."""
        dead = [name for name in self._store.leases.holders() if _is_dead(name)]
        self._store.leases.give_back(dead)

    def _give_signs(self) -> None:
        while not self._ended.wait(self.lasts.total_seconds() / SIGNS):
            try:
                self._store.leases.renew(self.name, self.lasts)
            except StoreError as error:
                log.info("The leases of this process were not prolonged: %s", error)


@contextmanager
def the_only_one(store: Store, work: str) -> Iterator[None]:
    """Be the one process that does a piece of work; waits for another that is at it."""
    with LeaseHolder(store) as holder:
        while not store.leases.take(work, 0, holder.name, holder.lasts):
            holder.wait_for_others()
        yield


def _this_process() -> str:
    return f"{socket.gethostname()[:40]} {_machine()} {os.getpid()} {_started(os.getpid())}"


def _is_dead(holder: str) -> bool:
    """Say whether a holder was a process of this machine that has ended."""
    try:
        _, machine, pid, started, _ = holder.rsplit(" ", 4)
        return machine == _machine() and _started(int(pid)) != started
    except ValueError:
        return False


def _machine() -> str:
    """Name the processes that can see each other: of a machine since it started, or of a container.

    Where the system does not say, "?": then only time tells who has ended.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
        return f"{boot}-{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return f"?{uuid.uuid4().hex[:8]}"


def _started(pid: int) -> str:
    """Return when a process started, in ticks since the machine did; "" where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    state, *others = fields.rsplit(")", 1)[-1].split()
    return "" if state in "ZX" else others[18]
