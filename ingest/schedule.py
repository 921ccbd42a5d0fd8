"""Decides when a feed is checked next: pure, without network or clock.

    after_check(feed, visit, now, bounds, chance) -> FeedState

A feed is asked about twice as often as it publishes, between bounds. One that fails is asked less
often with each failure, with jitter, so that a thousand feeds that failed together do not come back
together. What a server asks for (Retry-After, 410 Gone, a permanent redirect) is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit

from ingest.fetching.fetch import Answer
from models.feed import Feed, FeedState, parted

LONGEST_ERROR = 300
"""Characters of an error that are kept."""
QUIETER = 0.95
"""What the pace of a feed falls to when it has not changed: its interval grows by a twentieth of
the time it is silent, so that a night costs little and a dead feed is asked rarely."""
LONGEST_SILENT = timedelta(hours=1)
"""Until the next try where no server answered, at the most: it may be our own line that is down."""
LONGEST_FAILING = timedelta(days=1)
"""Until the next try where a server answered with an error and named no longer time."""
LONGEST_ASKED = timedelta(days=7)
"""Until the next try where a server asked for so long or longer."""
PACE_NOT_KNOWN = timedelta(hours=1)
"""Until the next check of a feed that has shown no dates yet."""

_DAY = timedelta(days=1)
_LOOK_BACK = timedelta(days=14)  # over which a feed's pace is counted
_SMOOTHING = 0.5  # the share of a new count in the pace that is kept
_PER_ARTICLE = 2  # checks for each article that is expected
_JITTER = 0.1  # of an interval, either way
_DOUBLINGS = 10  # of the interval of a feed that fails
_FAILING = 3  # failures in a row that are a fault and no accident


class Health(StrEnum):
    """How a feed is doing, in a word for people."""

    NEW = "new"
    GOOD = "good"
    WAVERING = "wavering"
    FAILING = "failing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class IntervalBounds:
    """The shortest and the longest time between two checks; a first retry takes the shortest."""

    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class FeedResponse:
    """What asking for a feed brought: a server's answer, and what failed.

    `answer` is None where no server answered. `error` is "" where the check went well; an answer
    whose body is not a feed has one, too. `dates` are the publication dates of the feed's entries,
    as far as they have any.
    """

    answer: Answer | None = None
    error: str = ""
    dates: Sequence[datetime] = ()


def after_check(
    feed: Feed, visit: FeedResponse, now: datetime, bounds: IntervalBounds, chance: float
) -> FeedState:
    """Return how a feed is doing after it was asked for at `now`, and when it is due again.

    `chance` is a random number from 0 to 1 that spreads feeds over time.
    """
    answer = visit.answer
    if answer and answer.status == HTTPStatus.GONE:
        error = "the server says that the feed is gone for good (410)"
        return _failed(feed, now, error, feed.failures, None)
    if visit.error:
        failures = feed.failures + 1
        wait = _back_off(failures, answer, bounds, chance)
        return _failed(feed, now, visit.error, failures, now + wait)
    url, login, etag, modified = feed.url, feed.login, feed.etag, feed.modified
    per_day = _per_day(feed.interval)
    if answer:
        url, login = address_after(feed, answer)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            per_day = per_day and per_day * QUIETER
        else:
            per_day = _pace(per_day, visit.dates, now)
            etag, modified = answer.validators.etag, answer.validators.modified
    wait = _interval(per_day, bounds) * (1 + _JITTER * (2 * chance - 1))
    if answer and answer.has_more:
        wait = timedelta(0)
    return FeedState(
        when=now,
        url=url,
        login=login,
        succeeded=True,
        next_check=now + wait,
        interval=_seconds(per_day, bounds),
        etag=etag,
        modified=modified,
    )


def postpone(feed: Feed, now: datetime, seconds: float) -> FeedState:
    """Return the state of a feed whose check is postponed, as its server asks: unchanged."""
    return FeedState(
        when=None,
        url=feed.url,
        login=feed.login,
        next_check=now + timedelta(seconds=seconds),
        interval=feed.interval,
        failures=feed.failures,
        error=feed.error,
        gone=feed.gone,
        etag=feed.etag,
        modified=feed.modified,
    )


def seconds_asked(answer: Answer | None) -> float:
    """Return the seconds to wait that come with "too many requests", 0 where none do."""
    if answer is None or answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return 0.0
    return _asked(answer).total_seconds()


def address_after(feed: Feed, answer: Answer) -> tuple[str, str]:
    """Return where a feed is from now on, and the login for there.

    A login stays with the server that it was given for.
    """
    if not answer.moved_to:
        return feed.url, feed.login
    url, login = parted(answer.moved_to)
    try:
        same = urlsplit(url)[:2] == urlsplit(feed.url)[:2]
    except ValueError:  # not an address; its server is not that of the login
        same = False
    return url, login or (feed.login if same else "")


def health(feed: Feed) -> Health:
    """Say how a feed is doing."""
    if feed.gone:
        return Health.ENDED
    if feed.failures >= _FAILING:
        return Health.FAILING
    if feed.failures:
        return Health.WAVERING
    return Health.GOOD if feed.succeeded else Health.NEW


def _failed(
    feed: Feed, now: datetime, error: str, failures: int, next_check: datetime | None
) -> FeedState:
    """Return the health of a feed that failed; without a next check it has ended."""
    return FeedState(
        when=now,
        url=feed.url,
        login=feed.login,
        next_check=next_check,
        interval=feed.interval,
        failures=failures,
        error=error[:LONGEST_ERROR],
        gone=next_check is None,
        etag=feed.etag,
        modified=feed.modified,
    )


def _asked(answer: Answer) -> timedelta:
    """Return the time that a server asks for, cut to the longest that is granted."""
    return timedelta(seconds=min(answer.retry_after or 0.0, LONGEST_ASKED.total_seconds()))


def _back_off(
    failures: int, answer: Answer | None, bounds: IntervalBounds, chance: float
) -> timedelta:
    """Return how long to wait after so many failures in a row.

    It doubles with each failure up to a limit, and jitter takes up to half of it away; never less
    than the server asks for.
    """
    longest = max(LONGEST_FAILING if answer else LONGEST_SILENT, bounds.shortest)
    doubled = min(bounds.shortest * float(2 ** min(failures - 1, _DOUBLINGS)), longest)
    spread = doubled * (0.5 + chance / 2)
    return max(spread, _asked(answer)) if answer else spread


def _pace(known: float | None, dates: Sequence[datetime], now: datetime) -> float | None:
    """Return articles a day: of the last two weeks, or since the feed's oldest entry if later.

    A feed shows only its newest entries, so one that is full of today's tells of a day at most.
    """
    recent = [date for date in dates if now - _LOOK_BACK <= date <= now]
    if not recent:
        return known if not dates else _smoothed(known, 0.0)
    oldest_shown = len(recent) == len(dates)
    since = min(recent) if oldest_shown and len(recent) > 1 else now - _LOOK_BACK
    days = max((now - since) / _DAY, 1 / 24)
    return _smoothed(known, len(recent) / days)


def _smoothed(known: float | None, counted: float) -> float:
    return counted if known is None else known + _SMOOTHING * (counted - known)


def _interval(per_day: float | None, bounds: IntervalBounds) -> timedelta:
    """Return the time between two checks of a feed of this pace, within bounds."""
    wanted = PACE_NOT_KNOWN if per_day is None else timedelta(seconds=_seconds(per_day, bounds))
    return min(max(wanted, bounds.shortest), bounds.longest)


def _seconds(per_day: float | None, bounds: IntervalBounds) -> int:
    """Return the interval in seconds for a pace, 0 for one not known; `longest` where it is rare.

    The shortest interval is left out of it, so that the pace is kept as it was counted.
    """
    if per_day is None:
        return 0
    longest = round(bounds.longest.total_seconds())
    if not per_day:
        return longest
    return min(longest, max(1, round(_DAY.total_seconds() / _PER_ARTICLE / per_day)))


def _per_day(interval: int) -> float | None:
    return _DAY / timedelta(seconds=interval) / _PER_ARTICLE if interval else None
