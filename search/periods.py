"""Histograms of weeks and months, from the articles of each day that an engine counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

Counts = tuple[tuple[str, int], ...]


def _week(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def _month(day: date) -> str:
    return day.isoformat()[:7]


PERIODS: Mapping[str, Callable[[date], str]] = {"week": _week, "month": _month}
"""What an engine doesn't count: a week goes by its Monday, a month by `2023-11`."""


def engine_facets(asked: Iterable[str]) -> tuple[str, ...]:
    """Return what an engine must count for some facets."""
    return tuple(dict.fromkeys("day" if facet in PERIODS else facet for facet in asked))


def with_periods(asked: Sequence[str], counted: Mapping[str, Counts]) -> dict[str, Counts]:
    """Return the facets asked for, from what an engine counted, in the order of asking."""
    return {
        facet: _summed(PERIODS[facet], counted["day"]) if facet in PERIODS else counted[facet]
        for facet in asked
    }


def _summed(period: Callable[[date], str], days: Counts) -> Counts:
    sums: dict[str, int] = {}
    for day, count in days:
        name = period(date.fromisoformat(day))
        sums[name] = sums.get(name, 0) + count
    return tuple(sums.items())
