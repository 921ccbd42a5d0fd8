"""When a feed is looked at again: decisions only, no network and no clock of their own.

    after(state, visit, now, chance) -> state

A feed is asked about twice as often as it publishes, between bounds. What fails is asked ever more
seldom, with jitter, so that a thousand feeds that failed together do not come back together. What a
server asks for (Retry-After, 410 Gone, a permanent redirect) is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from ingest.fetching.fetch import Answer, Validators, phrase

_DAY = timedelta(days=1)
_LOOK_BACK = timedelta(days=14)  # over which a feed's pace is counted
_SMOOTHING = 0.5  # the share of a new count in the pace that is kept
_PER_ARTICLE = 2  # visits for each article that is expected
_JITTER = 0.1  # of an interval, either way
_DOUBLINGS = 10  # of the interval of a feed that fails
_FAILING = 3  # failures in a row that are a fault and no accident
_BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class Health(StrEnum):
    """How a feed is doing, in a word for people."""

    NEW = "new"
    GOOD = "good"
    WAVERING = "wavering"
    FAILING = "failing"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and longest time between two visits, and before the first retry."""

    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=24)
    retry: timedelta = timedelta(minutes=15)
    longest_retry: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a subscribed feed's visits; times aware and in UTC.

    `per_day` is how many articles it publishes a day, None until that is known. `failures` counts
    those since the last success; `error` is why the last one failed. An `ended` feed is left alone.
    """

    url: str
    next_visit: datetime | None = None
    visited: datetime | None = None
    succeeded: datetime | None = None
    per_day: float | None = None
    failures: int = 0
    error: str = ""
    ended: bool = False
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit brought: a server's answer, or the error that stood in its place.

    `dates` are the publication dates of the entries in the feed, as far as they have any.
    """

    answer: Answer | None = None
    error: str = ""
    dates: Sequence[datetime] = ()


def due(states: Iterable[State], now: datetime) -> list[State]:
    """Return the feeds to be visited now, the longest overdue first, new ones before all."""
    waiting = [
        state
        for state in states
        if not state.ended and (state.next_visit is None or state.next_visit <= now)
    ]
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return sorted(waiting, key=lambda state: (state.next_visit or never, state.url))


def after(
    state: State,
    visit: Visit,
    now: datetime,
    chance: float,
    bounds: Bounds | None = None,
) -> State:
    """Return the state after a visit: moved, ended, healthier or not, and when to come again.

    `chance` is a random number from 0 to 1 that spreads the next visits.
    """
    bounds = bounds or Bounds()
    answer = visit.answer
    state = replace(state, visited=now)
    if answer and answer.moved_to and answer.status < HTTPStatus.BAD_REQUEST:
        state = replace(state, url=answer.moved_to)
    if answer and answer.status == HTTPStatus.GONE:
        error = "the server says that the feed is gone for good (410)"
        return replace(state, ended=True, error=error, next_visit=None)
    error = visit.error or _complaint(answer)
    if error:
        failures = state.failures + 1
        wait = _back_off(failures, bounds, chance)
        if answer and answer.retry_after is not None:
            asked = min(timedelta(seconds=answer.retry_after), bounds.longest_retry)
            wait = max(wait, asked)
        return replace(state, failures=failures, error=error, next_visit=now + wait)
    per_day = state.per_day
    validators = state.validators
    if answer and answer.status == HTTPStatus.OK:
        per_day = _pace(per_day, visit.dates, now)
        validators = answer.validators
    interval = _interval(per_day, bounds)
    return replace(
        state,
        succeeded=now,
        failures=0,
        error="",
        per_day=per_day,
        validators=validators,
        next_visit=now + interval * (1 + _JITTER * (2 * chance - 1)),
    )


def health(state: State) -> Health:
    """Say how a feed is doing."""
    if state.ended:
        return Health.ENDED
    if state.failures >= _FAILING:
        return Health.FAILING
    if state.failures:
        return Health.WAVERING
    return Health.GOOD if state.succeeded else Health.NEW


def _complaint(answer: Answer | None) -> str:
    if answer is None or answer.status in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        return ""
    if answer.status in _BUSY:
        return f"the server is busy ({phrase(answer.status)})"
    return f"the server answered {phrase(answer.status)}"


def _back_off(failures: int, bounds: Bounds, chance: float) -> timedelta:
    """Return how long to wait after so many failures: twice as long each time, and jitter."""
    doubled = bounds.retry * float(2 ** min(failures - 1, _DOUBLINGS))
    return min(doubled, bounds.longest_retry) * (0.5 + chance / 2)


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


def _interval(per_day: float | None, bounds: Bounds) -> timedelta:
    """Return the time to the next visit of a feed of this pace."""
    if per_day is None:
        return min(max(timedelta(hours=1), bounds.shortest), bounds.longest)
    visits = max(per_day * _PER_ARTICLE, _DAY / bounds.longest)
    return min(max(_DAY / visits, bounds.shortest), bounds.longest)
