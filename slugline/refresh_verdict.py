"""Decides what a check of a feed means: a pure look at what the server said, nothing asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.schedule import Bounds, after_failure, after_success, interval_of, quieter
from models.feed import Checked, Feed, parted

if TYPE_CHECKING:
    from ingest.fetch import Answer
    from ingest.part import Part

LONGEST_ERROR = 300
"""Characters of an error that are kept."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of asking for a feed: the answer without its body, what stood in it, what failed.

    Neither a part nor an error: the feed has not changed.
    """

    answer: Answer | None = None
    part: Part | None = None
    error: str = ""


def verdict(feed: Feed, reply: Reply, now: datetime, bounds: Bounds, chance: float) -> Checked:
    """Say how a feed is doing after a check at `now`, and when it is due again.

    `chance` is a random number from 0 to 1 that spreads feeds over time.
    """
    answer = reply.answer
    if answer is not None and answer.status == HTTPStatus.GONE:
        error = "has ended (410 Gone); it is asked for no more"
        return _unwell(feed, now, error, next_check=None, gone=True)
    if reply.error or answer is None:
        return _failed(feed, reply, now, bounds, chance)
    url, login = address_after(feed, answer)
    if reply.part is None:
        interval = quieter(feed.interval, bounds)
        asked = (answer.validators.etag or feed.etag, answer.validators.modified or feed.modified)
    else:
        interval = interval_of((entry.published for entry in reply.part.entries), now, bounds)
        asked = (answer.validators.etag, answer.validators.modified)
    return Checked(
        when=now,
        url=url,
        login=login,
        succeeded=True,
        next_check=now + timedelta(seconds=after_success(interval, chance)),
        interval=interval,
        etag=asked[0],
        modified=asked[1],
    )


def _failed(feed: Feed, reply: Reply, now: datetime, bounds: Bounds, chance: float) -> Checked:
    answer = reply.answer
    seconds = after_failure(
        feed.failures + 1,
        bounds,
        chance,
        answered=answer is not None,
        retry_after=answer.retry_after if answer else None,
    )
    error = reply.error[:LONGEST_ERROR]
    return _unwell(feed, now, error, next_check=now + timedelta(seconds=seconds), gone=False)


def _unwell(
    feed: Feed, now: datetime, error: str, *, next_check: datetime | None, gone: bool
) -> Checked:
    """Return the health of a feed that failed; what it is asked with stays as it was."""
    return Checked(
        when=now,
        url=feed.url,
        login=feed.login,
        next_check=next_check,
        interval=feed.interval,
        failures=feed.failures + 1,
        error=error,
        gone=gone,
        etag=feed.etag,
        modified=feed.modified,
    )


def address_after(feed: Feed, answer: Answer) -> tuple[str, str]:
    """Return where the feed is from now on, and the login for there.

    A login stays with the server that it was given for.
    """
    if not answer.moved_to:
        return feed.url, feed.login
    url, login = parted(answer.moved_to)
    same = urlsplit(url)[:2] == urlsplit(feed.url)[:2]
    return url, login or (feed.login if same else "")
