"""What rises in a library, put together from its counts: the same for the page and the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from nlp.trends import Counted, Rise, Stretches, rises, series
from store.trends import KINDS

if TYPE_CHECKING:
    from store.store import Store


FEWEST_SOURCES = 2
"""Publishers that something must be in now: what one feed alone repeats is no trend."""
SPARE = 3
"""How many times as many rises as are shown are looked at, for those of one publisher."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that rises: in articles of how many publishers, and how many each day."""

    rise: Rise
    sources: int
    per_day: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """What rises, by kind; `now` and `before` are all articles of each stretch of days."""

    stretches: Stretches
    now: int
    before: int
    per_day: tuple[int, ...]
    rises: Mapping[str, tuple[Moved, ...]]


def look(store: Store, days: int, against: int, until: date | None, limit: int) -> Trends | None:
    """Compare the last `days` up to `until` with the `against` days before; None without articles.

    Without `until` the newest day is taken that has articles and is not in the future.
    """
    until = until or store.trends.last_day(datetime.now(UTC))
    if until is None:
        return None
    stretches = Stretches(until, days, against)
    all_days = stretches.all_days
    per_day = series(store.trends.days(stretches.before, until), all_days)
    before, now = sum(per_day[:against]), sum(per_day[against:])
    fewest = min(FEWEST_SOURCES, store.trends.sources(stretches.since, until))
    found: dict[str, tuple[Moved, ...]] = {}
    for kind in KINDS:
        counted = (
            Counted(kind, *row)
            for row in store.trends.counts(kind, stretches.before, stretches.since, until)
        )
        risen = rises(counted, now, before, SPARE * limit)
        sources = store.trends.sources_of(
            kind, [rise.key for rise in risen], stretches.since, until
        )
        shown = [rise for rise in risen if sources[rise.key] >= fewest][:limit]
        by_day = store.trends.days_of(kind, [rise.key for rise in shown], stretches.before, until)
        found[kind] = tuple(
            Moved(rise, sources[rise.key], series(by_day[rise.key], all_days)) for rise in shown
        )
    return Trends(stretches, now, before, per_day, found)
