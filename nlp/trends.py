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

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CLEAR = 15.13
"""The G² from which a rise is listed: p < 0.0001."""
FEWEST = 5
"""Articles that something needs now, to be listed at all."""
SMOOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Stretches:
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
class Counted:
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
    counted: Iterable[Counted], now: int, before: int, limit: int, fewest: int = FEWEST
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
        strength = log_likelihood(each.now, each.before, now, before)
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


def log_likelihood(here: int, there: int, now: int, before: int) -> float:
    """Return G² of `here` of `now` articles and `there` of `before` articles."""
    total = now + before
    having = here + there
    cells = (
        (here, now * having),
        (there, before * having),
        (now - here, now * (total - having)),
        (before - there, before * (total - having)),
    )
    return max(
        0.0,
        2 * sum(seen * math.log(seen * total / product) for seen, product in cells if seen > 0),
    )


def series(counts: Mapping[date, int], days: Iterable[date]) -> tuple[int, ...]:
    """Return the articles of each day, 0 where there are none."""
    return tuple(counts.get(day, 0) for day in days)
