"""The selection as a feed: Atom (RFC 4287) and JSON Feed 1.1, newest first."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from export.files import OneFile
from export.formats.ninjs import MEDIA_TOPICS
from export.record import Record, iso, list_notes, note_lines
from export.write_options import WriteOptions

NEVER = "1970-01-01T00:00:00Z"
"""The date of a feed without any article."""
NOTES = "urn:slugline:notes"
"""The namespace of notes: RFC 4287, section 6, leaves room for elements of others."""
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write."""


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself, where it is more than a file.

    `address` is where the feed stands, `page` the page that shows the same; `article_page` gives
    the page of an article by its id, for articles without a link of their own. `updated` is when
    anything in it last changed, "" for when the first article did.
    """

    title: str
    id: str = "urn:slugline:export"
    address: str = ""
    page: str = ""
    updated: str = ""
    article_page: Callable[[str], str] = lambda _id: ""


class Atom(OneFile):
    """An Atom feed; topics are its categories."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield the head, then one entry an article."""
        return atom(FeedHead(options.title), records, options)


class JsonFeed(OneFile):
    """A JSON Feed; topics are its tags."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield the head, then one item an article."""
        return json_feed(FeedHead(options.title), records, options)


def atom(head: FeedHead, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
    """Yield the head of an Atom feed, then one entry an article; records come newest first."""
    source = iter(records)
    first = next(source, None)
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{_xml(head.title)}</title>\n<id>{_xml(head.id)}</id>\n"
        f"<updated>{head.updated or (updated(first) if first else NEVER)}</updated>\n"
        "<author><name>Slugline</name></author>\n"
    )
    if head.address:
        yield f'<link rel="self" type="application/atom+xml" href={quoteattr(head.address)}/>\n'
    if head.page:
        yield f'<link rel="alternate" type="text/html" href={quoteattr(head.page)}/>\n'
    for record in chain([first] if first else [], source):
        yield _entry(head, record, options)
    yield "</feed>\n"


def json_feed(head: FeedHead, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
    """Yield the head of a JSON Feed, then one item an article."""
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "feed_url": head.address,
        "home_page_url": head.page,
    }
    known = {key: value for key, value in said.items() if value}
    yield json.dumps(known, ensure_ascii=False)[:-1] + ', "items": ['
    before = "\n"
    for record in records:
        yield before + json.dumps(_item(head, record, options), ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def _entry(head: FeedHead, record: Record, options: WriteOptions) -> str:
    """Return an article as an Atom entry, topics as categories with IPTC codes."""
    article = record.tagged.article
    link = article.url or head.article_page(article.id)
    lines = [
        f"<title>{_xml(article.title) or '(no title)'}</title>",
        f"<id>urn:slugline:{article.id}</id>",
        f"<updated>{updated(record)}</updated>",
    ]
    if article.published:
        lines.append(f"<published>{iso(article.published)}</published>")
    if link:
        lines.append(f'<link rel="alternate" href={quoteattr(without_control(link))}/>')
    if article.source:
        lines.append(f"<author><name>{_xml(article.source)}</name></author>")
    for topic in record.tagged.topics:
        name, codes = options.topics.get(topic.slug, (topic.slug, ()))
        scheme = f" scheme={quoteattr(MEDIA_TOPICS)}" if codes else ""
        term = codes[0].removeprefix("medtop:") if codes else topic.slug
        lines.append(f"<category term={quoteattr(term)}{scheme} label={quoteattr(name)}/>")
    lines += [f"<note xmlns={quoteattr(NOTES)}>{_xml(line)}</note>" for line in note_lines(record)]
    if options.text and article.summary:
        lines.append(f"<summary>{_xml(article.summary)}</summary>")
    if options.text and article.body:
        lines.append(f"<content>{_xml(article.body)}</content>")
    return "<entry>" + "".join(lines) + "</entry>\n"


def _item(head: FeedHead, record: Record, options: WriteOptions) -> dict[str, Any]:
    article = record.tagged.article
    item: dict[str, Any] = {
        "id": article.id,
        "url": article.url or head.article_page(article.id),
        "title": article.title,
        # An item has to have a text; without --text that is the title once more.
        "content_text": (options.text and (article.body or article.summary)) or article.title,
        "summary": article.summary if options.text else "",
        "date_published": iso(article.published),
        "date_modified": updated(record) if article.version > 1 else "",
        "language": article.language,
        "tags": [topic.slug for topic in record.tagged.topics],
        "authors": [{"name": article.source}] if article.source else [],
        "_slugline": list_notes(record) or None,
    }
    return {key: value for key, value in item.items() if value not in (None, "", [])}


def updated(record: Record) -> str:
    """Return when an article last changed: when its newest version came, or it was published."""
    article = record.tagged.article
    changed = article.fetched if article.version > 1 else None
    return iso(changed or article.published or article.fetched) or NEVER


def without_control(text: str) -> str:
    """Return a text without characters that XML can't hold."""
    return _NOT_XML.sub("", text)


def _xml(text: str) -> str:
    return escape(without_control(text))
