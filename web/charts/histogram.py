"""Articles over time as a picture: from counts a day to bars, in days, weeks, months or years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MOST_BARS = 62
"""Two months of days; more bars are too thin to point at."""

STRAY = 0.01
"""The share of articles that may lie outside of the picture, so that one wrong date can't turn a
month of days into two bars; how many do is said beside it."""

BAR, GAP, HEIGHT = 10, 2, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """The articles from `first` to `last` (both included), and where the bar is drawn.

    `of` counts all news of these days, 0 where that is not asked for.
    """

    first: date
    last: date
    count: int
    x: int
    height: float
    of: int = 0

    @property
    def percent(self) -> float:
        """The share of all news of these days, 0 to 100."""
        return min(100.0, 100 * self.count / self.of) if self.of else 0.0

    @property
    def width(self) -> int:
        """The width of the bar, less than its place."""
        return BAR - GAP

    @property
    def y(self) -> float:
        """Where the bar begins, from above."""
        return round(HEIGHT - self.height, 2)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars side by side; `earlier` and `later` articles were published outside of the picture."""

    bars: tuple[Bar, ...]
    unit: str
    earlier: int
    later: int

    @property
    def first(self) -> date:
        """The first day of the picture."""
        return self.bars[0].first

    @property
    def last(self) -> date:
        """The last day of the picture."""
        return self.bars[-1].last

    @property
    def peak(self) -> Bar:
        """The highest bar, the newest of several."""
        return max(self.bars, key=lambda bar: (bar.count, bar.first))

    @property
    def total(self) -> int:
        """The articles in the picture."""
        return sum(bar.count for bar in self.bars)

    @property
    def width(self) -> int:
        """The width of all bars, in the units of `Bar.x`."""
        return BAR * len(self.bars)

    @property
    def compared(self) -> bool:
        """Whether there is more news than what is counted, so that shares say something."""
        return sum(bar.of for bar in self.bars) > self.total

    @property
    def most_percent(self) -> float:
        """The largest share of all news that a bar has, 0 to 100."""
        return max(bar.percent for bar in self.bars)

    @property
    def shares(self) -> str:
        """The line of shares as points of a polyline, the largest share at the top."""
        most = self.most_percent or 1.0
        return " ".join(
            f"{bar.x + (BAR - GAP) / 2:g},{HEIGHT * (1 - bar.percent / most):.1f}"
            for bar in self.bars
            if bar.of
        )


def histogram(
    days: Iterable[tuple[str, int]], archive: Mapping[date, int] | None = None
) -> Histogram | None:
    """Return the picture of (ISO day, count) pairs in any order; None where there are none.

    With `archive`, the articles of all news by day, the picture has all days of the archive, so
    that the end of coverage is seen, and each bar its share of all news.
    """
    counts: Counter[date] = Counter()
    for text, count in days:
        day = _read(text)
        if day and count > 0:
            counts[day] += count
    if not counts:
        return None
    shown, earlier, later = _without_strays(sorted(counts.items()))
    if archive:
        whole, _, _ = _without_strays(sorted(archive.items()))
        ends = dict.fromkeys((whole[0][0], whole[-1][0]), 0)
        shown = sorted((ends | dict(shown)).items())
    unit = _unit(shown[0][0], shown[-1][0])
    binned: Counter[date] = Counter()
    for day, count in shown:
        binned[_start(day, unit)] += count
    highest = max(binned.values())
    news: Counter[date] = Counter()
    for day, count in (archive or {}).items():
        news[_start(day, unit)] += count
    bars = [
        Bar(
            *(first, _last(first, unit), binned[first], index * BAR),
            *(_height(binned[first], highest), news[first]),
        )
        for index, first in enumerate(_starts(shown[0][0], shown[-1][0], unit))
    ]
    return Histogram(tuple(bars), unit, earlier, later)


def _read(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _without_strays(
    days: list[tuple[date, int]],
) -> tuple[list[tuple[date, int]], int, int]:
    """Leave out the few that lie far from the others, where that allows for finer bars."""
    allowed = int(sum(count for _, count in days) * STRAY)
    earlier = later = 0
    shown = list(days)
    while (shown[-1][0] - shown[0][0]).days >= MOST_BARS:
        before, after = shown[0], shown[-1]
        gap_before = shown[1][0] - before[0]
        gap_after = after[0] - shown[-2][0]
        if gap_before >= gap_after and earlier + later + before[1] <= allowed:
            earlier += before[1]
            shown.pop(0)
        elif earlier + later + after[1] <= allowed:
            later += after[1]
            shown.pop()
        elif earlier + later + before[1] <= allowed:
            earlier += before[1]
            shown.pop(0)
        else:
            return (
                (days, 0, 0)
                if _unit(days[0][0], days[-1][0]) == _unit(shown[0][0], shown[-1][0])
                else (shown, earlier, later)
            )
    return shown, earlier, later


def _unit(first: date, last: date) -> str:
    days = (last - first).days + 1
    if days <= MOST_BARS:
        return "day"
    if days <= MOST_BARS * 7:
        return "week"
    return "month" if days <= MOST_BARS * 30 else "year"


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _next(start: date, unit: str) -> date:
    if unit == "month":
        return (start + timedelta(days=31)).replace(day=1)
    if unit == "year":
        return start.replace(year=start.year + 1)
    return start + timedelta(days=7 if unit == "week" else 1)


def _last(start: date, unit: str) -> date:
    return _next(start, unit) - timedelta(days=1)


def _starts(first: date, last: date, unit: str) -> Iterator[date]:
    start = _start(first, unit)
    while start <= last:
        yield start
        start = _next(start, unit)


def _height(count: int, highest: int) -> float:
    """Return a bar's height; what is there at all can be seen."""
    return round(max(HEIGHT * count / highest, 1.5), 2) if count else 0.0
