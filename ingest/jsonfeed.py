"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from ingest.clean import MAX_NAME, plain_title
from ingest.intake import Intake, RawEntry, claimed_language, feed_address, texts_in
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.urls import host_of
from models.feed import Feed


def is_json_feed(content: object) -> bool:
    """Say whether parsed JSON calls itself a JSON Feed."""
    return isinstance(content, dict) and "jsonfeed.org" in str(content.get("version"))


def read_json_feed(content: object, name: str, url: str = "") -> Iterator[ParsedSource]:
    """Read a parsed JSON Feed, a large one in parts; raises UnreadableError if it is not one."""
    if not isinstance(content, dict) or not is_json_feed(content):
        raise UnreadableError("is JSON, but not a JSON Feed")
    items = content.get("items")
    if not isinstance(items, list | Iterator):
        raise UnreadableError("is a JSON Feed without items")
    address = feed_address(
        url or _text(content, "feed_url") or _text(content, "home_page_url") or name
    )
    title = plain_title(_text(content, "title"))[:MAX_NAME]
    language = claimed_language(_text(content, "language"))
    feed = Feed(url=address, title=title, language=language)
    intake = Intake()
    for item, where in intake.objects(items, name):
        intake.take(_raw(item, where, address, title or host_of(address), language))
        if intake.is_full:
            yield intake.parsed(name, feed)
    if not intake.seen:
        intake.note(name, "is a feed without entries")
    yield intake.parsed(name, feed)


def _raw(item: Mapping[str, object], where: str, feed: str, source: str, language: str) -> RawEntry:
    """Return an item as it stands in a JSON Feed, nothing cleaned yet."""
    return RawEntry(
        where=where,
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        description=_text(item, "summary"),
        date=_text(item, "date_published") or _text(item, "date_modified") or None,
        guid=_text(item, "id"),
        body=_text(item, "content_html") or escape(_text(item, "content_text"), quote=False),
        language=_text(item, "language") or language,
        source=source,
        feed=feed,
        categories=texts_in(item.get("tags")),
    )


def _text(holder: Mapping[str, object], key: str) -> str:
    value = holder.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # ids were numbers before 1.1
    return value if isinstance(value, str) else ""
