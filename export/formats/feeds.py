"""The selection as a feed: Atom (RFC 4287) and JSON Feed 1.1, newest first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from export.files import OneFile
from export.formats.ninjs import MEDIA_TOPICS
from export.record import Record, iso
from export.shape import Shape

NEVER = "1970-01-01T00:00:00Z"
"""The date of a feed without any article."""
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


class Atom(OneFile):
    """An Atom feed; topics are its categories."""

    def chunks(self, records: Iterable[Record], shape: Shape) -> Iterator[str]:
        """Yield the head, then one entry an article."""
        source = iter(records)
        first = next(source, None)
        yield (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<title>{_xml(shape.title)}</title>\n<id>urn:slugline:export</id>\n"
            f"<updated>{_updated(first) if first else NEVER}</updated>\n"
            "<author><name>Slugline</name></author>\n"
        )
        for record in chain([first] if first else [], source):
            yield _entry(record, shape)
        yield "</feed>\n"


class JsonFeed(OneFile):
    """A JSON Feed; topics are its tags."""

    def chunks(self, records: Iterable[Record], shape: Shape) -> Iterator[str]:
        """Yield the head, then one item an article."""
        version = "https://jsonfeed.org/version/1.1"
        head = json.dumps({"version": version, "title": shape.title}, ensure_ascii=False)
        yield head[:-1] + ', "items": ['
        before = "\n"
        for record in records:
            yield before + json.dumps(_item(record, shape), ensure_ascii=False)
            before = ",\n"
        yield "\n]}\n"


def _entry(record: Record, shape: Shape) -> str:
    """Return an article as an Atom entry, topics as categories with IPTC codes."""
    article = record.tagged.article
    lines = [
        f"<title>{_xml(article.title)}</title>",
        f"<id>urn:slugline:{article.id}</id>",
        f"<updated>{_updated(record)}</updated>",
    ]
    if article.published:
        lines.append(f"<published>{iso(article.published)}</published>")
    if article.url:
        lines.append(f'<link rel="alternate" href={quoteattr(without_control(article.url))}/>')
    if article.source:
        lines.append(f"<author><name>{_xml(article.source)}</name></author>")
    for topic in record.tagged.topics:
        name, codes = shape.topics.get(topic.slug, (topic.slug, ()))
        scheme = f" scheme={quoteattr(MEDIA_TOPICS)}" if codes else ""
        term = codes[0].removeprefix("medtop:") if codes else topic.slug
        lines.append(f"<category term={quoteattr(term)}{scheme} label={quoteattr(name)}/>")
    if shape.text and article.summary:
        lines.append(f"<summary>{_xml(article.summary)}</summary>")
    if shape.text and article.body:
        lines.append(f"<content>{_xml(article.body)}</content>")
    return "<entry>" + "".join(lines) + "</entry>\n"


def _item(record: Record, shape: Shape) -> dict[str, Any]:
    article = record.tagged.article
    item: dict[str, Any] = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        # An item has to have a text; without --text that is the title once more.
        "content_text": (shape.text and (article.body or article.summary)) or article.title,
        "summary": article.summary if shape.text else "",
        "date_published": iso(article.published),
        "language": article.language,
        "tags": [topic.slug for topic in record.tagged.topics],
        "authors": [{"name": article.source}] if article.source else [],
    }
    return {key: value for key, value in item.items() if value not in (None, "", [])}


def _updated(record: Record) -> str:
    article = record.tagged.article
    return iso(article.published or article.fetched) or NEVER


def without_control(text: str) -> str:
    """Return a text without characters that XML can't hold."""
    return _NOT_XML.sub("", text)


def _xml(text: str) -> str:
    return escape(without_control(text))
