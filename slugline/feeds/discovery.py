"""Finds the feed at an address: the address itself, or what its page offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from ingest.fetching.fetch import Answer, Asker, Fetched, Validators, phrase
from ingest.schedule import address_after
from models.errors import SourceError, UsageError
from models.feed import Feed, Selectors, parted, shown_address, without_feed_scheme
from slugline.feeds.ask import ask

if TYPE_CHECKING:
    from ingest.formats.page_feeds import Offer
    from ingest.parsing.reader import Reader


class AskedOnce:
    """Asks for each address once and answers from memory after that, for one short command.

    `answers` is that memory; several may share it.
    """

    def __init__(self, asker: Asker, answers: dict[str, Answer]) -> None:
        self._asker = asker
        self._answers = answers

    def fetch(self, url: str, validators: Validators | None = None) -> Answer:  # noqa: ARG002 - Asker's signature
        """Return what the server said, whole; raises SourceError."""
        if url not in self._answers:
            answer = self._asker.fetch(url)
            self._answers[url] = answer
            if answer.moved_to:
                self._answers[answer.moved_to] = replace(answer, moved_to="")
        return self._answers[url]

    def get(self, url: str) -> Fetched:
        """Return the document at `url`; raises SourceError with the reason."""
        answer = self.fetch(url)
        if answer.status != HTTPStatus.OK:
            raise SourceError(f"answered {phrase(answer.status)}.", shown_address(url))
        return Fetched(answer.url, answer.body, answer.content_type)


@dataclass(frozen=True, slots=True)
class FeedOffers:
    """What stood at an address: the feeds it offers, and those that are taken, by their offers.

    No address here shows a login.
    """

    address: str
    offers: tuple[Offer, ...]
    taken: Mapping[str, Feed]


def typed_address(text: str) -> str:
    """Return the web address that a person typed; raises UsageError where it is none."""
    url = without_feed_scheme(text)
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(
            f"{shown_address(text)} is not a web address. It must begin with https:// "
            "(a file of feeds goes to `slugline feeds import`)."
        )
    return url


def find(
    url: str, asked: AskedOnce, reader: Reader, *, every: bool, selectors: Selectors | None = None
) -> FeedOffers:
    """Find the feeds at an address, and take the first that can be read, or `every` such one.

    With `selectors` the page itself is taken for a feed. Raises SourceError where there is none.
    """
    from ingest.fetching.discover import discover
    from ingest.formats.page_feeds import Offer

    if selectors:
        page = _read(Offer(url), asked, reader, selectors)
        return FeedOffers(page.url, (Offer(page.url, page.title),), {page.url: page})
    offers = discover(url, asked, reader)
    taken: dict[str, Feed] = {}
    error: SourceError | None = None
    for offer in offers:
        try:
            taken[parted(offer.url)[0]] = _read(offer, asked, reader)
        except SourceError as unread:
            error = error or unread
            continue
        if not every:
            break
    if not taken:
        raise error or SourceError("offers no feed.", shown_address(url))
    shown = tuple(replace(offer, url=parted(offer.url)[0]) for offer in offers)
    return FeedOffers(parted(url)[0], shown, taken)


def _read(
    offer: Offer, asked: AskedOnce, reader: Reader, selectors: Selectors | None = None
) -> Feed:
    """Return the feed that is offered, at the address it has moved to for good."""
    url, login = parted(offer.url)
    feed = Feed(url=url, login=login, selectors=selectors)
    reply = ask(feed, asked, reader)
    if reply.error or reply.answer is None:
        raise SourceError(f"{reply.error}.", feed.url)
    title = reply.parsed.feed.title if reply.parsed else ""
    now_at, login = address_after(feed, reply.answer)
    return Feed(url=now_at, title=title or offer.title, login=login, selectors=selectors)
