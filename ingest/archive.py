"""Archives of the RSS-Link-Database: a .json and a .md for each feed and day, in a folder or ZIP.

The .json is read; the .md only where no usable .json stands beside it, since both tell the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from ingest import archive_json, archive_markdown
from ingest.clean import MAX_NAME, capped, plain
from ingest.intake import Intake, RawEntry, claimed_language, feed_address
from ingest.jsonfeed import is_json_feed, read_json_feed
from ingest.parsed_source import ParsedSource, UnreadableError
from ingest.urls import host_of
from models.article import Rejection
from models.feed import Feed

MAX_FILE = 50_000_000
"""Bytes of one file of an archive; a larger one is refused by name."""

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


def read_pair(files: FileSource, json_name: str | None, md_name: str | None) -> ParsedSource:
    """Read one feed's day: the .json where it can be used, else the .md beside it.

    Whatever a file does to its reader is a rejection, and costs no other file.
    """
    try:
        return _read_pair(files, json_name, md_name)
    except Exception as error:
        return unreadable(json_name or md_name or "", error)


def unreadable(name: str, error: Exception) -> ParsedSource:
    """Return what is handed over for a file whose reader failed in a way that nobody foresaw."""
    reason = f"can't be read ({capped(f'{type(error).__name__}: {error}', 200)})"
    return ParsedSource(name, Feed(url=""), rejections=(Rejection(name, reason),))


def _read_pair(files: FileSource, json_name: str | None, md_name: str | None) -> ParsedSource:
    """Read the .json of a pair; where it can't be used the .md, with a rejection that says so."""
    failed: tuple[Rejection, ...] = ()
    if json_name:
        try:
            content = archive_json.load_json(files.read(json_name))
            if is_json_feed(content):
                return read_json_feed(content, json_name)
            rows = archive_json.read_rows(content, json_name)
        except UnreadableError as error:
            failed = (Rejection(json_name, str(error)),)
            if not md_name:
                return ParsedSource(json_name, Feed(url=""), rejections=failed)
        else:
            return _parsed(json_name, rows, _header_beside(files, md_name, rows))
    assert md_name is not None  # noqa: S101 - pair() gives no empty pair
    part = read_markdown(files, md_name)
    return ParsedSource(part.name, part.feed, part.entries, failed + part.rejections, part.notes)


def read_markdown(files: FileSource, name: str) -> ParsedSource:
    """Read one .md file of the archive."""
    try:
        text = files.read(name).decode("utf-8-sig")
        rows = archive_markdown.read_rows(text, name)
    except UnreadableError as error:
        return ParsedSource(name, Feed(url=""), rejections=(Rejection(name, str(error)),))
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text (byte {error.start:,})"
        return ParsedSource(name, Feed(url=""), rejections=(Rejection(name, reason),))
    return _parsed(name, rows, archive_markdown.read_header(text))


def read_archive(files: FileSource, names: Iterable[str]) -> Iterator[ParsedSource]:
    """Read every feed's day on the files, one part at a time."""
    for json_name, md_name in pair(names):
        yield read_pair(files, json_name, md_name)


def _header_beside(
    files: FileSource, md_name: str | None, rows: list[RawEntry | Rejection]
) -> archive_markdown.Header:
    """Return the header of the .md beside a .json, if an entry lacks the publisher's name."""
    if md_name and any(isinstance(row, RawEntry) and not row.source for row in rows):
        try:
            head = files.read(md_name)[:4_000].decode("utf-8-sig", "replace")
        except UnreadableError:
            return archive_markdown.Header()
        return archive_markdown.read_header(head)
    return archive_markdown.Header()


def _parsed(
    name: str, rows: list[RawEntry | Rejection], header: archive_markdown.Header
) -> ParsedSource:
    """Take the rows of a file, each under its publisher's name as far as one is known."""
    intake = Intake(dates_are_sure=True)
    header_name = plain(header.name)[:MAX_NAME]
    names: dict[str, str] = {}
    for row in rows:
        if isinstance(row, Rejection):
            intake.rejections.append(row)
            continue
        key = row.source or row.feed
        if key not in names:
            names[key] = (
                plain(row.source)[:MAX_NAME] or header_name or host_of(row.feed or row.link)
            )
        intake.take(row, source=names[key], language=header.language)
    first = intake.entries[0] if intake.entries else None
    feed = Feed(
        url=feed_address(header.url) or (first.feed if first else ""),
        title=header_name or (first.source if first else ""),
        language=claimed_language(header.language) or (first.language if first else ""),
    )
    return intake.parsed(name, feed)
