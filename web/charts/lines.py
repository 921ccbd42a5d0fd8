"""Several searches over time as lines in one picture: from counts by day, week or month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

STEP, HEIGHT = 10, 100
MOST_POINTS = 120
"""Days, weeks or months in one picture; of a longer time, the stretch with most articles."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a line: of which time, and where it stands."""

    time: str
    value: float
    x: int
    y: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the same `times`, the highest value of all (`peak`) at the top.

    `outside` is the sum of the values before and after the picture.
    """

    times: tuple[str, ...]
    lines: tuple[tuple[Point, ...], ...]
    peak: float
    outside: float

    @property
    def width(self) -> int:
        """The width of the picture, in the units of `Point.x`."""
        return STEP * max(len(self.times) - 1, 1)

    def path(self, number: int) -> str:
        """Return the points of a line as an SVG polyline has them."""
        return " ".join(f"{point.x},{point.y}" for point in self.lines[number])


def lines(series: Sequence[Mapping[str, float]], unit: str) -> Lines | None:
    """Return the picture of values by time, in `unit` (day, week, month); None without two times.

    A day goes by its ISO date, a week by that of its Monday, a month by 2023-11. Times between that
    nobody has a value for are 0.
    """
    known = sorted({time for values in series for time in values})
    if not known:
        return None
    times = list(_times(known[0], known[-1], unit))
    sums = [sum(values.get(time, 0) for values in series) for time in times]
    first, last = _fullest(sums)
    shown = times[first:last]
    if len(shown) < 2:
        return None
    return drawn(
        shown,
        [[values.get(time, 0) for time in shown] for values in series],
        sum(sums) - sum(sums[first:last]),
    )


def drawn(times: Sequence[str], series: Sequence[Sequence[float]], outside: float = 0) -> Lines:
    """Return the picture of lines that have a value for each of `times`, of which are two or more.

    `outside` is the sum of values that are not in the picture.
    """
    peak = max(max(values) for values in series)
    return Lines(
        tuple(times),
        tuple(
            tuple(
                Point(time, value, place * STEP, _y(value, peak))
                for place, (time, value) in enumerate(zip(times, values, strict=True))
            )
            for values in series
        ),
        peak,
        outside,
    )


def last_day(time: str, unit: str) -> date:
    """Return the last day of a time."""
    return _after(first_day(time), unit) - timedelta(days=1)


def _fullest(sums: Sequence[float]) -> tuple[int, int]:
    """Return the stretch of times that has most, the latest of several."""
    if len(sums) <= MOST_POINTS:
        return 0, len(sums)
    whole = [0.0, *accumulate(sums)]
    starts = range(len(sums) - MOST_POINTS + 1)
    first = max(starts, key=lambda at: (whole[at + MOST_POINTS] - whole[at], at))
    return first, first + MOST_POINTS


def _times(first: str, last: str, unit: str) -> Iterator[str]:
    day, end = first_day(first), first_day(last)
    while day <= end:
        yield day.isoformat()[: 7 if unit == "month" else 10]
        day = _after(day, unit)


def first_day(time: str) -> date:
    """Return the first day of a time."""
    return date.fromisoformat(f"{time}-01" if len(time) == 7 else time)


def _after(day: date, unit: str) -> date:
    if unit == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if unit == "week" else 1)


def _y(value: float, peak: float) -> float:
    return round(HEIGHT - HEIGHT * value / peak, 2) if peak else float(HEIGHT)
