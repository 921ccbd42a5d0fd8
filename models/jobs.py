"""Long-running jobs and their states."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

LEASE = timedelta(seconds=30)
"""How long a job stays with a worker that gives no sign of life."""
MOST_ATTEMPTS = 3
"""Workers that a job may outlive before it counts as failed."""
KEPT = timedelta(days=14)
"""How long an ended job, and the file that it made, are kept."""


class JobKind(StrEnum):
    """What can be done as a job."""

    EXPORT = "export"
    CHECK_FEEDS = "check-feeds"
    TAG = "tag"
    REBUILD_INDEX = "rebuild-index"
    FIT_TOPICS = "fit-topics"
    FIT_CLUSTERS = "fit-clusters"
    RETENTION = "retention"


class JobPart(StrEnum):
    """What a job is at, of the parts that it consists of."""

    EXPORT = "export"
    CHECK = "check"
    GROUP = "group"
    TAG = "tag"
    STORIES = "stories"
    FIT = "fit"
    REMOVE = "remove"
    INDEX = "index"


class JobState(StrEnum):
    """Where a job stands; the last three are its end."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """One job: `options` are what its kind takes, `result` what came of it.

    `progress` counts steps out of `total` (None: not known), `note` is the `JobPart` it is at.
    `attempts` counts the workers that took it. `cancelled` says that a person wants it to end.
    """

    number: int
    kind: JobKind
    state: JobState
    who: str
    made: datetime
    options: dict[str, Any] = field(default_factory=dict)
    started: datetime | None = None
    ended: datetime | None = None
    progress: int = 0
    total: int | None = None
    note: str = ""
    result: dict[str, Any] | None = None
    error: str = ""
    attempts: int = 0
    cancelled: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
