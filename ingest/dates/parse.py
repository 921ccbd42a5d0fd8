"""When an article was published: reading what sources write, and doubting some of it.

A date that is read wrong is worse than none. So the two standard forms are read strictly, anything
else is taken apart into year, month, day, time and zone, and what can be read two ways is an error,
unless the feed says which way it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from ingest.dates.asian import with_latin_digits, with_latin_marks, with_western_years
from ingest.dates.names import month_of, offset_of_zone, weekdays

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
"""Nothing in a feed was published before; the epoch itself is what broken software writes."""
FUTURE = timedelta(days=2)
"""How far ahead of our clock a date may be: time zones and clocks that are wrong."""
LONGEST = 100
"""Characters of a date; what is longer is a sentence."""

_MIDNIGHT = 24
_NOTHING = frozenset({"", "none", "null", "nan", "nat"})
_RFC_822 = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun), ?)?\d{1,2} [a-z]{3} \d{4} \d\d:\d\d(?::\d\d)? "
    r"(?:[+-]\d{4}|gmt|utc?|z)",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_TIME = re.compile(
    r"(?<![\d.:/-])(?:t|at )?(?P<hour>\d{1,2})[:h](?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_DOTTED_TIME = re.compile(
    r"(?<![\d.:/-])(?P<mark>(?:klo|kl\.?|um|ore)\s+)?(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)"
    r"(?:\.(?P<second>[0-5]\d))?(?![\d.]*\d)(?P<half>)",
    re.IGNORECASE,
)
"""A time as written in Finland, Denmark or Italy; without seconds only behind a word for it."""
_YEAR_BEFORE = re.compile(r"\d{4},?\s+$")
_HOUR_ONLY = re.compile(r"(?<![\d.:/-])(?P<hour>\d{1,2})\s*(?P<half>[ap]\.?m\b\.?)", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?:gmt|utc?|z)?\s*(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d)",
    re.IGNORECASE,
)
_SHORT_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d)(?P<minutes>\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_ORDINAL = re.compile(r"(\d{4})-(\d{3})(?:[t ]|$)", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d\d)(?![\d.:])")
_LOG = re.compile(r"\[?(\d{1,2})/([A-Za-z]{3})/(\d{4}):(\d\d:\d\d:\d\d.*)")
_WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)?")
_NUMBER = re.compile(r"(?<![\d.])\d{1,4}(?!\d)")


_NAMED_ZONE = re.compile(r"\b(?:[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+)+|[ECMP]T)\b")
_ABBREVIATION = re.compile(r"\b[A-Z]{2,5}\b")
_US_ZONES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""What American papers write for the time of a coast, summer time or not."""


class AmbiguousDateError(ValueError):
    """The date can be read with the day first or the month first."""


def read_date(text: str, *, day_first: bool | None = None, language: str = "") -> datetime | None:
    """Return the moment in UTC, or None where the source gives none at all.

    Reads ISO 8601 and the date of e-mail (RFC 5322) that RSS uses; then other orders and marks,
    names of months in many languages (CLDR; those of `language` first), 12-hour clocks and names of
    time zones. A date without a zone is taken as UTC. `day_first` says how 04/05/2023 is meant.

    Raises AmbiguousDateError where that is not known and makes a difference, ValueError for text
    that isn't a date.
    """
    text = text.strip()
    if text.lower() in _NOTHING:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _read_other(text, day_first, language)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def reads_day_first(texts: Iterable[str], language: str) -> bool | None:
    """Say whether a feed writes the day first in dates like 04/05/2023; None where nothing tells.

    Its other dates tell, where one of their numbers can only be a day; else its language, where all
    who write it agree.
    """
    found = set()
    for text in texts:
        if match := _YEAR_LAST.search(text):
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                found.add(True)
            elif second > 12 >= first:
                found.add(False)
    if len(found) == 1:
        return found.pop()
    code = language.lower().replace("_", "-")
    if found or not code or code == "en":
        return None
    return code not in {"en-us", "fil", "en-ph"}


def doubt(moment: datetime, now: datetime) -> str:
    """Say why `moment` can't be believed as a date of publication, or ""."""
    if moment < EARLIEST:
        return f"is dated {moment:%Y-%m-%d}, before there were feeds"
    if moment > now + FUTURE:
        return f"is dated {moment:%Y-%m-%d}, in the future"
    return ""


def _read_other(text: str, day_first: bool | None, language: str) -> datetime:
    """Read a date that is not ISO 8601; raises ValueError where it can't be read in one way."""
    if _RFC_822.fullmatch(text) and " 24:" not in text:
        try:
            return parsedate_to_datetime(text)
        except (TypeError, IndexError, OverflowError) as error:
            raise ValueError(text) from error
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    if len(text) > LONGEST:
        raise ValueError("is too long for a date")
    if found := _LOG.fullmatch(text):  # of Apache and others: 12/Nov/2023:10:00:00 +0100
        text = f"{found[1]} {found[2]} {found[3]} {found[4].rstrip(']')}"
    text = with_western_years(with_latin_digits(text))
    if found := _ORDINAL.match(text):
        at = date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
        if at.year != int(found[1]):
            raise ValueError(text)
        text = f"{at:%Y-%m-%d} {text[8:].lstrip('tT ')}"
    rest = with_latin_marks(text)
    rest, hour, minute, second = _take_time(rest)
    rest, zone = _take_zone(rest, timed=hour is not None)
    year, month, day = _read_day(rest, day_first, language)
    whole = hour == _MIDNIGHT and not minute and not second  # 24:00 ends the day
    moment = datetime(year, month, day, 0 if whole else hour or 0, minute, second, tzinfo=zone)
    return moment + timedelta(days=1) if whole else moment


