"""What a user has not read yet of what a search finds, and marking it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from models.errors import NotFoundError
from search.request import Filters
from web.accounts.access import visitor
from web.context import app_context, library

STRIDE = 500
"""Articles that are looked at together."""
MOST_LOOKED_AT = 100_000
"""Articles of a search that are looked at for unread ones, the newest."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Some unread articles, newest first; `more` says whether others follow them."""

    ids: tuple[str, ...]
    more: bool


def require_reading() -> None:
    """Raise NotFoundError unless the settings keep what is read."""
    if not app_context().settings.reading:
        raise NotFoundError("This server does not keep what is read (web.reading).")


def unread(text: str, filters: Filters, limit: int, offset: int = 0) -> Unread:
    """Return the newest articles of a search that the visitor has not read."""
    found = islice(_unread(text, filters), offset, offset + limit + 1)
    ids = tuple(found)
    return Unread(ids[:limit], len(ids) > limit)


def mark(article_ids: list[str], *, read: bool) -> int:
    """Mark articles as read or unread for the visitor; return how many there are."""
    return library().store.reading.mark(visitor().name, article_ids, _now(), read=read)


def mark_all() -> datetime:
    """Mark all that there is as read for the visitor; return up to when."""
    now = _now()
    library().store.reading.mark_all(visitor().name, now)
    return now


def note_opened(article_id: str) -> None:
    """Mark an article as read that the visitor opens, where the settings keep what is read."""
    if app_context().settings.reading and visitor().role:
        mark([article_id], read=True)


def _unread(text: str, filters: Filters) -> Iterator[str]:
    here = library()
    matching = islice(here.searcher.matching(text, filters), MOST_LOOKED_AT)
    while some := list(islice(matching, STRIDE)):
        yield from here.store.reading.unread(visitor().name, some)


def _now() -> datetime:
    return datetime.now(UTC)
