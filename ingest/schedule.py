"""Decides when a feed is asked again: often where it publishes often, rarely where it fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

NEWEST = 20
"""The newest entries that a feed's pace is read from."""
UNDATED = 3_600
"""Seconds between two checks of a feed whose entries have no dates."""
QUIETER = 1.25
"""What the interval grows by each time that nothing changed."""
SPREAD = 0.1
"""The part of an interval that chance adds or takes, so that feeds don't come all at once."""
LONGEST_SILENT = 3_600
"""Seconds at the most between two tries where no server answers: it may be our own line."""
LONGEST_FAILING = 86_400
"""Seconds at the most between two tries where the server answers with an error."""
LONGEST_ASKED = 7 * 86_400
"""Seconds that a server's Retry-After is followed to."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest time between two checks of a feed, in seconds."""

    shortest: int = 900
    longest: int = 21_600

    def within(self, seconds: float) -> int:
        """Return the nearest interval that is allowed."""
        return round(max(self.shortest, min(self.longest, seconds)))


def interval_of(published: Iterable[datetime | None], now: datetime, bounds: Bounds) -> int:
    """Return the interval in seconds for a feed with entries of these dates.

    It is half the mean time between the newest of them and now, so that a feed fallen silent is
    asked less and less, and an article waits for a quarter of the usual gap on average.
    """
    known = sorted((moment for moment in published if moment and moment <= now), reverse=True)
    if not known:
        return bounds.within(UNDATED)
    newest = known[:NEWEST]
    return bounds.within((now - newest[-1]).total_seconds() / len(newest) / 2)


def quieter(interval: int, bounds: Bounds) -> int:
    """Return the interval of a feed that had nothing new since it got `interval` (0: not known)."""
    return bounds.within(QUIETER * (interval or UNDATED))


def after_success(interval: int, chance: float) -> float:
    """Return the seconds to the next check of a feed that is well; `chance` is from 0 to 1."""
    return interval * (1 + SPREAD * (2 * chance - 1))


def after_failure(
    failures: int, bounds: Bounds, chance: float, *, answered: bool, retry_after: float | None
) -> float:
    """Return the seconds to the next try after `failures` in a row, this one included.

    They double each time, up to a limit that is lower where nothing answered at all; half of them
    are left to chance (0 to 1). What the server asked for in `retry_after` is the least, up to
    `LONGEST_ASKED`.
    """
    limit = max(bounds.shortest, LONGEST_FAILING if answered else LONGEST_SILENT)
    doubled = min(limit, max(1.0, bounds.shortest) * 2.0 ** min(failures - 1, 30))
    asked = min(LONGEST_ASKED, retry_after or 0.0)
    return max(doubled * (0.75 + chance / 2), asked * (1 + SPREAD * chance))