def _take_time(text: str) -> tuple[str, int | None, int, int]:
    """Return the text without its time of day, and hour (None: none), minute and second."""
    found = _TIME.search(text) or _dotted_time(text) or _HOUR_ONLY.search(text)
    if not found:
        return text, None, 0, 0
    parts = found.groupdict()
    hour = int(parts["hour"])
    half = (parts.get("half") or "").lower()[:1]
    if half == "a" and hour > 12:
        raise ValueError(text)
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    # What follows is where the zone stands; the mark keeps both sides apart.
    rest = f"{text[: found.start()]} \t{text[found.end() :]}"
    return rest, hour, minute, min(second, 59)


def _dotted_time(text: str) -> re.Match[str] | None:
    """Return a time such as 10.30.00, or 10.30 behind a word for it or a year."""
    for found in reversed(list(_DOTTED_TIME.finditer(text))):
        rest = text[: found.start()] + text[found.end() :]
        behind_year = _YEAR_BEFORE.search(text[: found.start()])
        if found["mark"] or behind_year or (found["second"] and re.search(r"\d", rest)):
            return found
    return None


def _take_zone(text: str, *, timed: bool) -> tuple[str, tzinfo]:
    """Return the text without its zone, and the zone; UTC where there is none."""
    if not timed:
        return text, UTC
    before, _, after = text.partition("\t")
    for pattern in (_SHORT_OFFSET, _OFFSET):
        if found := pattern.match(after.lstrip(" (")):
            hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
            if hours > 15 or minutes > 59:
                raise ValueError(text)
            offset = timedelta(hours=hours, minutes=minutes)
            rest = after.lstrip(" (")[found.end() :]
            kept = _WORD.sub(_unless_zone, rest)
            return f"{before} {kept}", timezone(-offset if found["sign"] == "-" else offset)
    if found := _NAMED_ZONE.search(after):
        rest = after[: found.start()] + " " + after[found.end() :]
        return f"{before} {rest}", _named_zone(found[0])
    for found in _WORD.finditer(after):
        offset_minutes = offset_of_zone(found[0])
        if offset_minutes is not None:
            rest = after[: found.start()] + " " + after[found.end() :]
            return f"{before} {rest}", timezone(timedelta(minutes=offset_minutes))
    for found in _ABBREVIATION.finditer(after):
        if month_of(found[0]) is None and found[0].lower() not in weekdays():
            raise ValueError(f"{found[0]} is not a known time zone")
    return f"{before} {after}", UTC


def _named_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(_US_ZONES.get(name, name))
    except (KeyError, OSError) as error:
        raise ValueError(f"{name} is not a known time zone") from error


def _unless_zone(found: re.Match[str]) -> str:
    return " " if offset_of_zone(found[0]) is not None else found[0]


def _read_day(text: str, day_first: bool | None, language: str) -> tuple[int, int, int]:
    if found := _YEAR_FIRST.search(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _YEAR_LAST.search(text):
        return _in_order(int(found[1]), int(found[3]), int(found[4]), found[2], day_first)
    if found := _SHORT_YEAR.search(text):  # who writes dots, writes the day first
        year = int(found[3]) + (2000 if int(found[3]) < 69 else 1900)
        return year, int(found[2]), int(found[1])
    return _read_words(text, language)


def _in_order(
    first: int, second: int, year: int, mark: str, day_first: bool | None
) -> tuple[int, int, int]:
    """Return year, month, day of two numbers of which one is the day."""
    if first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    if day_first is None and mark in "-.":  # who writes the month first, writes it with slashes
        return year, second, first
    if day_first is None:
        raise AmbiguousDateError(f"{first}/{second}/{year} can be read two ways")
    return (year, second, first) if day_first else (year, first, second)


def _read_words(text: str, language: str) -> tuple[int, int, int]:
    """Read a date whose month is a word: `12 Nov 2023`, `Sunday, November 12, 2023`."""
    words = [found[0].casefold() for found in _WORD.finditer(text)]
    months = [(word, month) for word in words if (month := month_of(word, language))]
    if len({month for _, month in months}) > 1:
        # "Mar" is Tuesday in French, and the month is another word.
        months = [each for each in months if each[0] not in weekdays()]
    if len({month for _, month in months}) != 1:
        raise ValueError(text)
    numbers = [found[0] for found in _NUMBER.finditer(text)]
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) == 1 and len(days) == 1:
        return int(years[0]), months[0][1], int(days[0])
    if not years and len(days) == 2:  # RFC 822 wrote the year with two digits
        year = int(days[1])
        return year + (2000 if year < 69 else 1900), months[0][1], int(days[0])
    raise ValueError(text)
