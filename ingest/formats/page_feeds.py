"""Which feeds a page of HTML names, in its head or by links."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from ingest.clean import MAX_NAME, plain
from ingest.urls import is_web_address, tidy

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


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that a page offers, with the name it gives it."""

    url: str
    title: str = ""


def offered(page: bytes, url: str) -> list[Offer]:
    """Return the feeds that a page's head links to, in their order."""
    reader = _Links()
    reader.feed(page[:MAX_PAGE].decode("utf-8", "replace"))
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
