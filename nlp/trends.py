"""What rises: topics, clusters and entities that are in more of the news now than before.

Two stretches of days are compared, such as this week and the four weeks before it. What something
has now is its share of all articles of the stretch, so that stretches of any length compare, and
so do weeks with more news in all.

- Whether a difference is more than chance: the log-likelihood ratio G² of articles with and
  without it, now and before (Dunning 1993, Accurate methods for the statistics of surprise and
  coincidence; Rayson and Garside 2000, Comparing corpora using frequency profiling). From
  `CLEAR` on (p < 0.0001 with one degree of freedom) it is listed: among ten thousand entities
  that don't change, one is.
- How large it is: the ratio of the two shares, each smoothed by half an article, so that what
  was never there before has a ratio too (Hardie 2014, Log Ratio).

Articles about one event are not independent of each other, so G² ranks better than it proves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from nlp.association import log_likelihood

CLEAR = 15.13
"""The G² from which a rise is listed: p < 0.0001."""
FEWEST = 5
"""Articles that something needs now, to be listed at all."""
SMOOTHING = 0.5
UNITS = ("articles", "stories")
"""What is counted. A story counts once a day, however many tell it."""
DAYS, AGAINST = 7, 28
"""Days that are compared, and those before them, where the archive has as many."""
THIN = 0.05
"""A day with less than this share of the busiest day's articles is none to compare with."""
KINDS = ("topic", "cluster", "entity")
"""What can rise."""
FEWEST_SOURCES = 2
"""Publishers that something must be in now: what one feed alone repeats is not a trend."""
SPARE = 3
"""How many times as many rises as are shown are looked at, for those of one publisher."""


class Counts(Protocol):
    """Counts by day of publication (UTC); the store's trends. Ends are included.

    `by` is one of `UNITS`.
    """

    def refresh(self) -> int:
        """Count anew what changed, for what is asked after it; return how many days that were."""

    def last_day(self, now: datetime) -> date | None:
        """Return the newest day with articles, of those that are not in the future."""

    def days(self, since: date, until: date, *, by: str) -> Mapping[date, int]:
        """Return how many there are on each day that has any."""

    def sources(self, since: date, until: date) -> int:
        """Return how many publishers have articles."""

    def counts(
        self, kind: str, before: date, since: date, until: date, *, by: str, fewest: int
    ) -> Sequence[tuple[str, str, int, int]]:
        """Return (key, name, number from `since` on, number from `before` to `since`).

        What has less than `fewest` from `since` on is left out.
        """

    def sources_of(
        self, kind: str, keys: Sequence[str], since: date, until: date
    ) -> Mapping[str, int]:
        """Return in how many publishers each of some keys is."""

    def days_of(
        self, kind: str, keys: Sequence[str], since: date, until: date, *, by: str
    ) -> Mapping[str, Mapping[date, int]]:
        """Return how many there are on each day, for each of some keys."""


@dataclass(frozen=True, slots=True)
class ComparedDays:
    """The days that are compared: `days` up to `until` (included), and `against` days before."""

    until: date
    days: int
    against: int

    @property
    def since(self) -> date:
        """The first of the days that are looked at."""
        return self.until - timedelta(days=self.days - 1)

    @property
    def before(self) -> date:
        """The first of the days that they are compared with."""
        return self.since - timedelta(days=self.against)

    @property
    def all_days(self) -> tuple[date, ...]:
        """All days of both stretches, in order."""
        return tuple(self.before + timedelta(days=n) for n in range(self.against + self.days))


@dataclass(frozen=True, slots=True)
class CountChange:
    """How many articles have something, now and before. `kind` is topic, cluster or entity."""

    kind: str
    key: str
    name: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Rise:
    """Something that rises: its articles now and before, how many times the share, and its G²."""

    kind: str
    key: str
    name: str
    now: int
    before: int
    ratio: float
    strength: float


