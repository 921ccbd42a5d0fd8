"""Sitemaps of news: what a site tells search engines of its articles of the last two days.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from ingest.clean import MAX_NAME, plain
from ingest.intake import Intake, RawEntry, claimed_language, feed_address
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.parsing.limits import Budget
from ingest.urls import host_of
from models.feed import Feed

MAX_VALUE = 10_000
"""Characters of one value."""
_ROOT = re.compile(r"<(?:\w{1,20}:)?(urlset|sitemapindex)[\s>]")
_FIELDS = {"loc", "name", "language", "publication_date", "title", "keywords", "lastmod"}
_STEP = 65_536


def is_sitemap(text: str) -> bool:
    """Say whether XML is a sitemap, or an index of sitemaps."""
    return bool(_ROOT.search(text[:5_000]))


def read_sitemap(text: str, name: str, url: str, budget: Budget) -> Iterator[ParsedSource]:
    """Yield the articles of a sitemap; raises UnreadableError where it tells of no news."""
    found = _ROOT.search(text[:5_000])
    if found and found[1] == "sitemapindex":
        raise UnreadableError("is an index of sitemaps; give one of those that it names")
    intake = Intake(budget=budget)
    feed: Feed | None = None
    reader = _Reader()
    address = feed_address(url or name)
    for fields in reader.read(text):
        if "title" not in fields:
            continue
        if intake.stops(name):
            break
        source = plain(fields.get("name", ""))[:MAX_NAME] or host_of(fields.get("loc", ""))
        language = claimed_language(fields.get("language", ""))
        feed = feed or Feed(url=address, title=source, language=language)
        intake.take(
            RawEntry(
                where=f"{name}, entry {intake.seen}",
                link=fields.get("loc", ""),
                title=fields["title"],
                date=fields.get("publication_date") or fields.get("lastmod"),
                language=language,
                source=source,
                feed=address,
                categories=tuple(fields.get("keywords", "").split(",")),
            )
        )
        if intake.is_full:
            yield intake.parsed(name, feed)
    if feed is None:
        raise UnreadableError("is a sitemap without news")
    if reader.fault:
        intake.reject(name, f"is broken XML, read as far as it goes ({reader.fault})")
    yield intake.parsed(name, feed)


class _Reader:
    """Takes the fields of each address out of a sitemap; `fault` says where it is broken."""

    def __init__(self) -> None:
        self.fault = ""
        self._field = ""
        self._fields: dict[str, str] = {}
        self._ready: list[dict[str, str]] = []

    def read(self, text: str) -> Iterator[dict[str, str]]:
        """Yield the fields of one address at a time."""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._refuse
        data = text.encode("utf-8", "replace")
        try:
            for start in range(0, len(data), _STEP):
                parser.Parse(data[start : start + _STEP], start + _STEP >= len(data))
                yield from self._ready
                self._ready = []
        except expat.ExpatError as error:
            self.fault = str(error)
            yield from self._ready

    def _start(self, tag: str, _attributes: object) -> None:
        name = tag.rpartition(":")[2]
        if name == "url":
            self._fields = {}
        self._field = (
            name if name in _FIELDS and ("image" not in tag and "video" not in tag) else ""
        )

    def _end(self, tag: str) -> None:
        self._field = ""
        if tag.rpartition(":")[2] == "url":
            self._ready.append(self._fields)
            self._fields = {}

    def _text(self, text: str) -> None:
        known = self._fields.get(self._field, "")
        if self._field and len(known) < MAX_VALUE:
            self._fields[self._field] = known + text

    def _refuse(self, *_: object) -> None:
        raise UnreadableError("declares entities, which a sitemap has no use for")
