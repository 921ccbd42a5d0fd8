"""Alerts: what they watch, where they send messages, and when these are due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlsplit

from models.errors import UsageError

LONGEST_TARGET = 2_000
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}")
"""Addresses as SMTP takes them without extensions (RFC 5321, dot-atom form)."""


class Watched(StrEnum):
    """What an alert watches."""

    SEARCH = "search"
    NAMES = "names"
    STORY = "story"
    SOURCE = "source"


class Channel(StrEnum):
    """How word of an alert goes out."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    NTFY = "ntfy"


class Pace(StrEnum):
    """How often an alert may speak: with each round, once an hour, once a day."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"


class State(StrEnum):
    """What became of a delivery. `FAILED` is given up, `EMPTY` had nothing left to say."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of a user.

    `saved` is the number of the saved search it watches, `question` that search's query string;
    `subject` is the id of a story or the name of a source. `names` is how many names it watches.
    `secret` signs webhooks, or is the access token of an ntfy topic. `trouble` says why it could
    not be asked, "" where it could.
    """

    number: int
    owner: str
    name: str
    watches: Watched
    channel: Channel
    target: str
    pace: Pace
    made: datetime
    saved: int | None = None
    question: str = ""
    subject: str = ""
    names: int = 0
    paused: bool = False
    next_send: datetime | None = None
    trouble: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert that somebody asks for; read by `checked`."""

    name: str
    watches: Watched
    channel: Channel
    target: str
    pace: Pace = Pace.AT_ONCE
    saved: int | None = None
    subject: str = ""
    names: Iterator[str] | None = None
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Match:
    """What an alert has to tell: an article, or an event in `words` where there is none.

    `subject` is the same for the same thing, so that an alert never tells it twice: the article's
    id, or the event's name. `words` say which of the names an article has.
    """

    alert: int
    subject: str
    article_id: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that is to go out; `key` stays the same at every attempt, for receivers to tell.

    `attempts` counts those that were begun. A `test` has no sections.
    """

    number: int
    key: str
    channel: Channel
    target: str
    made: datetime
    attempts: int
    state: State = State.WAITING
    test: bool = False
    error: str = ""
    next_try: datetime | None = None
    finished: datetime | None = None
    secret: str = field(default="", repr=False)


RETRY_AFTER = (60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 24 * 3_600)
"""Seconds from each failed attempt to the next; after the last of them a delivery is given up."""


def next_try(attempts: int, now: datetime, asked: float | None = None) -> datetime | None:
    """Return when to try again after so many attempts, None where it is time to give up.

    `asked` are the seconds that the receiver asks for (Retry-After); at most a day is granted.
    """
    if attempts > len(RETRY_AFTER):
        return None
    seconds = max(RETRY_AFTER[attempts - 1], min(asked or 0.0, 86_400.0))
    return now + timedelta(seconds=seconds)


def next_send(pace: Pace, now: datetime, hour: int) -> datetime | None:
    """Return when an alert speaks next: the full hour, or `hour` (UTC) of the day; None at once."""
    whole = now.replace(minute=0, second=0, microsecond=0)
    match pace:
        case Pace.AT_ONCE:
            return None
        case Pace.HOURLY:
            return whole + timedelta(hours=1)
        case Pace.DAILY:
            today = whole.replace(hour=hour % 24)
            return today if today > now else today + timedelta(days=1)


def checked_target(channel: Channel, target: str) -> str:
    """Return an address in the form that is sent to; raises UsageError."""
    target = target.strip()
    if len(target) > LONGEST_TARGET:
        raise UsageError(f"An address has at most {LONGEST_TARGET:,} characters.")
    if channel is Channel.MAIL:
        if not _MAILBOX.fullmatch(target):
            raise UsageError(f"{target[:80]!r} is not a mail address.")
        return target
    return _web_address(target, channel)


def _web_address(target: str, channel: Channel) -> str:
    shown = repr(target[:80])
    try:
        parts = urlsplit(target)
        port = parts.port
        host = parts.hostname or ""
        host = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise UsageError(f"{shown} is not a web address.") from None
    if parts.scheme.lower() not in {"http", "https"} or not host or "%" in host:
        raise UsageError(f"{shown} is not a web address; write one with https://.")
    if parts.username is not None:
        raise UsageError("Leave name and password out of the address.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if channel is Channel.NTFY and not path.strip("/"):
        raise UsageError("An ntfy address ends with its topic, such as https://ntfy.sh/my-topic.")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    return f"{parts.scheme.lower()}://{place}{path}" + (f"?{query}" if query else "")
