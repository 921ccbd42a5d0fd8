"""Formatting for pages: times, numbers, languages, countries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from search.request import Marked

_SHORTER = {"el": "Greek", "ne": "Nepali", "sw": "Swahili"}
"""Languages that ISO 639 calls by longer names than people do."""


def moment(time: datetime | None) -> str:
    """Return a time as people read it, in UTC."""
    if time is None:
        return "undated"
    utc = time.astimezone(UTC)
    return f"{utc.day} {utc:%b} {utc.year}, {utc:%H:%M}"


def local(time: datetime | None, zone: ZoneInfo | None) -> str:
    """Return a time in a reader's own zone, "" where there is none: 21:15 CEST, 12 Nov."""
    if time is None or zone is None:
        return ""
    there = time.astimezone(zone)
    same = there.date() == time.astimezone(UTC).date()
    return f"{there:%H:%M} {there:%Z}" + ("" if same else f", {there.day} {there:%b}")


def day(when: date | datetime) -> str:
    """Return a day as people read it: 12 Nov 2023."""
    when = _in_utc(when)
    return f"{when.day} {when:%b} {when.year}"


def long_day(when: date | datetime) -> str:
    """Return a day with its weekday: Sunday 12 November 2023."""
    when = _in_utc(when)
    return f"{when:%A} {when.day} {when:%B} {when.year}"


@lru_cache(maxsize=2_000)
def days(first: date, last: date) -> str:
    """Return a span of days without saying the same month or year twice: 1 to 30 Nov 2023."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%b} to {day(last)}"
    return f"{first.day} to {day(last)}"


def _in_utc(when: date | datetime) -> date:
    return when.astimezone(UTC).date() if isinstance(when, datetime) else when


def number(value: float) -> str:
    """Return a number with its thousands apart."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.0f}"


def decimal(value: float, digits: int) -> str:
    """Return a number with so many digits behind its point."""
    return f"{value:.{digits}f}"


def percent(value: float) -> str:
    """Return a share, 0 to 100, with as many digits as say something."""
    return f"{value:.1f} %" if value < 10 else f"{value:.0f} %"


def times(ratio: float) -> str:
    """Return how many times one is the other, with as many digits as say something."""
    return f"{ratio:.{0 if ratio >= 9.95 else 1}f}\N{MULTIPLICATION SIGN}"


def marks(pieces: Marked) -> Markup:
    """Return a text in pieces as HTML, with marks around what was asked for."""
    escaped = (f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in pieces)
    return Markup("".join(escaped))  # noqa: S704 - every piece is escaped


def listed(values: Sequence[str], last: str = "and") -> str:
    """Return values as a list in a sentence."""
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} {last} {values[-1]}"


@lru_cache(maxsize=512)
def language(code: str) -> str:
    """Return the English name of a language by its ISO 639-1 code."""
    if not code:
        return "Language unknown"
    if code in _SHORTER:
        return _SHORTER[code]
    import pycountry

    found = pycountry.languages.get(alpha_2=code.lower()) if len(code) == 2 else None
    return str(found.name).split(" (")[0] if found else code


@lru_cache(maxsize=512)
def country(code: str) -> str:
    """Return the English name of a country by its ISO 3166-1 alpha-2 code."""
    import pycountry

    found = pycountry.countries.get(alpha_2=code.upper()) if len(code) == 2 else None
    return str(getattr(found, "common_name", found.name)) if found else code