def rises(
    counted: Iterable[CountChange], now: int, before: int, limit: int, fewest: int = FEWEST
) -> tuple[Rise, ...]:
    """Return what rises, the clearest first; `now` and `before` are all articles of each stretch.

    Where there was no article before, nothing can be said to rise. Entities of one name, such as a
    place and a club, are listed once, as the clearest of them.
    """
    if not before:
        return ()
    found = []
    for each in counted:
        if each.now < fewest:
            continue
        times = ratio(each.now, each.before, now, before)
        strength = g_squared(each.now, each.before, now, before)
        if times > 1 and strength >= CLEAR:
            found.append(
                Rise(
                    *(each.kind, each.key, each.name, each.now, each.before),
                    ratio=round(times, 2),
                    strength=round(strength, 1),
                )
            )
    found.sort(key=lambda rise: (-rise.strength, rise.key))
    once: dict[tuple[str, str], Rise] = {}
    for rise in found:
        shown = rise.name.casefold() if rise.kind == "entity" else rise.key
        once.setdefault((rise.kind, shown), rise)
    return tuple(once.values())[:limit]


def ratio(here: int, there: int, now: int, before: int) -> float:
    """Return how many times the share before is the share now, both smoothed."""
    share_now = (here + SMOOTHING) / (now + 2 * SMOOTHING)
    share_before = (there + SMOOTHING) / (before + 2 * SMOOTHING)
    return share_now / share_before


def g_squared(here: int, there: int, now: int, before: int) -> float:
    """Return how surprising it is that `here` of `now` and `there` of `before` articles have it."""
    return log_likelihood(here, here + there, now, now + before)


def series(counts: Mapping[date, int], days: Iterable[date]) -> tuple[int, ...]:
    """Return the articles of each day, 0 where there are none."""
    return tuple(counts.get(day, 0) for day in days)


@dataclass(frozen=True, slots=True)
class RiseDetails:
    """Something that rises: in articles of how many publishers, and how many each day."""

    rise: Rise
    sources: int
    per_day: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """What rises, by kind; `now` and `before` are all that each stretch of days has, of `by`."""

    stretches: ComparedDays
    now: int
    before: int
    per_day: tuple[int, ...]
    rises: Mapping[str, tuple[RiseDetails, ...]]
    by: str = "articles"


def days_there(per_day: Mapping[date, int], until: date) -> tuple[int, int]:
    """Return how many days to look at, and against how many, in a young archive.

    A fifth of the days since the archive began in earnest, at most `DAYS` and `AGAINST`.
    """
    busiest = max(per_day.values(), default=0)
    full = [day for day, n in per_day.items() if day <= until and n >= THIN * busiest]
    span = (until - min(full)).days + 1 if full else DAYS + AGAINST
    days = min(DAYS, max(1, round(span * DAYS / (DAYS + AGAINST))))
    return days, min(AGAINST, max(1, span - days))


def find_trends(
    counts: Counts,
    days: int | None,
    against: int | None,
    until: date | None,
    limit: int,
    by: str = "articles",
) -> Trends | None:
    """Compare the last `days` up to `until` with the `against` days before; None without articles.

    Without `until` the newest day is taken that has articles and is not in the future, without
    `days` and `against` a week and the four weeks before it, or less in a young archive. `by` is
    one of `UNITS`.
    """
    until = until or counts.last_day(datetime.now(UTC))
    if until is None:
        return None
    counts.refresh()
    if days is None or against is None:
        longest = until - timedelta(days=DAYS + AGAINST - 1)
        usual = days_there(counts.days(longest, until, by=by), until)
        days, against = days or usual[0], against or usual[1]
    stretches = ComparedDays(until, days, against)
    all_days = stretches.all_days
    per_day = series(counts.days(stretches.before, until, by=by), all_days)
    before, now = sum(per_day[:against]), sum(per_day[against:])
    fewest = min(FEWEST_SOURCES, counts.sources(stretches.since, until))
    found: dict[str, tuple[RiseDetails, ...]] = {}
    for kind in KINDS:
        counted = (
            CountChange(kind, *row)
            for row in counts.counts(
                kind, stretches.before, stretches.since, until, by=by, fewest=FEWEST
            )
        )
        risen = rises(counted, now, before, SPARE * limit)
        sources = counts.sources_of(kind, [rise.key for rise in risen], stretches.since, until)
        shown = [rise for rise in risen if sources[rise.key] >= fewest][:limit]
        by_day = counts.days_of(kind, [rise.key for rise in shown], stretches.before, until, by=by)
        found[kind] = tuple(
            RiseDetails(rise, sources[rise.key], series(by_day[rise.key], all_days))
            for rise in shown
        )
    return Trends(stretches, now, before, per_day, found, by)
