"""What pages and API do with feeds: look what an address offers, subscribe, check, unsubscribe.

Whatever needs the network is behind `web.feeds.service.FeedService`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.errors import BusyError, SourceError, UsageError
from web.context import app_context, library
from web.feeds.archived import ArchivedFeeds, feeds_of_archives
from web.feeds.opml import ListedFeeds, read_subscriptions
from web.feeds.service import AddedFeeds, FeedService

if TYPE_CHECKING:
    from models.feed import Feed, FeedCheck

LONGEST_LABEL = 200
MOST_LABELS = 100


def feed_service() -> FeedService:
    """Return what asks for feeds; raises BusyError where this server asks for none."""
    found = app_context().library.feeds
    if found is None:
        raise BusyError("This server does not fetch feeds.")
    return found


def add_feed(
    address: str,
    *,
    who: str,
    every: bool = False,
    labels: Sequence[str] = (),
    full_text: bool = False,
) -> AddedFeeds:
    """Subscribe to what an address offers, and take what it holds; raises as `FeedService`."""
    kept = checked_labels(labels)
    return feed_service().add(address, every=every, labels=kept, full_text=full_text, who=who)


def check_feed(number: int) -> FeedCheck:
    """Check one feed now; raises NotFoundError, UsageError where it is not subscribed to."""
    feed = library().store.feeds.numbered(number)
    if not feed.subscribed:
        raise UsageError(f"{feed.url} is not subscribed to; add it first.")
    checks = feed_service().check([feed])
    if not checks:
        raise BusyError(f"The server of {feed.url} asks to be left alone for a while.")
    return checks[0]


def remove_feed(number: int, *, who: str) -> Feed:
    """Unsubscribe from a feed; its articles stay. Raises NotFoundError."""
    feeds = library().store.feeds
    return feeds.unsubscribe(feeds.numbered(number).url, who=who)


def change_feed(
    number: int, *, who: str, labels: Sequence[str] | None = None, full_text: bool | None = None
) -> Feed:
    """Change a feed's labels, or whether its pages are read; raises NotFoundError."""
    feeds = library().store.feeds
    kept = None if labels is None else list(checked_labels(labels))
    url = feeds.numbered(number).url
    feeds.change(url, labels=kept, full_text=full_text, who=who)
    return feeds.numbered(number)


def import_opml(data: bytes, *, who: str, labels: Sequence[str] = ()) -> tuple[ListedFeeds, int]:
    """Subscribe to the feeds of an OPML file; return what stood in it, and how many are new.

    Nothing is fetched yet. Raises SourceError where it can't be read.
    """
    from ingest.parsed_source import UnreadableError

    try:
        listed = read_subscriptions(data, checked_labels(labels))
    except UnreadableError as error:
        raise SourceError(f"The file {error}.") from None
    return listed, library().store.feeds.subscribe(listed.feeds, who=who)


def subscribe_archived(
    *, who: str, sources: Sequence[str] = (), least: int = 1, labels: Sequence[str] = ()
) -> tuple[ArchivedFeeds, int]:
    """Subscribe to the feeds that archived articles came from; return them, and how many are new.

    `sources` are titles or addresses, all where there are none; `least` the articles each brought.
    """
    store, kept = library().store, checked_labels(labels)
    found = feeds_of_archives(store, sources=tuple(sources), least=least, labels=kept)
    return found, store.feeds.subscribe(found.wanted, who=who)


def checked_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return labels without surplus space, each once; raises UsageError for one too long."""
    kept = tuple(dict.fromkeys(text for label in labels if (text := " ".join(label.split()))))
    if len(kept) > MOST_LABELS or any(len(label) > LONGEST_LABEL for label in kept):
        raise UsageError(
            f"A feed has at most {MOST_LABELS} labels of {LONGEST_LABEL} characters each."
        )
    return kept
