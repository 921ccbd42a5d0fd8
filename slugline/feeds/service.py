"""Asks for feeds on behalf of the pages and the API: `web.feeds.service.FeedService`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from threading import BoundedSemaphore

from ingest.fetching.fetch import Answer
from models.article import Rejection
from models.errors import BusyError
from models.feed import Feed, FeedCheck
from slugline.factory import open_fetcher, open_reader
from slugline.feeds.check import feed_checker
from slugline.feeds.discovery import AskedOnce, FeedOffers, find, typed_address
from slugline.feeds.full_text import require_page_reader
from slugline.feeds.subscribe import FoundFeeds, subscribe
from slugline.jobs.duplicates import group_duplicates
from slugline.progress import no_bar
from slugline.settings import Settings
from store.store import Store
from web.feeds.service import AddedFeeds, OfferedFeed

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Requests that wait for servers of feeds at a time: each holds a thread that answers pages."""


class GuardedFeeds:
    """Asks for feeds at public addresses only, unless settings allow private ones.

    Nobody who asks through a page or the API sits at this machine, so that no address of it is
    taken as typed there (`slugline.factory.open_fetcher`).
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._places = BoundedSemaphore(AT_ONCE)

    def find(self, address: str) -> tuple[OfferedFeed, ...]:
        """Return the feeds that an address offers; raises SourceError, UsageError, BusyError."""
        with self._place():
            return self._offers(self._find(address, {}, every=False))

    def add(
        self, address: str, *, every: bool, labels: tuple[str, ...], full_text: bool, who: str
    ) -> AddedFeeds:
        """Subscribe to the first feed that an address offers, or to `every` one, and check it."""
        if full_text:
            require_page_reader()
        with self._place():
            answers: dict[str, Answer] = {}
            found = self._find(address, answers, every=every)
            offers = self._offers(found)
            offered = FoundFeeds((found,), (), answers)
            subscribed = subscribe(
                *(self._settings, self._store, offered, _Log()),
                labels=labels,
                full_text=full_text,
                who=who,
            )
            group_duplicates(self._store, no_bar)
        checks = subscribed.checked.feeds
        urls = [check.url for check in checks] or list(offered.taken)
        feeds = tuple(self._store.feeds.get(url) for url in urls)
        return AddedFeeds(feeds, subscribed.added, offers, checks)

    def check(self, feeds: Sequence[Feed]) -> tuple[FeedCheck, ...]:
        """Ask for feeds now, and take what is new."""
        settings = self._settings
        with (
            self._place(),
            closing(open_fetcher(settings)) as fetcher,
            closing(open_reader(settings)) as reader,
        ):
            checker = feed_checker(settings, self._store, fetcher, reader)
            checked = checker.check(feeds, _Log())
            group_duplicates(self._store, no_bar)
        return checked.feeds

    def _find(self, address: str, answers: dict[str, Answer], *, every: bool) -> FeedOffers:
        url = typed_address(address)
        with (
            closing(open_fetcher(self._settings)) as fetcher,
            closing(open_reader(self._settings)) as reader,
        ):
            return find(url, AskedOnce(fetcher, answers), reader, every=every)

    def _offers(self, found: FeedOffers) -> tuple[OfferedFeed, ...]:
        known = {feed.url for feed in self._store.feeds.subscribed()}
        return tuple(OfferedFeed(each.url, each.title, each.url in known) for each in found.offers)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise BusyError(f"{AT_ONCE} others wait for feeds right now; try again in a minute.")
        try:
            yield
        finally:
            self._places.release()


class _Log:
    """Hears of entries that could not be taken, for the log."""

    def rejected(self, rejection: Rejection) -> None:
        log.info("Rejected: %s: %s", rejection.where, rejection.reason)

    def noted(self, note: Rejection) -> None:
        log.debug("Noted: %s: %s", note.where, note.reason)
