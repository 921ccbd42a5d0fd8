"""A chart with two time lines: the articles of two entities or topics in the same bins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from web.charts.histogram import Histogram
from web.charts.lines import Lines, drawn


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last` (both included): articles of either, and of all news."""

    first: date
    last: date
    counts: tuple[int, int]
    news: int

    @property
    def percents(self) -> tuple[float, float]:
        """The shares of all news that either has, 0 to 100."""
        one, other = (min(100.0, 100 * n / self.news) if self.news else 0.0 for n in self.counts)
        return one, other


@dataclass(frozen=True, slots=True)
class ComparedLines:
    """Two time lines over the same spans. `outside` articles of the other lie outside of them."""

    spans: tuple[Span, ...]
    unit: str
    outside: int

    def lines(self, measure: str) -> Lines:
        """Return the picture of "share" or "count"."""
        values = [span.counts if measure == "count" else span.percents for span in self.spans]
        return drawn(
            [span.first.isoformat() for span in self.spans],
            [[float(pair[at]) for pair in values] for at in (0, 1)],
            self.outside,
        )


def against(picture: Histogram | None, other: Iterable[tuple[str, int]]) -> ComparedLines | None:
    """Put (ISO day, count) pairs of another thing beside a picture; None without two bars."""
    if picture is None or len(picture.bars) < 2:
        return None
    days = sorted((date.fromisoformat(day), count) for day, count in other)
    spans = tuple(
        Span(
            bar.first,
            bar.last,
            (bar.count, sum(count for day, count in days if bar.first <= day <= bar.last)),
            bar.of,
        )
        for bar in picture.bars
    )
    inside = sum(span.counts[1] for span in spans)
    return ComparedLines(spans, picture.unit, sum(count for _, count in days) - inside)
