"""What other feed readers export as JSON: articles of many feeds, saved or starred.

    Google Reader   {"id": "user/-/state/com.google/starred", "items": [...]}
    Miniflux        {"total": 2, "entries": [...]}, as its API answers

The first is what FreshRSS, Inoreader and The Old Reader give too. Feedbin's `starred.json` is a
list, read as the days of archives are (`ingest.archives.json_days`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ingest.clean import MAX_NAME, plain_title
from ingest.intake import Intake, RawEntry, feed_address, text_of, texts_in
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.urls import host_of
from models.article import Entry
from models.feed import Feed

LISTS = frozenset({"items", "entries"})
"""Names of the lists of articles."""
_STREAM = re.compile(r"(?:user|feed)/")
_LABEL = re.compile(r"user/[^/]*/label/(.+)", re.DOTALL)
_MILLISECONDS = 100_000_000_000  # seconds that lie in the year 5138


def is_reader_export(content: object) -> bool:
    """Say whether parsed JSON has the form of an export."""
    if not isinstance(content, dict):
        return False
    if isinstance(content.get("entries"), list | Iterator):
        return "total" in content
    found = content.get("items")
    return isinstance(found, list | Iterator) and bool(_STREAM.match(text_of(content, "id")))


def read_reader_export(content: object, name: str) -> Iterator[ParsedSource]:
    """Yield the articles of an export, those of each feed by themselves, a large one in parts."""
    if not isinstance(content, dict) or not is_reader_export(content):
        raise UnreadableError("is JSON, but not an export of a feed reader")
    raw, items = _google, content.get("items")
    if "entries" in content:
        raw, items = _miniflux, content.get("entries")
    assert isinstance(items, list | Iterator)  # noqa: S101 - as `is_reader_export` saw
    intake = Intake()
    for item, where in intake.objects(items, name):
        entry = raw(item, where)
        source = plain_title(entry.source)[:MAX_NAME]
        intake.take(entry, source=source or host_of(entry.link))
        if intake.is_full:
            yield from _by_feed(intake.parsed(name, Feed(url="")))
    if not intake.seen:
        intake.note(name, "holds no article")
    yield from _by_feed(intake.parsed(name, Feed(url="")))


def _by_feed(part: ParsedSource) -> Iterator[ParsedSource]:
    """Yield the entries of each feed; the first takes what was rejected or noted."""
    feeds: dict[str, list[Entry]] = {}
    for entry in part.entries:
        feeds.setdefault(entry.feed, []).append(entry)
    yield replace(part, entries=())
    for url, entries in feeds.items():
        yield ParsedSource(part.name, Feed(url=url, title=entries[0].source), tuple(entries))


def _google(item: Mapping[str, object], where: str) -> RawEntry:
    origin = _object(item, "origin")
    stream = text_of(origin, "streamId")
    body = text_of(_object(item, "content"), "content")
    summary = text_of(_object(item, "summary"), "content")
    return RawEntry(
        where=where,
        link=_link(item, "canonical") or _link(item, "alternate"),
        title=text_of(item, "title"),
        description=summary,
        body=body or summary,
        date=_moment(item.get("published")),
        guid=text_of(item, "id"),
        source=text_of(origin, "title"),
        feed=feed_address(
            text_of(origin, "feedUrl")
            or (stream.removeprefix("feed/") if stream.startswith("feed/http") else "")
        ),
        categories=tuple(_labels(texts_in(item.get("categories")))),
    )


def _miniflux(item: Mapping[str, object], where: str) -> RawEntry:
    feed = _object(item, "feed")
    return RawEntry(
        where=where,
        link=text_of(item, "url"),
        title=text_of(item, "title"),
        body=text_of(item, "content"),
        date=text_of(item, "published_at") or None,
        guid=text_of(item, "hash"),
        source=text_of(feed, "title"),
        feed=feed_address(text_of(feed, "feed_url")),
        categories=texts_in(item.get("tags")),
    )


def _labels(names: Sequence[str]) -> Iterator[str]:
    """Yield labels and the feed's own categories; states as `read` and `starred` are neither."""
    for name in names:
        label = _LABEL.fullmatch(name)
        if label or not name.startswith("user/"):
            yield label[1] if label else name


def _link(item: Mapping[str, object], key: str) -> str:
    links = item.get(key)
    first = links[0] if isinstance(links, list) and links else None
    return text_of(first, "href") if isinstance(first, dict) else ""


def _moment(value: object) -> datetime | str | None:
    """Return a moment that is told in seconds or milliseconds since 1970, or as text."""
    if isinstance(value, str) and not value.strip().isdigit():
        return value or None
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
        seconds = number / 1_000 if number > _MILLISECONDS else number
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):  # no year that there is
        return None


def _object(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}
