"""Archives of the RSS-Link-Database: a .json and a .md for each feed and day, in a folder or ZIP.

The .json is read; the .md only where no usable .json stands beside it, since both tell the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from ingest.archives import json_days as archive_json
from ingest.archives import markdown_days as archive_markdown
from ingest.clean import MAX_NAME, plain
from ingest.encoding import as_utf8
from ingest.formats.reader_json import is_reader_export, read_reader_export
from ingest.intake import Intake, RawEntry, claimed_language, feed_address
from ingest.jsonfeed import is_json_feed, read_json_feed
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.parsing.limits import why_failed
from ingest.urls import host_of
from models.article import Entry, Rejection
from models.feed import Feed

MAX_FILE = 50_000_000
"""Bytes of one file of an archive; a larger one is refused by name."""

HEADER = 4_000
"""Bytes that the first line of a .md is looked for in."""

NOT_ARTICLES = frozenset({"keywords.json", "sources.json", "readme.md"})
"""Files of the archive that tell about a day or about the archive itself, not of articles."""


class FileSource(Protocol):
    """Files by name, as a directory or a ZIP has them."""

    def read(self, name: str) -> bytes:
        """Return the file's bytes; raises UnreadableError where that can't or mustn't be."""


def is_article_file(name: str) -> bool:
    """Say whether a file of this name may hold articles of an archive."""
    lower = name.lower()
    return lower.endswith((".json", ".md")) and lower.rpartition("/")[2] not in NOT_ARTICLES


def stem(name: str) -> str:
    """Return the name without its last suffix: the same for a .json and the .md beside it."""
    return name.rpartition(".")[0]


def pair(names: Iterable[str]) -> list[tuple[str | None, str | None]]:
    """Return (.json, .md) for each feed and day, in the order of their names."""
    pairs: dict[str, tuple[str | None, str | None]] = {}
    for name in sorted(filter(is_article_file, names)):
        old_json, old_md = pairs.get(stem(name), (None, None))
        is_json = name.lower().endswith(".json")
        pairs[stem(name)] = (name, old_md) if is_json else (old_json, name)
    return list(pairs.values())


def read_pair(
    files: FileSource, json_name: str | None, md_name: str | None
) -> Iterator[ParsedSource]:
    """Read one feed's day: the .json where it can be used, else the .md beside it.

    A large file comes in several parts. Whatever a file does to its reader is a rejection, and
    costs no other file.
    """
    try:
        yield from _read_pair(files, json_name, md_name)
    except Exception as error:
        yield unreadable(json_name or md_name or "", error)


def unreadable(name: str, error: Exception) -> ParsedSource:
    """Return what is handed over for a file whose reader failed in a way that nobody foresaw."""
    return refused(name, why_failed(error))


def refused(name: str, reason: str) -> ParsedSource:
    """Return what is handed over for a file of which nothing is taken."""
    return ParsedSource(name, Feed(url=""), rejections=(Rejection(name, reason),))


def _read_pair(
    files: FileSource, json_name: str | None, md_name: str | None
) -> Iterator[ParsedSource]:
    """Read the .json of a pair; where it can't be used the .md, with a rejection that says so."""
    failed: tuple[Rejection, ...] = ()
    if json_name:
        try:
            data, remark = as_utf8(files.read(json_name))
            content = archive_json.load_json(data)
            if is_json_feed(content):
                parts = read_json_feed(content, json_name)
            elif is_reader_export(content):
                parts = read_reader_export(content, json_name)
            else:
                rows = archive_json.read_rows(content, json_name)
                parts = _parts(json_name, rows, lambda: _header_beside(files, md_name))
            yield from _with_note(parts, json_name, remark)
        except UnreadableError as error:
            failed = (Rejection(json_name, str(error)),)
            if not md_name:
                yield ParsedSource(json_name, Feed(url=""), rejections=failed)
        else:
            return
    if md_name:
        for part in _read_markdown(files, md_name):
            yield replace(part, rejections=failed + part.rejections)
            failed = ()


def _read_markdown(files: FileSource, name: str) -> Iterator[ParsedSource]:
    try:
        data, remark = as_utf8(files.read(name))
        archive_markdown.check_text(data)
        rows = archive_markdown.read_rows(archive_markdown.lines_of(data), name)
        yield from _with_note(_parts(name, rows, lambda: _header(data)), name, remark)
    except UnreadableError as error:
        yield refused(name, str(error))


def _with_note(parts: Iterator[ParsedSource], name: str, remark: str) -> Iterator[ParsedSource]:
    """Yield parts, the first with a remark on the whole file, if there is one."""
    notes = (Rejection(name, remark),) if remark else ()
    for part in parts:
        yield replace(part, notes=notes + part.notes)
        notes = ()


def _header(data: bytes) -> archive_markdown.Header:
    return archive_markdown.read_header(data[:HEADER].decode("utf-8-sig", "replace"))


def _header_beside(files: FileSource, md_name: str | None) -> archive_markdown.Header:
    """Return the header of the .md beside a .json."""
    if md_name:
        with suppress(UnreadableError):
            return _header(as_utf8(files.read(md_name)[:HEADER])[0])
    return archive_markdown.Header()


def _parts(
    name: str,
    rows: Iterable[RawEntry | Rejection],
    read_header: Callable[[], archive_markdown.Header],
) -> Iterator[ParsedSource]:
    """Yield rows as they pass the gate; the header is read only if an entry lacks its source."""
    intake = Intake(dates_are_sure=True)
    header: archive_markdown.Header | None = None
    feed: Feed | None = None
    names: dict[str, str] = {}
    for row in rows:
        if intake.stops(name):
            break
        if isinstance(row, Rejection):
            intake.reject(row.where, row.reason)
            continue
        key = row.source or row.feed
        if header is None and not row.source:
            header = read_header()
        known = header or archive_markdown.Header()
        if key not in names:
            names[key] = (
                plain(row.source)[:MAX_NAME]
                or plain(known.name)[:MAX_NAME]
                or host_of(row.feed or row.link)
            )
        intake.take(row, source=names[key], language=known.language)
        if feed is None and intake.entries:
            feed = _feed(header or read_header(), intake.entries[0])
        if intake.is_full:
            yield intake.parsed(name, feed or Feed(url=""))
    if not intake.seen:
        intake.note(name, "holds no entry")
    yield intake.parsed(name, feed or _feed(header or read_header(), None))


def _feed(header: archive_markdown.Header, first: Entry | None) -> Feed:
    """Return the feed that a file is of, by its header and the first entry taken."""
    return Feed(
        url=feed_address(header.url) or (first.feed if first else ""),
        title=plain(header.name)[:MAX_NAME] or (first.source if first else ""),
        language=claimed_language(header.language) or (first.language if first else ""),
    )
