"""ninjs 3.1: news items as IPTC describes them in JSON, one a line, with Media Topics.

https://iptc.org/standards/ninjs/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from export.files import OneFile
from export.record import Record, iso, note_lines
from export.write_options import WriteOptions
from models.tags import EntityCount, Origin
from models.wikidata import wikidata

MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
_PLACES = {"person": "people", "org": "organisations", "place": "places", "event": "events"}


class Ninjs(OneFile):
    """One news object a line, marked as partial: it names the article and links to it."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Yield one line an article."""
        for record in records:
            yield json.dumps(item(record, options), ensure_ascii=False) + "\n"


def item(record: Record, options: WriteOptions) -> dict[str, Any]:
    """Return a record as a news object."""
    article = record.tagged.article
    found: dict[str, Any] = {
        "uri": uri(article.url) or f"urn:slugline:{article.id}",
        "type": "text",
        "representationType": "full" if options.text and article.body else "partial",
        "profile": "slugline",
        "version": str(article.version),
        "versionCreated": iso(article.fetched),
        "contentCreated": iso(article.published),
        "language": article.language,
        "headlines": [{"role": "main", "value": article.title}],
        "copyrightHolder": article.source,
        "infoSources": [{"name": article.source}] if article.source else [],
        "subjects": list(_subjects(record, options)),
        "altIds": [{"role": "slugline", "value": article.id}],
        "standard": STANDARD,
    }
    summary = article.summary if options.text else ""
    found["descriptions"] = [{"role": "summary", "value": summary}] if summary else []
    found["descriptions"] += [{"role": "note", "value": line} for line in note_lines(record)]
    if options.text and article.body:
        found["bodies"] = [{"role": "main", "contentType": "text/plain", "value": article.body}]
    for entity in record.tagged.entities:
        if place := _PLACES.get(entity.type):
            found.setdefault(place, []).append(_named(entity))
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def uri(address: str) -> str:
    """Return an address that is a URI (RFC 3986), what may not stand in one escaped."""
    return quote(address, safe=":/?#[]@!$&'()*+,;=%-._~")


def _subjects(record: Record, options: WriteOptions) -> Iterator[dict[str, Any]]:
    for topic in record.tagged.topics:
        name, codes = options.topics.get(topic.slug, (topic.slug, ()))
        shown = {
            "name": name,
            "literal": topic.slug,
            "creator": "person" if topic.origin is Origin.PERSON else "slugline",
            "confidence": round(100 * min(1.0, max(0.0, topic.score))),
        }
        for code in codes:
            yield {"uri": MEDIA_TOPICS + code.removeprefix("medtop:"), **shown}
        if not codes:
            yield shown


def _named(entity: EntityCount) -> dict[str, Any]:
    named = {"name": entity.name, "literal": entity.key}
    if item := wikidata(entity.key):
        named["uri"] = f"https://www.wikidata.org/entity/{item}"
    return named if entity.type == "event" else {**named, "rel": "mentioned"}
