"""What rises in a library, put together from its counts: the same for the page and the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from models.shelves.trends import KINDS
from nlp.trends import Counted, Rise, Stretches, rises, series

if TYPE_CHECKING:
    from models.store import Store


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that rises, and its articles on each day of both stretches."""

    rise: Rise
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
    found: dict[str, tuple[Moved, ...]] = {}
    for kind in KINDS:
        counted = (
            Counted(kind, *row)
            for row in store.trends.counts(kind, stretches.before, stretches.since, until)
        )
        risen = rises(counted, now, before, limit)
        keys = [rise.key for rise in risen]
        by_day = store.trends.days_of(kind, keys, stretches.before, until) if keys else {}
        found[kind] = tuple(Moved(rise, series(by_day[rise.key], all_days)) for rise in risen)
    return Trends(stretches, now, before, per_day, found)
