"""From a date as people write it to the span of time it means: `20231101`, `last week`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from models.errors import QueryError
from search.query.fields import shown

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 60
"""Characters that a date may have; a longer one is none."""

_UNITS = {"hour": 1, "day": 24, "week": 24 * 7}
_AGO = re.compile(r"(?P<n>\d{1,4})\s+(?P<unit>hour|day|week|month|year)s?\s+ago")
_PAST = re.compile(r"(?:last|past)\s+(?P<n>\d{1,4})\s+(?P<unit>hour|day|week|month|year)s?")
_WHOLE = re.compile(r"(?P<which>this|last|next)\s+(?P<unit>week|month|year)")

Span = tuple[datetime, datetime]
"""A span of time in UTC: its start is part of it, its end is not."""


def read_date(text: str, now: datetime) -> Span | None:
    """Return what a date means as seen at `now` (aware, whose zone decides where a day begins).

    A date means as much time as it leaves open: `2023-11` is a month, `20231101` a day. `last week`
    is the calendar week before this one, Monday to Sunday; `last 7 days` ends now. What is not one
    of ours is read by Whoosh's English date parser (`last tuesday`, `5 nov 2023`, `-2d`). None
    where it can't be read.
    """
    text = " ".join(text.split()).lower()
    if not text or len(text) > LONGEST:
        return None
    try:
        span = _read_relative(text, now) or _read_moment(text) or _read_with_whoosh(text, now)
    except (OverflowError, ValueError):
        return None
    if span is None or span[1] <= span[0]:
        return None
    return span[0].astimezone(UTC), span[1].astimezone(UTC)


SWAPPED = "The two dates were swapped, because the first was later than the second."


def start_of(span: Span | None, *, excluded: bool = False) -> datetime | None:
    """Return when a range begins whose first date is this, None where it is open."""
    return None if span is None else span[1] if excluded else span[0]


def end_of(span: Span | None, *, excluded: bool = False) -> datetime | None:
    """Return when a range is over whose last date is this, None where it is open."""
    return None if span is None else span[0] if excluded else span[1]


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A range of time in UTC, either side of which may be open: `start` is in it, `end` is not.

    `swapped` says that the dates came the wrong way round.
    """

    start: datetime | None = None
    end: datetime | None = None
    swapped: bool = False


def read_between(since: str, until: str, now: datetime) -> TimeRange:
    """Return the range from one date to another, both included, as people write dates; "" is open.

    Raises `QueryError` for what is not a date. Everything that takes two dates reads them here: the
    page, the API and the command line.
    """
    first, last = _required(since, now), _required(until, now)
    if first and last and first[0] >= last[1]:
        return TimeRange(start_of(last), end_of(first), swapped=True)
    return TimeRange(start_of(first), end_of(last))


def _required(text: str, now: datetime) -> Span | None:
    if not text.strip():
        return None
    span = read_date(text, now)
    if span is None:
        raise QueryError(
            f"{shown(text)} is not a date; write it like 2023-11-12, 2023-11 or yesterday"
        )
    return span


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    if unit in _UNITS:
        return moment + timedelta(hours=count * _UNITS[unit])
    return _months_later(moment, count * (12 if unit == "year" else 1))


def _read_relative(text: str, now: datetime) -> Span | None:
    """Read "last 3 days", "2 weeks ago", "this month"; None where it is none of these."""
    if match := _PAST.fullmatch(text):
        return _moved(now, -int(match["n"]), match["unit"]), now
    if match := _AGO.fullmatch(text):
        moment = _moved(now, -int(match["n"]), match["unit"])
        if match["unit"] == "hour":
            moment = moment.replace(minute=0, second=0, microsecond=0)
            return moment, moment + timedelta(hours=1)
        return _midnight(moment), _midnight(moment) + timedelta(days=1)
    if match := _WHOLE.fullmatch(text):
        today = _midnight(now)
        unit = match["unit"]
        if unit == "week":
            start = today - timedelta(days=today.weekday())
        else:
            start = today.replace(day=1, month=today.month if unit == "month" else 1)
        start = _moved(start, {"last": -1, "this": 0, "next": 1}[match["which"]], unit)
        return start, _moved(start, 1, unit)
    return None


def _read_moment(text: str) -> Span | None:
    """Read a moment that names its zone, as machines write it."""
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return None if moment.tzinfo is None else (moment, moment + timedelta(microseconds=1))


@lru_cache(maxsize=1)
def _date_parser() -> Any:
    from whoosh.qparser.dateparse import English

    return English()


def _read_with_whoosh(text: str, now: datetime) -> Span | None:
    """Read a date as Whoosh does ("12 november", "yesterday 5pm"); None where it can't."""
    from whoosh.qparser.dateparse import DateParseError
    from whoosh.util.times import TimeError, adatetime, timespan

    read: Callable[..., Any] = _date_parser().date_from
    try:
        found = read(text, now)
        if isinstance(found, timespan):
            found = found.disambiguated(now)
        if isinstance(found, timespan):
            start, end = found.start, found.end
        else:
            start = end = found
        start = start.floor() if isinstance(start, adatetime) else start
        end = end.ceil() if isinstance(end, adatetime) else end
    except (DateParseError, TimeError, AttributeError, TypeError, IndexError):
        return None  # the parser trips over what is no date in many ways
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        return None
    # Whoosh ends a day at its last microsecond; a moment lasts one.
    return _in_zone(start, now), _in_zone(end, now) + timedelta(microseconds=1)


def _in_zone(moment: datetime, now: datetime) -> datetime:
    return moment.replace(tzinfo=now.tzinfo)
