"""Deals new connections out evenly to processes that wait at one socket.

The system wakes all of them for a connection, and whoever comes first takes it. That is the one
that was awake anyway: the busiest. So each process says in shared memory how many connections it
has, and one that has more than another leaves the next to it for a moment.
"""

from __future__ import annotations

import mmap
import select
import socket
import time

MOST_PROCESSES = 256
LEAVE_SECONDS = 0.02
"""How long a connection is left to others at the most; then whoever sees it takes it."""
_LOOK_SECONDS = 0.001
_NOBODY = -1


class Balance:
    """How many connections each process has. Make it before processes are forked, one for all."""

    def __init__(self) -> None:
        self._counts = memoryview(mmap.mmap(-1, 4 * MOST_PROCESSES)).cast("i")
        for place in range(MOST_PROCESSES):
            self._counts[place] = _NOBODY

    def take_place(self) -> int | None:
        """Return a place for a new process, None where all are taken. Call it in the parent."""
        for place in range(MOST_PROCESSES):
            if self._counts[place] == _NOBODY:
                self._counts[place] = 0
                return place
        return None

    def give_back(self, place: int | None) -> None:
        """Let go of the place of a process that has ended. Call it in the parent."""
        if place is not None:
            self._counts[place] = _NOBODY

    def say(self, place: int | None, connections: int) -> None:
        """Say how many connections the process at a place has."""
        if place is not None:
            self._counts[place] = connections

    def has_more(self, place: int | None) -> bool:
        """Say whether the process at a place has more connections than another."""
        if place is None:
            return False
        mine = self._counts[place]
        return any(_NOBODY < count < mine for count in self._counts)

    def leave(self, place: int | None, listening: socket.socket) -> None:
        """Leave the connection that waits at a socket to another process, if that has fewer.

        Returns once another has taken it, or after `LEAVE_SECONDS` at the latest: that process may
        be at work, or no longer there.
        """
        until = time.monotonic() + LEAVE_SECONDS
        while self.has_more(place) and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
            if not _waits(listening):
                return


def _waits(listening: socket.socket) -> bool:
    """Say whether a connection waits to be taken."""
    looking = select.poll()  # select() takes no files above 1,023
    looking.register(listening, select.POLLIN)
    return bool(looking.poll(0))
