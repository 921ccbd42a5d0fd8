"""A row of numbers as a picture the height of a line of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, STEP, BAR = 24, 4, 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One number: where its bar stands, and whether it is one of those looked at (`now`)."""

    x: int
    y: float
    height: float
    now: bool


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Bars side by side, the highest as high as the picture."""

    bars: tuple[Bar, ...]
    width: int
    peak: int


def sparkline(counts: Sequence[int], now: int) -> Sparkline:
    """Return the picture of counts by day, of which the last `now` days are looked at."""
    peak = max(counts, default=0)
    bars = []
    for place, count in enumerate(counts):
        if count > 0:
            height = round(max(1.0, HEIGHT * count / peak), 2)
            here = place >= len(counts) - now
            bars.append(Bar(place * STEP, round(HEIGHT - height, 2), height, here))
    return Sparkline(tuple(bars), max(1, len(counts)) * STEP, peak)
