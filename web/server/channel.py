"""How waitress treats connections: idle ones make room, and its own errors have our headers."""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from web.server.headers import HEADERS

MOST_IDLE = 400
"""Connections without a request under way that are kept; one more closes the longest idle one."""
MOST_CONNECTIONS = 900
"""Connections at all, below the 1,024 open files that most systems allow a process."""
IDLE_SECONDS = 60
LOOK_EVERY = 10


class SafeErrorTask(ErrorTask):  # type: ignore[misc]  # waitress ships no types
    """An error that the server itself answers, with the headers of every other answer."""

    def execute(self) -> None:
        """Answer with the error."""
        self.response_headers.extend(HEADERS.items())
        super().execute()


class RoomyChannel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    """A connection that pushes out the longest idle one where there are too many.

    Without that, whoever opens as many connections as there may be, and then says nothing, keeps
    everybody else out until they time out.
    """

    error_task_class = SafeErrorTask

    def __init__(self, server: Any, *args: Any, **kwargs: Any) -> None:
        idle = [one for one in server.active_channels.values() if _is_idle(one)]
        if len(idle) >= MOST_IDLE:
            min(idle, key=lambda one: one.last_activity).will_close = True
        super().__init__(server, *args, **kwargs)


def _is_idle(channel: Any) -> bool:
    return not channel.requests and not channel.total_outbufs_len and not channel.will_close
