"""Detects feeds with unusual activity: silent after being busy, or flooded.

A feed is a chance process: with a mean of ten articles over a time, none at all comes once in
22,000 such times (Poisson), so that is called silence and no accident.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

BASE = 28
"""Days that a feed's usual pace is counted over."""
LOOK_BACK = 120
"""Days that are looked at; a feed that fell silent before that is not told any more."""
LEAST_ARTICLES, LEAST_DAYS = 10, 7
"""What must be known of a feed before anything about it can be unusual."""
SHORTEST_SILENCE = 4
"""Days; a long weekend is no silence."""
MISSED = 10
"""Articles that a silent feed would have given."""
TIMES, FLOOD = 10, 20
"""How many times its pace a flood is, and how many articles in a day at the least."""


@dataclass(frozen=True, slots=True)
class Unusual:
    """What is unusual about a feed: `kind` and `day` name it, `words` tell it to people.

    A silence is named by the day of the last article before it, a flood by its own day.
    """

    kind: str
    day: date
    words: str


def unusual(by_day: Mapping[date, int], today: date) -> str:
    """Say what is unusual about the articles that a feed published each day (UTC), or ""."""
    found = noticed(by_day, today)
    return found.words if found else ""


def noticed(by_day: Mapping[date, int], today: date) -> Unusual | None:
    """Return what is unusual about the articles that a feed published each day (UTC)."""
    days = sorted(day for day, count in by_day.items() if count and day <= today)
    if not days:
        return None
    newest = days[-1]
    pace = _pace(by_day, newest)
    silence = (today - newest).days
    if pace and silence >= max(SHORTEST_SILENCE, math.ceil(MISSED / pace)):
        words = f"silent for {silence} days; it gave {_a_day(pace)} before"
        return Unusual("silent", newest, words)
    for day in (today, today - timedelta(days=1)):
        usual = _pace(by_day, day - timedelta(days=1))
        count = by_day.get(day, 0)
        if usual and count >= max(FLOOD, TIMES * usual):
            words = f"gave {count:,} articles on {day}; it gave {_a_day(usual)} before"
            return Unusual("flood", day, words)
    return None


def _pace(by_day: Mapping[date, int], last: date) -> float:
    """Return articles a day over the `BASE` days up to `last`; 0 where too little is known."""
    known = {day: n for day, n in by_day.items() if 0 <= (last - day).days < BASE and n}
    if sum(known.values()) < LEAST_ARTICLES:
        return 0.0
    days = (last - min(known)).days + 1
    return sum(known.values()) / days if days >= LEAST_DAYS else 0.0


def _a_day(pace: float) -> str:
    return f"{pace:,.1f} a day"
