"""Removed articles: the rules of retention, and the record of each removal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from models.errors import ConfigError, UsageError

LONGEST_REASON = 500


class RemovalKind(StrEnum):
    """Why an article went: a person took it down, or it was older or more than is to be kept."""

    TAKEDOWN = "takedown"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True)
class Removal:
    """The record of an article that was removed. It holds nothing of its text, nor its address.

    `article` is its id, which is made of its address: whoever has that can look it up.
    """

    article: str
    kind: RemovalKind
    source: str
    published: datetime | None
    removed: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """What to keep: articles of so many `days`, so many `articles`, so many `megabytes` of text.

    0 sets no limit. The newest are kept; whatever passes any of the limits is due to go, but for
    what people starred, corrected or put into a list.
    """

    days: int = 0
    articles: int = 0
    megabytes: int = 0

    @property
    def is_set(self) -> bool:
        """Whether there is any limit."""
        return bool(self.days or self.articles or self.megabytes)

    def words(self) -> str:
        """Say what the rule keeps."""
        parts = []
        if self.days:
            parts.append(f"of the last {self.days:,} days")
        if self.articles:
            parts.append(f"the newest {self.articles:,}")
        if self.megabytes:
            parts.append(f"{self.megabytes:,} MB of text")
        return ", ".join(parts) or "everything"

    def before(self, now: datetime) -> datetime | None:
        """Return the moment before which articles are too old; None without such a limit."""
        if not self.days:
            return None
        try:
            return now - timedelta(days=self.days)
        except OverflowError:
            raise ConfigError(f"retention.days is {self.days}, before all time.") from None


KEEP_ALL = RetentionRule()


@dataclass(frozen=True, slots=True)
class RetentionPreview:
    """What a rule would remove: `due` articles, in all and by source, and their span of time.

    `kept` counts those that it spares, by the reason: corrected, starred, listed.
    """

    articles: int
    due: int
    oldest: datetime | None
    newest: datetime | None
    sources: tuple[tuple[str, int], ...] = ()
    kept: dict[str, int] = field(default_factory=dict)


def checked_reason(text: str) -> str:
    """Return the reason of a removal; raises UsageError if it is empty or too long."""
    reason = " ".join(text.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise UsageError(f"Say why, in 1 to {LONGEST_REASON} characters.")
    return reason
