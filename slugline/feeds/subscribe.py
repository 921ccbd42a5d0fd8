"""Subscribes to the feeds at given addresses and reads their present entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from ingest.fetching.fetch import Answer
from models.errors import SourceError
from models.feed import Feed, Selectors, is_mailbox, parted, shown_address
from slugline.factory import open_fetcher, open_mailboxes, open_reader
from slugline.feeds.check import CheckResult, feed_checker
from slugline.feeds.discovery import AskedOnce, FeedOffers, find
from slugline.feeds.mailboxes import Mailboxes
from slugline.jobs.pipeline import IngestListener
from slugline.settings import Settings
from store.store import Store


@dataclass(frozen=True, slots=True)
class FoundFeeds:
    """What stood at the addresses: the feeds found, why others have none, and all that was read.

    `answers` are those of the servers, by address, so that no feed is fetched twice in a command.
    `mailboxes` opens those among the addresses.
    """

    found: tuple[FeedOffers, ...]
    failed: tuple[str, ...]
    answers: dict[str, Answer]
    mailboxes: Mailboxes | None = None

    @property
    def taken(self) -> dict[str, Feed]:
        """The feeds to subscribe to, by their address."""
        return {feed.url: feed for one in self.found for feed in one.taken.values()}


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What a subscription did: how many feeds are new, which were known, and the first check."""

    added: int
    known: frozenset[str]
    checked: CheckResult


def find_all(
    settings: Settings,
    urls: Iterable[str],
    *,
    every: bool,
    selectors: Selectors | None = None,
    on_found: Callable[[str, FeedOffers], None],
    on_error: Callable[[SourceError], None],
) -> FoundFeeds:
    """Find the feeds at each address: the first that it offers, or `every` one.

    An address with no feed costs no other one its subscription.
    """
    answers: dict[str, Answer] = {}
    found: list[FeedOffers] = []
    failed: list[str] = []
    urls = tuple(urls)
    mailboxes = open_mailboxes(settings, [parted(url)[0] for url in urls])
    for url in urls:
        with (
            closing(open_fetcher(settings, url)) as fetcher,
            closing(open_reader(settings)) as reader,
        ):
            try:
                if is_mailbox(url):
                    found.append(_mailbox(url, mailboxes, selectors))
                else:
                    asked = AskedOnce(fetcher, answers)
                    found.append(find(url, asked, reader, every=every, selectors=selectors))
            except SourceError as error:
                failed.append(str(error))
                on_error(error)
                continue
        on_found(url, found[-1])
    return FoundFeeds(tuple(found), tuple(failed), answers, mailboxes)


def _mailbox(address: str, mailboxes: Mailboxes, selectors: Selectors | None) -> FeedOffers:
    """Return a mailbox that could be opened, as what its address offers; raises SourceError."""
    from ingest.formats.page_feeds import Offer

    if selectors:
        raise SourceError("is a mailbox; selectors read pages.", shown_address(address))
    feed = mailboxes.probe(address)
    return FeedOffers(feed.url, (Offer(feed.url, feed.title),), {feed.url: feed})


def subscribe(
    settings: Settings,
    store: Store,
    offered: FoundFeeds,
    listener: IngestListener,
    *,
    labels: tuple[str, ...] = (),
    full_text: bool = False,
    who: str = "",
) -> Subscribed:
    """Subscribe to what was found, and take the articles that stand in it already."""
    taken: Mapping[str, Feed] = offered.taken
    known = frozenset(feed.url for feed in store.feeds.subscribed()) & taken.keys()
    added = store.feeds.subscribe(
        [replace(feed, labels=labels, full_text=full_text) for feed in taken.values()],
        who=who,
    )
    with closing(open_fetcher(settings)) as fetcher, closing(open_reader(settings)) as reader:
        asker = AskedOnce(fetcher, offered.answers)
        checker = feed_checker(
            settings, store, asker, reader, at_once=1, mailboxes=offered.mailboxes
        )
        checked = checker.check([store.feeds.get(url) for url in taken], listener)
    return Subscribed(added, known, checked)
