"""Lists of feeds as OPML: what every feed reader takes and gives."""

from __future__ import annotations

from xml.parsers import expat

from ingest.part import UnreadableError
from models.feed import Feed

MAX_OUTLINES = 50_000
"""Outlines of one file that are read."""


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
        text = named.get("title") or named.get("text", "")
        url = named.get("xmlurl", "")
        labels.append("" if url else text)
        if url:
            path = "/".join(label for label in labels if label)
            before = found.get(url)
            own = (*(before.labels if before else ()), *((path,) if path else ()))
            found[url] = Feed(
                url=url,
                title=(before.title if before else "") or text[:200],
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
