"""RSS, RDF, Atom and their many dialects, through feedparser; JSON Feed beside them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from ingest.archive_json import load_json
from ingest.clean import MAX_NAME, capped, plain
from ingest.dates import reads_day_first
from ingest.intake import Intake, RawEntry, claimed_language, feed_address, summary_and_text
from ingest.parsed_source import ParsedSource, UnreadableError, joined
from ingest.parsing.limits import SECONDS, Budget
from ingest.parsing.xml_batches import Batch, batches
from ingest.parsing.xml_text import to_utf8
from ingest.urls import host_of
from models.feed import Feed

MAX_TAGS = 1_000_000
"""Tags of one feed, also those within its texts; more are an attack on the parser."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_CUT = ("no element found", "unclosed token", "unclosed CDATA")
_BROKEN = ("not well-formed", "mismatched tag", "invalid token", "undefined entity", "syntax error")


def read_feed(data: bytes, name: str, url: str = "", content_type: str = "") -> ParsedSource:
    """Read one feed of any kind as a whole; see `read_parts`."""
    return joined(read_parts(data, name, url, content_type))


def read_parts(
    data: bytes, name: str, url: str = "", content_type: str = "", seconds: float = SECONDS
) -> Iterator[ParsedSource]:
    """Read one feed of any kind, a large one in parts; raises UnreadableError where it is none.

    `name` is what a person knows the feed by, `url` its address ("" where only the feed says it);
    `seconds` of processor time are spent on it, and what is left over then is told.
    """
    if not data.strip(b" \t\r\n\0"):
        raise UnreadableError("is empty")
    if data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        from ingest.jsonfeed import read_json_feed

        yield from read_json_feed(load_json(data), name, url)
    else:
        yield from _read_xml(data, name, url, content_type, seconds)


def _read_xml(
    data: bytes, name: str, url: str, content_type: str, seconds: float
) -> Iterator[ParsedSource]:
    if data.count(b"<") > MAX_TAGS:
        raise UnreadableError(f"has more than {MAX_TAGS:,} tags")
    xml = to_utf8(data, content_type)
    batched = batches(xml.data)
    budget = Budget(seconds=seconds)
    parsed = _parse(next(batched.parts).data, url)
    if not _is_feed(parsed):
        raise UnreadableError("is not a feed (RSS, Atom or JSON Feed)")
    channel = parsed.feed
    address = feed_address(url or _self_link(channel) or _text(channel, "link") or name)
    title = plain(_text(channel, "title"))[:MAX_NAME]
    language = claimed_language(_text(channel, "language"))
    feed = Feed(url=address, title=title, language=language)
    intake = Intake(budget=budget)
    base = url or _self_link(channel) or _text(channel, "link")
    day_first = reads_day_first(
        (date for item in parsed.entries for date in _dates(item)), language
    )
    for item in _entries(parsed, batched.parts, url):
        if intake.stops(name):
            break
        named = item.get("source")
        own = plain(_text(named, "title"))[:MAX_NAME] if isinstance(named, Mapping) else ""
        intake.take(
            _raw(
                item,
                f"{name}, entry {intake.seen}",
                feed=address,
                source=own or title or host_of(address),
                language=language,
                base=base,
                day_first=day_first,
            )
        )
        if intake.is_full:
            yield intake.parsed(name, feed)
    for remark in (xml.note, *batched.cut):
        if remark:
            intake.note(name, remark)
    if parsed.bozo:
        fault = capped(plain(str(parsed.bozo_exception)), 100)
        if any(sign in fault for sign in _CUT):
            intake.reject(name, f"is cut off; what stood before the cut was read ({fault})")
        elif any(sign in fault for sign in _BROKEN):
            intake.note(name, f"is broken XML, read as far as it goes ({fault})")
    yield intake.parsed(name, feed)


def _entries(first: Any, others: Iterator[Batch], url: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of a feed, of each batch as it is parsed."""
    yield from first.entries
    first.entries = []
    for batch in others:
        yield from _parse(batch.data, url).entries


def _parse(data: bytes, url: str) -> Any:
    """Parse XML that is UTF-8 without a declaration."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
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
