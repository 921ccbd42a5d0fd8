"""Decides which feeds of archives are subscribed to: those with an address, and not given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.feed import shown_address

if TYPE_CHECKING:
    from models.feed import Feed
    from store.store import Store


@dataclass(frozen=True, slots=True)
class ArchivedFeeds:
    """Feeds that are wanted; how many are subscribed to already; and what is left out."""

    wanted: tuple[Feed, ...]
    known: int
    unfit: tuple[str, ...]
    unsubscribed: tuple[str, ...]


def feeds_of_archives(
    store: Store, *, sources: tuple[str, ...], least: int, labels: tuple[str, ...]
) -> ArchivedFeeds:
    """Return the feeds that articles came from, of these titles or addresses where any is given.

    A feed that was asked for once and is not subscribed to has been unsubscribed from.
    """
    from ingest.urls import is_web_address

    names = {name.casefold() for name in sources}
    brought = store.feeds.brought()
    wanted, unfit, unsubscribed, known = [], [], [], 0
    for feed in store.feeds.all():
        if names and not names & {feed.title.casefold(), feed.url.casefold()}:
            continue
        if feed.subscribed:
            known += 1
        elif brought.get(feed.url, 0) < least:
            continue
        elif feed.checked:
            unsubscribed.append(feed.url)
        elif not is_web_address(feed.url) or shown_address(feed.url) != feed.url:
            unfit.append(shown_address(feed.url))
        else:
            wanted.append(replace(feed, labels=labels))
    return ArchivedFeeds(tuple(wanted), known, tuple(unfit), tuple(unsubscribed))
