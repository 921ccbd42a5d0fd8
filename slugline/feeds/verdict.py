"""Decides what a check of a feed means: a pure look at what the server said, nothing asked.

The schedule itself is `ingest.schedule`; here it is joined to what the store keeps of a feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.fetching.fetch import Validators
from ingest.schedule import Bounds, State, Visit, after
from models.feed import Checked, Feed, parted

if TYPE_CHECKING:
    from ingest.fetching.fetch import Answer
    from ingest.parsed_source import ParsedSource

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

_DAY = timedelta(days=1)
_PER_ARTICLE = 2  # an interval is this part of the time between two articles


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking for a feed: the answer without its body, what stood in it, what failed.

    Neither a part nor an error: the feed has not changed. `texts` are those of linked pages, by the
    id of the article. `put_off` are the seconds that the server asked for when it was asked for
    another feed just before; this one was not asked for.
    """

    answer: Answer | None = None
    part: ParsedSource | None = None
    error: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    put_off: float = 0.0


def state_of(feed: Feed) -> State:
    """Return what the schedule knows of a feed."""
    return State(
        url=feed.url,
        next_visit=feed.next_check,
        visited=feed.checked,
        succeeded=feed.succeeded,
        per_day=_per_day(feed.interval),
        failures=feed.failures,
        error=feed.error,
        ended=feed.gone,
        validators=Validators(feed.etag, feed.modified),
    )


def verdict(feed: Feed, reply: Reply, now: datetime, bounds: Bounds, chance: float) -> Checked:
    """Say how a feed is doing after a check at `now`, and when it is due again.

    `chance` is a random number from 0 to 1 that spreads feeds over time.
    """
    answer = reply.answer
    before = state_of(feed)
    dates = [entry.published for entry in reply.part.entries] if reply.part else []
    if answer is not None and answer.status == HTTPStatus.NOT_MODIFIED and before.per_day:
        before = replace(before, per_day=before.per_day * QUIETER)
    visit = Visit(answer, reply.error, [date for date in dates if date])
    state = after(replace(before, ended=False), visit, now, chance, bounds)
    well = not state.error
    if not well and state.next_visit:
        latest = now + _longest_wait(answer, bounds)
        state = replace(state, next_visit=min(state.next_visit, latest))
    url, login = address_after(feed, answer) if well and answer else (feed.url, feed.login)
    return Checked(
        when=now,
        url=url,
        login=login,
        succeeded=well,
        next_check=state.next_visit,
        interval=_interval(state.per_day, bounds),
        failures=state.failures,
        error=state.error[:LONGEST_ERROR],
        gone=state.ended,
        etag=state.validators.etag,
        modified=state.validators.modified,
    )


def put_off(feed: Feed, now: datetime, seconds: float) -> Checked:
    """Return the health of a feed that waits because its server asked for time: as it was."""
    return Checked(
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


def seconds_asked(reply: Reply) -> float:
    """Return the seconds to wait that come with "too many requests", 0 where none do."""
    if reply.answer is None or reply.answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return 0.0
    return min(reply.answer.retry_after or 0.0, LONGEST_ASKED.total_seconds())


def _longest_wait(answer: Answer | None, bounds: Bounds) -> timedelta:
    if answer is None:
        return max(LONGEST_SILENT, bounds.shortest)
    asked = min(answer.retry_after or 0.0, LONGEST_ASKED.total_seconds())
    return max(LONGEST_FAILING, bounds.shortest, timedelta(seconds=asked))


def address_after(feed: Feed, answer: Answer) -> tuple[str, str]:
    """Return where a feed is from now on, and the login for there.

    A login stays with the server that it was given for.
    """
    if not answer.moved_to:
        return feed.url, feed.login
    url, login = parted(answer.moved_to)
    same = urlsplit(url)[:2] == urlsplit(feed.url)[:2]
    return url, login or (feed.login if same else "")


def _per_day(interval: int) -> float | None:
    return _DAY / timedelta(seconds=interval) / _PER_ARTICLE if interval else None


def _interval(per_day: float | None, bounds: Bounds) -> int:
    """Return the interval in seconds for a pace, 0 for one not known; `longest` where it is rare.

    The shortest interval is left to the schedule, so that the pace is kept as it was counted.
    """
    if per_day is None:
        return 0
    longest = round(bounds.longest.total_seconds())
    return min(longest, max(1, round(86_400 / _PER_ARTICLE / per_day))) if per_day else longest
