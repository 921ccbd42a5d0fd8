"""Finds the feeds of a page: those it links to, or else those in the usual places."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.fetching.fetch import Fetcher
from ingest.formats.page_feeds import Offer
from ingest.parsed_source import UnreadableError
from models.errors import SourceError
from models.feed import shown_address

if TYPE_CHECKING:
    from ingest.parsing.reader import Reader

_USUAL = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json")


def discover(url: str, fetcher: Fetcher, reader: Reader) -> list[Offer]:
    """Return the feeds at `url`: itself where it is one, else those of the page, else usual ones.

    The feeds that a page names are told as it names them; those guessed from where sites usually
    keep them are fetched to see that they are feeds. Raises SourceError where nothing is found.
    """
    got = fetcher.get(url)
    shown = shown_address(url)
    try:
        part = reader.read(got.body, shown, got.url, got.content_type)
    except UnreadableError:
        pass
    else:
        return [Offer(url, part.feed.title)]
    offers = _named(got.body, got.url, reader)
    if not offers:
        offers = _usual(got.url, fetcher, reader)
    if not offers:
        raise SourceError("is not a feed, and its page names none. Give the feed's own URL.", shown)
    return offers


def _named(page: bytes, url: str, reader: Reader) -> list[Offer]:
    """Return the feeds that a page names; one that can't be read names none."""
    try:
        return list(reader.offers(page, url))
    except UnreadableError:
        return []


def _usual(url: str, fetcher: Fetcher, reader: Reader) -> list[Offer]:
    parts = urlsplit(url)
    for name in _USUAL:
        guess = f"{parts.scheme}://{parts.netloc}/{name}"
        try:
            got = fetcher.get(guess)
            part = reader.read(got.body, guess, guess, got.content_type)
        except (SourceError, UnreadableError):
            continue
        return [Offer(guess, part.feed.title)]
    return []
