"""Which feeds a page offers: what it links to as its feeds, else where sites usually keep them."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from ingest.clean import MAX_NAME, plain
from ingest.fetching.fetch import Fetcher
from ingest.parsed_source import UnreadableError
from ingest.parsing.pool import FeedReader
from ingest.urls import is_web_address, tidy
from models.errors import SourceError
from models.feed import shown_address

MAX_FEEDS = 50
"""Feeds of one page that are told."""
MAX_PAGE = 2_000_000
"""Bytes of a page that are looked at; its links to feeds stand at the top."""

_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
}
_RELATIONS = {"alternate", "feed"}
_USUAL = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json")


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that a page offers, with the name it gives it."""

    url: str
    title: str = ""


def discover(url: str, fetcher: Fetcher, reader: FeedReader) -> list[Offer]:
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
    offers = offered(got.body[:MAX_PAGE].decode("utf-8", "replace"), got.url)
    if not offers:
        offers = _usual(got.url, fetcher, reader)
    if not offers:
        raise SourceError("is not a feed, and its page names none. Give the feed's own URL.", shown)
    return offers


def offered(page: str, url: str) -> list[Offer]:
    """Return the feeds that a page's head links to, in their order."""
    reader = _Links()
    reader.feed(page)
    base = urljoin(url, reader.base) if reader.base else url
    offers: dict[str, Offer] = {}
    for href, title in reader.found:
        try:
            target = tidy(urljoin(base, href))
        except ValueError:
            continue
        if is_web_address(target):
            offers.setdefault(target, Offer(target, plain(title)[:MAX_NAME]))
    return list(offers.values())[:MAX_FEEDS]


def _usual(url: str, fetcher: Fetcher, reader: FeedReader) -> list[Offer]:
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


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = named.get("href", "")
        elif tag in {"link", "a"} and named.get("href"):
            relations = set(named.get("rel", "").lower().split())
            kind = named.get("type", "").partition(";")[0].strip().lower()
            if relations & _RELATIONS and (kind in _TYPES or "feed" in relations):
                self.found.append((named["href"], named.get("title", "")))
