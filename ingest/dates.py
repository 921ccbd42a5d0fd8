"""When an article was published: reading what sources write, and doubting some of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
"""Nothing in a feed was published before; the epoch itself is what broken software writes."""
FUTURE = timedelta(days=2)
"""How far ahead of our clock a date may be: time zones and clocks that are wrong."""

_NOTHING = frozenset({"", "none", "null", "nan", "nat"})


def read_date(text: str) -> datetime | None:
    """Return the moment in UTC, or None where the source gives none at all.

    Reads ISO 8601 in all that `datetime.fromisoformat` knows (a blank for the T, with microseconds)
    and the form of e-mail that RSS uses. A date without a zone is taken as UTC. Raises ValueError
    for text that is no date.
    """
    text = text.strip()
    if text.lower() in _NOTHING:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _read_mail_date(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def _read_mail_date(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text[:100])
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError(text) from error


def doubt(moment: datetime, now: datetime) -> str:
    """Say why `moment` can't be believed as a date of publication, or ""."""
    if moment < EARLIEST:
        return f"is dated {moment:%Y-%m-%d}, before there were feeds"
    if moment > now + FUTURE:
        return f"is dated {moment:%Y-%m-%d}, in the future"
    return ""
