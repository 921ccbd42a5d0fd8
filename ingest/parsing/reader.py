"""The protocol of parsers for untrusted input, in this process or in workers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from ingest.formats.page_text import PageText
from ingest.parsed_source import ParsedSource, ZipListing, joined
from ingest.parsing.frames import (
    ExtractText,
    FindOffers,
    ListZip,
    ReadFeed,
    ReadFile,
    ReadMail,
    ReadOutlines,
    ReadPage,
    ReadPair,
    Result,
    Task,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.formats.page_feeds import Offer
    from ingest.opml import Outlines
    from models.feed import Selectors


class Reader(Protocol):
    """Reads feeds, files and pages; many threads may call it at once.

    Whatever it is given, it raises UnreadableError where that can't be read, SourceError where
    a whole source can't, and StoppedError where reading was stopped from outside.
    """

    def results(self, task: Task) -> Iterator[Result]:
        """Yield what a task brings, as it comes."""

    def read(self, data: bytes, name: str, url: str = "", content_type: str = "") -> ParsedSource:
        """Return what stands in a feed."""
        return joined(self._parts(ReadFeed(data, name, url, content_type)))

    def file(
        self, path: Path, name: str, columns: Mapping[str, str] | None = None
    ) -> Iterator[ParsedSource]:
        """Yield what stands in a file of entries; `columns` says what those of a table hold."""
        return self._parts(ReadFile(str(path), name, dict(columns) if columns else None))

    def message(self, data: bytes, name: str) -> ParsedSource:
        """Return what stands in a message of mail."""
        return joined(self._parts(ReadMail(data, name)))

    def pair(
        self, root: Path, json_name: str | None, md_name: str | None
    ) -> Iterator[ParsedSource]:
        """Yield what stands in a feed's day of an archive, a directory or a ZIP."""
        return self._parts(ReadPair(str(root), json_name, md_name))

    def listing(self, path: Path) -> ZipListing:
        """Return what a ZIP holds."""
        for result in self.results(ListZip(str(path))):
            if result.listing:
                return result.listing
        return ZipListing()

    def page_items(
        self, page: bytes, name: str, url: str, content_type: str, selectors: Selectors
    ) -> ParsedSource:
        """Return what stands on a page that is read as a feed."""
        return joined(self._parts(ReadPage(page, name, url, content_type, selectors)))

    def outlines(self, data: bytes) -> Outlines:
        """Return the feeds that an OPML file lists."""
        from ingest.opml import Outlines

        for result in self.results(ReadOutlines(data)):
            if result.outlines:
                return result.outlines
        return Outlines(())

    def offers(self, page: bytes, url: str) -> tuple[Offer, ...]:
        """Return the feeds that a page names."""
        return tuple(
            offer for result in self.results(FindOffers(page, url)) for offer in result.offers
        )

    def page_text(self, page: bytes, url: str) -> PageText:
        """Return the text of an article's page, or why it has none."""
        for result in self.results(ExtractText(page, url)):
            if result.page:
                return result.page
        return PageText(why="its page can't be read")

    def _parts(self, task: Task) -> Iterator[ParsedSource]:
        for result in self.results(task):
            if result.part:
                yield result.part
