"""Parses feeds: RSS, RDF and Atom through feedparser; JSON Feed; news sitemaps."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from ingest.archives.json_days import load_json
from ingest.clean import MAX_NAME, capped, plain, plain_title
from ingest.dates.parse import reads_day_first
from ingest.encoding import decode_xml
from ingest.formats.sitemap import is_sitemap, read_sitemap
from ingest.intake import Intake, RawEntry, claimed_language, feed_address, text_of
from ingest.parsed_source import ParsedSource, UnreadableError, joined
from ingest.parsing.limits import SECONDS, Budget, why_failed
from ingest.parsing.xml_batches import Batch, batches, with_short_head
from ingest.urls import host_of
from ingest.xml_text import mended, with_markup_escaped
from models.article import Rejection
from models.feed import Feed

MAX_TAGS = 1_000_000
"""Tags of one feed, also those within its texts; more are an attack on the parser."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MEDIA_RSS = re.compile(r"xmlns:([A-Za-z_][\w.-]{0,30})=[\"']https?://search\.yahoo\.com/mrss/?")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)
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
        yield from _read_json(data, name, url, content_type)
    else:
        yield from _read_xml(data, name, url, content_type, seconds)


def _read_json(data: bytes, name: str, url: str, content_type: str) -> Iterator[ParsedSource]:
    from ingest.jsonfeed import read_json_feed

    text, remark = decode_xml(data, content_type)
    notes = (Rejection(name, remark),) if remark else ()
    for part in read_json_feed(load_json(text.encode("utf-8", "replace")), name, url):
        yield replace(part, notes=notes + part.notes)
        notes = ()


def _read_xml(
    data: bytes, name: str, url: str, content_type: str, seconds: float
) -> Iterator[ParsedSource]:
    """Read RSS or Atom, channel first, then entries; raises UnreadableError where it is neither."""
    if data.count(b"<") > MAX_TAGS:
        raise UnreadableError(f"has more than {MAX_TAGS:,} tags")
    budget = Budget(seconds=seconds)
    text, remark = decode_xml(data, content_type)
    if is_sitemap(text):
        yield from read_sitemap(text, name, url, budget)
        return
    text = with_short_head(_with_captions_apart(mended(text)))
    batched = batches(text.encode("utf-8", "replace"))
    parsed = _parse(next(batched.parts).data, url)
    if not _is_feed(parsed):
        raise UnreadableError("is not a feed (RSS, Atom or JSON Feed)")
    channel = parsed.feed
    address = feed_address(url or _self_link(channel) or text_of(channel, "link") or name)
    title = plain_title(text_of(channel, "title"))[:MAX_NAME]
    language = claimed_language(text_of(channel, "language"))
    feed = Feed(url=address, title=title, language=language)
    intake = Intake(budget=budget)
    for note in (remark, *batched.cut):
        if note:
            intake.note(name, note)
    base = url or _self_link(channel) or text_of(channel, "link")
    day_first = reads_day_first(
        (date for item in parsed.entries for date in _dates(item)), language
    )
    for item in _entries(parsed, batched.parts, url):
        if intake.stops(name):
            break
        named = item.get("source")
        own = plain_title(text_of(named, "title"))[:MAX_NAME] if isinstance(named, Mapping) else ""
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
    if not intake.seen:
        intake.note(name, "is a feed without entries")
    _tell_faults(parsed, intake, name)
    yield intake.parsed(name, feed)


def _tell_faults(parsed: Any, intake: Intake, name: str) -> None:
    """Keep what is wrong with a feed that was read all the same."""
    if not parsed.bozo:
        return
    fault = capped(plain(str(parsed.bozo_exception)), 100)
    if any(sign in fault for sign in _CUT):
        intake.cut = True
        intake.reject(name, f"is cut off; what stood before the cut was read ({fault})")
    elif any(sign in fault for sign in _BROKEN):
        intake.note(name, f"is broken XML, read as far as it goes ({fault})")


def _entries(first: Any, others: Iterator[Batch], url: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of a feed, of each batch as it is parsed."""
    yield from first.entries
    first.entries = []
    for batch in others:
        yield from _parse(batch.data, url).entries


def _parse(data: bytes, url: str) -> Any:
    """Parse UTF-8; a feed that no parser of XML takes is tried with its markup escaped, too."""
    parsed = _parse_once(data, url)
    if parsed.bozo and any(sign in str(parsed.bozo_exception) for sign in _BROKEN):
        escaped = with_markup_escaped(data.decode("utf-8", "replace"))
        again = _parse_once(escaped.encode("utf-8", "replace"), url)
        if not again.bozo and len(again.entries) >= len(parsed.entries):
            return again
    return parsed


def _parse_once(data: bytes, url: str) -> Any:
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
        raise UnreadableError(why_failed(error)) from error


def _with_captions_apart(text: str) -> str:
    """Return the feed with titles and descriptions of media under names of their own.

    feedparser takes them for those of the entry (Media RSS 1.5, rssboard.org/media-rss).
    """
    for prefix in set(_MEDIA_RSS.findall(text)):
        text = re.sub(
            rf"(</?{re.escape(prefix)}:)(title|description)(?=[\s/>])", r"\1slugline_\2", text
        )
    return text


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
    body = "\n".join(text_of(content, "value") for content in item.get("content", ()))
    summary = text_of(item, "summary")
    if not summary and not body and not _shows_pictures(item):
        summary = text_of(item, "media_slugline_description")
    return RawEntry(
        where=where,
        link=_link(item, base),
        title=text_of(item, "title") or text_of(item, "media_slugline_title"),
        description=summary,
        date=dates[0] if dates else None,
        later_dates=dates[1:],
        day_first=day_first,
        guid=text_of(item, "id"),
        body=body,
        language=text_of((item.get("content") or [{}])[0], "language") or language,
        source=source,
        feed=feed,
        categories=tuple(text_of(tag, "term") for tag in item.get("tags", ())),
    )


def _shows_pictures(item: Mapping[str, Any]) -> bool:
    """Say whether what is told of an entry's media is told of pictures: then it is a caption."""
    return any(
        text_of(media, "medium") == "image"
        or text_of(media, "type").startswith("image/")
        or _PICTURE.search(text_of(media, "url"))
        for media in item.get("media_content", ())
        if isinstance(media, Mapping)
    )


def _dates(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the dates of an entry as they are written, that of publication first."""
    names = ("published", "updated", "created")
    # Asked for `updated`, feedparser would answer with `published` and a warning.
    return tuple(
        dict.fromkeys(text for name in names if name in item and (text := text_of(item, name)))
    )


def _link(item: Mapping[str, Any], base: str) -> str:
    """Return the link of an entry, made whole; a podcast's episode may only have its recording."""
    link = text_of(item, "link")
    if not link and not text_of(item, "id").startswith(("http://", "https://")):
        link = next((text_of(each, "href") for each in item.get("enclosures", ())), "")
    if link and base and not _SCHEME.match(link):
        try:
            return urljoin(base, link)
        except ValueError:
            return link
    return link


def _self_link(channel: Mapping[str, Any]) -> str:
    for link in channel.get("links", ()):
        if link.get("rel") == "self" and text_of(link, "href").startswith(("http://", "https://")):
            return text_of(link, "href")
    return ""
