"""Reads and writes OPML, the list of feeds that every feed reader exchanges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from ingest.clean import MAX_NAME, plain_title
from ingest.encoding import decode_xml
from ingest.parsed_source import UnreadableError
from ingest.xml_text import mended
from models.article import Rejection
from models.feed import Feed, is_mailbox, shown_address

MAX_OUTLINES = 50_000
"""Outlines of one file that are read."""
MAX_LABELS = 100
"""Labels of one feed that are kept."""
MAX_DEPTH = 20
"""Outlines within each other."""


def looks_like_opml(data: bytes) -> bool:
    """Say whether the bytes begin like an OPML file."""
    return b"<opml" in data[:4_000].lower()


@dataclass(frozen=True, slots=True)
class Outlines:
    """The feeds of an OPML file in order, and the outlines that are not feeds, with reasons."""

    feeds: tuple[Feed, ...]
    rejections: tuple[Rejection, ...] = ()


def read_opml(data: bytes) -> Outlines:
    """Read a list of feeds; raises UnreadableError where nothing of it can be read.

    Outlines around a feed, and its `category` (OPML 2.0: `/News/Coast,/Own`), become labels. A feed
    that stands in two places comes once, with the labels of both. A bare `&` is one; where the file
    is broken otherwise, what stands before the fault is taken.
    """
    text, _ = decode_xml(data)
    if "<!ENTITY" in text:
        raise UnreadableError("declares entities, which an OPML file has no use for")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(mended(text).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        if not reader.found:
            raise UnreadableError(f"is not OPML, or is cut off ({error})") from None
        reason = f"is broken XML; what stands before the fault was read ({error})"
        reader.rejections.append(Rejection("OPML", reason))
    return Outlines(tuple(reader.found.values()), tuple(reader.rejections))


class _Reader:
    """Collects the feeds of the outlines that a parser comes by."""

    def __init__(self) -> None:
        self.found: dict[str, Feed] = {}
        self.rejections: list[Rejection] = []
        self._open: list[_Outline] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.lower() != "outline":
            return
        self._count += 1
        if self._count > MAX_OUTLINES:
            raise UnreadableError(f"has more than {MAX_OUTLINES:,} outlines")
        named = {key.lower(): value.strip() for key, value in attributes.items()}
        text = plain_title(named.get("title") or named.get("text", ""))[:MAX_NAME]
        url = named.get("xmlurl", "")
        if not url and named.get("type", "").lower() in {"rss", "atom"}:
            url = named.get("url", "")
        if self._open:
            self._open[-1].has_inner = True
        self._open.append(_Outline(text, bool(url)))
        if len(self._open) > MAX_DEPTH:
            raise UnreadableError(f"is nested deeper than {MAX_DEPTH} outlines")
        if url:
            self._take(url, text, named)

    def end(self, tag: str) -> None:
        if tag.lower() != "outline":
            return
        outline = self._open.pop()
        if not outline.is_feed and not outline.has_inner:
            where = f"outline {self._count:,}" + (f", {outline.text!r}" if outline.text else "")
            self.rejections.append(Rejection(where, "has no address of a feed (xmlUrl)"))

    def _take(self, url: str, text: str, named: dict[str, str]) -> None:
        path = "/".join(
            outline.text.replace("/", "-")
            for outline in self._open
            if outline.text and not outline.is_feed
        )
        before = self.found.get(url)
        labels = (*(before.labels if before else ()), path, *_categories(named.get("category", "")))
        self.found[url] = Feed(
            url=url,
            title=(before.title if before else "") or text,
            language=named.get("language", "")[:35],
            labels=tuple(dict.fromkeys(label for label in labels if label))[:MAX_LABELS],
            subscribed=True,
        )


@dataclass(slots=True)
class _Outline:
    text: str
    is_feed: bool
    has_inner: bool = False


def _categories(attribute: str) -> Iterator[str]:
    """Yield the categories of an outline, `/News/Coast` as the label `News/Coast`."""
    for category in attribute.split(","):
        names = (plain_title(name)[:MAX_NAME] for name in category.split("/")[: MAX_DEPTH + 1])
        yield "/".join(name for name in names if name)


def write_opml(feeds: Iterable[Feed], title: str = "Slugline") -> str:
    """Return an OPML 2.0 file of the feeds, without credentials; labels become nested outlines.

    A feed with several labels stands under each; `a/b` is an outline within an outline. Mailboxes
    are left out: no other reader could open them.
    """
    root: _Folder = _Folder()
    for feed in (feed for feed in feeds if not is_mailbox(feed.url)):
        for label in feed.labels or ("",):
            folder = root
            for name in filter(None, label.split("/")):
                folder = folder.folders.setdefault(name, _Folder())
            folder.feeds.append(feed)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"<head><title>{escape(_xml(title))}</title></head>",
        "<body>",
        *_lines(root, 1),
        "</body>",
        "</opml>",
    ]
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    feeds: list[Feed] = field(default_factory=list)


def _lines(folder: _Folder, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for name, inner in folder.folders.items():
        yield f"{indent}<outline text={quoteattr(_xml(name))}>"
        yield from _lines(inner, depth + 1)
        yield f"{indent}</outline>"
    for feed in folder.feeds:
        shown = _xml(shown_address(feed.url))
        url, text = quoteattr(shown), quoteattr(_xml(feed.title) or shown)
        language = f" language={quoteattr(_xml(feed.language))}" if feed.language else ""
        yield f'{indent}<outline type="rss" text={text} title={text} xmlUrl={url}{language}/>'


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)
