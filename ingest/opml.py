"""Lists of feeds as OPML: what every feed reader takes and gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from ingest.clean import MAX_NAME, plain
from ingest.parsed_source import UnreadableError
from models.feed import Feed, shown_address

MAX_OUTLINES = 50_000
"""Outlines of one file that are read."""
MAX_LABELS = 100
"""Labels of one feed that are kept."""
MAX_DEPTH = 20
"""Outlines within each other."""


def looks_like_opml(data: bytes) -> bool:
    """Say whether the bytes begin like an OPML file."""
    return b"<opml" in data[:4_000].lower()


def read_opml(data: bytes) -> list[Feed]:
    """Return the feeds in their order, nested outlines as labels; raises UnreadableError.

    A feed that stands in two places comes once, with both labels.
    """
    found: dict[str, Feed] = {}
    labels: list[str] = []
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        if tag.lower() != "outline":
            return
        count += 1
        if count > MAX_OUTLINES:
            raise UnreadableError(f"has more than {MAX_OUTLINES:,} outlines")
        named = {key.lower(): value.strip() for key, value in attributes.items()}
        text = plain(named.get("title") or named.get("text", ""))[:MAX_NAME]
        url = named.get("xmlurl", "")
        labels.append("" if url else text.replace("/", "-"))
        if len(labels) > MAX_DEPTH:
            raise UnreadableError(f"is nested deeper than {MAX_DEPTH} outlines")
        if url:
            path = "/".join(label for label in labels if label)
            before = found.get(url)
            own = (*(before.labels if before else ()), *((path,) if path else ()))[:MAX_LABELS]
            found[url] = Feed(
                url=url,
                title=(before.title if before else "") or text,
                language=named.get("language", "")[:35],
                labels=tuple(dict.fromkeys(own)),
                subscribed=True,
            )

    def end(tag: str) -> None:
        if tag.lower() == "outline":
            labels.pop()

    def refuse(*_: object) -> None:
        raise UnreadableError("declares entities, which an OPML file has no use for")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableError(f"is no OPML, or is cut off ({error})") from None
    return list(found.values())


def write_opml(feeds: Iterable[Feed], title: str = "Slugline") -> str:
    """Return an OPML 2.0 file of the feeds, without credentials; labels become nested outlines.

    A feed with several labels stands under each; `a/b` is an outline within an outline.
    """
    root: _Folder = _Folder()
    for feed in feeds:
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
