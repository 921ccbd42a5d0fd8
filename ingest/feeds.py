"""RSS, RDF, Atom and their many dialects, through feedparser; JSON Feed beside them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from ingest.archive_json import load_json
from ingest.clean import MAX_NAME, capped, plain
from ingest.dates import reads_day_first
from ingest.intake import Intake, RawEntry, claimed_language, feed_address, summary_and_text
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.urls import host_of
from models.feed import Feed

MAX_ENTRIES = 20_000
"""Entries of one feed that are read."""
MAX_TAGS = 1_000_000
"""Tags of one feed, also those within its texts; more are an attack on the parser."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DECLARATION = re.compile(rb"^[^<]{0,20}<\?xml[^>]{0,200}\?>")
_CUT = ("no element found", "unclosed token", "unclosed CDATA")
_BROKEN = ("not well-formed", "mismatched tag", "invalid token", "undefined entity", "syntax error")


def read_feed(data: bytes, name: str, url: str = "", content_type: str = "") -> ParsedSource:
    """Read one feed of any kind; raises UnreadableError where the bytes are no feed.

    `name` is what a person knows the feed by, `url` its address ("" where only the feed says it).
    """
    if not data.strip(b" \t\r\n\0"):
        raise UnreadableError("is empty")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        from ingest.jsonfeed import read_json_feed

        return read_json_feed(load_json(data), name, url)
    return _read_xml(data, name, url, content_type)


def _read_xml(data: bytes, name: str, url: str, content_type: str) -> ParsedSource:
    """Read RSS or Atom, channel first, then entries; raises UnreadableError where it is neither."""
    if data.count(b"<") > MAX_TAGS:
        raise UnreadableError(f"has more than {MAX_TAGS:,} tags")
    parsed = _parse(data, url, content_type)
    if not _is_feed(parsed):
        parsed = _parse(_DECLARATION.sub(b"", data, count=1), url, "application/xml; charset=utf-8")
    if not _is_feed(parsed):
        raise UnreadableError("is not a feed (RSS, Atom or JSON Feed)")
    channel = parsed.feed
    address = feed_address(url or _self_link(channel) or _text(channel, "link") or name)
    title = plain(_text(channel, "title"))[:MAX_NAME]
    language = claimed_language(_text(channel, "language"))
    intake = Intake()
    base = url or _self_link(channel) or _text(channel, "link")
    entries = parsed.entries[:MAX_ENTRIES]
    day_first = reads_day_first((text for item in entries for text in _dates(item)), language)
    for n, item in enumerate(entries, 1):
        where = f"{name}, entry {n}"
        named = item.get("source")
        own = plain(_text(named, "title"))[:MAX_NAME] if isinstance(named, Mapping) else ""
        intake.take(
            _raw(
                item,
                where,
                feed=address,
                source=own or title or host_of(address),
                language=language,
                base=base,
                day_first=day_first,
            )
        )
    if len(parsed.entries) > MAX_ENTRIES:
        rest = len(parsed.entries) - MAX_ENTRIES
        intake.reject(name, f"has {rest:,} entries more than the {MAX_ENTRIES:,} that are read")
    if parsed.bozo:
        fault = capped(plain(str(parsed.bozo_exception)), 100)
        if any(sign in fault for sign in _CUT):
            intake.reject(name, f"is cut off; what stood before the cut was read ({fault})")
        elif any(sign in fault for sign in _BROKEN):
            intake.note(name, f"is broken XML, read as far as it goes ({fault})")
    return intake.parsed(name, Feed(url=address, title=title, language=language))


def _parse(data: bytes, url: str, content_type: str) -> Any:
    import feedparser

    headers = {"content-type": content_type or "application/xml"}
    if url:
        headers["content-location"] = url
    try:
        return feedparser.parse(  # a stream: for bytes it would ask the disk and the network
            io.BytesIO(data),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # whatever a feed makes the parser do, it costs no other feed
        raise UnreadableError(f"can't be parsed ({type(error).__name__}: {error})") from error


def _is_feed(parsed: Mapping[str, Any]) -> bool:
    return bool(parsed.get("version") or parsed.get("entries"))


def _raw(
    item: dict[str, Any],
    where: str,
    feed: str,
    source: str,
    language: str,
    base: str,
    day_first: bool | None,
) -> RawEntry:
    """Return an entry as it stands in a feed, nothing cleaned yet."""
    dates = _dates(item)
    body = "\n".join(_text(content, "value") for content in item.get("content", ()))
    summary = _text(item, "summary")
    summary, body = summary_and_text(summary, body)
    return RawEntry(
        where=where,
        link=_link(item, base),
        title=_text(item, "title"),
        description=summary,
        date=dates[0] if dates else None,
        later_dates=dates[1:],
        day_first=day_first,
        guid=_text(item, "id"),
        body=body,
        language=_text((item.get("content") or [{}])[0], "language") or language,
        source=source,
        feed=feed,
        categories=tuple(_text(tag, "term") for tag in item.get("tags", ())),
    )


def _dates(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the dates of an entry as they are written, that of publication first."""
    names = ("published", "updated", "created")
    # Asked for `updated`, feedparser would answer with `published` and a warning.
    return tuple(
        dict.fromkeys(text for name in names if name in item and (text := _text(item, name)))
    )


def _link(item: Mapping[str, Any], base: str) -> str:
    """Return the link of an entry, made whole; a podcast's episode may only have its recording."""
    link = _text(item, "link")
    if not link and not _text(item, "id").startswith(("http://", "https://")):
        link = next((_text(each, "href") for each in item.get("enclosures", ())), "")
    if link and base and not _SCHEME.match(link):
        try:
            return urljoin(base, link)
        except ValueError:
            return link
    return link


def _self_link(channel: Mapping[str, Any]) -> str:
    for link in channel.get("links", ()):
        if link.get("rel") == "self" and _text(link, "href").startswith(("http://", "https://")):
            return _text(link, "href")
    return ""


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""
