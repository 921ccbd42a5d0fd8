"""Curves over two axes of numbers, as an SVG file that stands alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from web.charts.labels import LINE

WIDTH, HEIGHT = 640.0, 360.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 110.0, 24.0, 44.0
COLOURS = ("#1d5fa8", "#b4451f", "#2c7a3f", "#7a3f9d", "#8a6d00", "#b02a5b", "#3b6f78")
STEPS = (1, 2, 5)
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Curve:
    """A name, and values over places on the axis across."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


def picture(curves: Sequence[Curve], *, across: str, up: str, log: bool = False) -> str:
    """Return a picture of curves, each named at its end; `log` makes both axes logarithmic.

    Without `log` the axis up begins at 0. Values on logarithmic axes have to be positive.
    """
    xs = [x for curve in curves for x in curve.xs]
    ys = [y for curve in curves for y in curve.ys]
    low = min(ys) if log else 0.0
    x_ticks, y_ticks = _ticks(min(xs), max(xs), log), _ticks(low, max(ys), log)
    place_x = _scale(min(xs), max(xs), LEFT, WIDTH - RIGHT, log)
    place_y = _scale(min(low, *y_ticks), max(*ys, *y_ticks), HEIGHT - BOTTOM, TOP, log)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
            f'role="img" font-family="sans-serif" font-size="12">'
        ),
        (
            f"<title>{escape(up)} over {escape(across)}: "
            f"{escape(', '.join(curve.name for curve in curves))}</title>"
        ),
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for tick in y_ticks:
        y = place_y(tick)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 6, y + 4, _shown(tick), "end"))
    for tick in (each for each in x_ticks if each >= min(xs)):
        x = place_x(tick)
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>')
        parts.append(_text(x, HEIGHT - BOTTOM + 16, _shown(tick), "middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across, "middle"))
    parts.append(_text(LEFT, TOP - 10, up, "start"))
    ends = []
    for number, curve in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        points = [(place_x(x), place_y(y)) for x, y in zip(curve.xs, curve.ys, strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        ends.append((points[-1][1] + 4, curve.name, colour))
    free = 0.0
    for y, name, colour in sorted(ends):
        free = max(y, free)
        parts.append(_text(WIDTH - RIGHT + 8, free, name, "start", colour))
        free += LINE
    return "\n".join([*parts, "</svg>", ""])


def _scale(
    low: float, high: float, start: float, end: float, log: bool
) -> Callable[[float], float]:
    """Return what places a number between `start` and `end`."""
    if log:
        low, high = math.log(low), math.log(high)
    wide = (high - low) or 1.0
    return lambda value: start + (end - start) * ((math.log(value) if log else value) - low) / wide


def _ticks(low: float, high: float, log: bool) -> list[float]:
    """Return round numbers along an axis: of 1, 2 and 5 times a power of ten."""
    if log:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        every = [step * 10.0**power for power in powers for step in STEPS]
        below = max(tick for tick in every if tick <= low)
        ticks = [tick for tick in every if below <= tick <= high]
        return ticks if len(ticks) <= 2 * MOST_TICKS else ticks[::3]
    power = 10.0 ** math.floor(math.log10((high - low) or 1.0) - 1)
    step = next(
        size
        for size in (step * power * more for more in (1, 10, 100) for step in STEPS)
        if (high - low) / size <= MOST_TICKS
    )
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step) + 1)]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#444") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(text)}</text>"
    )
