"""Dispatches each parsing task to the parser for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from ingest.parsed_source import ParsedSource, ZipListing
from ingest.parsing.frames import (
    Entries,
    ExtractText,
    FindOffers,
    ListZip,
    ReadFeed,
    ReadFile,
    ReadMail,
    ReadOutlines,
    ReadPage,
    ReadPair,
    Result,
    Task,
)
from ingest.parsing.limits import SECONDS

if TYPE_CHECKING:
    from ingest.files import Zip


def results(task: Task, seconds: float = SECONDS) -> Iterator[Result]:
    """Yield what a task brings; raises UnreadableError, or SourceError for a whole source."""
    match task:
        case ListZip():
            yield Result(listing=_listing(task))
        case ReadOutlines():
            from ingest.opml import read_opml

            yield Result(outlines=read_opml(task.data))
        case FindOffers():
            from ingest.formats.page_feeds import offered

            yield Result(offers=tuple(offered(task.page, task.url)))
        case ExtractText():
            from ingest.formats.page_text import text_of

            yield Result(page=text_of(task.page, task.url))
        case _:
            for part in _parts(task, seconds):
                yield Result(part)


def _parts(task: Entries, seconds: float) -> Iterator[ParsedSource]:
    """Yield the entries of what holds entries."""
    match task:
        case ReadFeed():
            from ingest.feeds import read_parts

            yield from read_parts(task.data, task.name, task.url, task.content_type, seconds)
        case ReadFile():
            yield from _file(task, seconds)
        case ReadPair():
            yield from _pair(task)
        case ReadMail():
            from ingest.formats.mail import read_message

            yield read_message(task.data, task.name)
        case ReadPage():
            from ingest.formats.page_items import read_page_items

            yield from read_page_items(
                task.page, task.name, task.url, task.content_type, task.selectors, seconds
            )
        case _:
            assert_never(task)


def _file(task: ReadFile, seconds: float) -> Iterator[ParsedSource]:
    """Read a file as its ending says, or as a feed where that says nothing."""
    from ingest import own_export
    from ingest.feeds import read_parts
    from ingest.files import read_file
    from ingest.formats import table
    from ingest.formats.warc import is_warc, read_warc

    path = Path(task.path)
    suffix = path.suffix.lower()
    if suffix in table.SUFFIXES or (task.columns and suffix in table.LINES):
        yield from table.read_table(path, task.name, task.columns)
    elif is_warc(path):
        yield from read_warc(path, task.name)
    elif suffix in own_export.SUFFIXES:
        yield from own_export.read(path, task.name)
    else:
        yield from read_parts(read_file(path), task.name, "", "", seconds)


def _pair(task: ReadPair) -> Iterator[ParsedSource]:
    from ingest.archives.reader import read_pair
    from ingest.files import Directory

    root = Path(task.root)
    files = Directory(root) if root.is_dir() else _zip(task.root, root.stat().st_mtime_ns)
    yield from read_pair(files, task.json_name, task.md_name)


def _listing(task: ListZip) -> ZipListing:
    from ingest.archives.reader import pair

    files = _zip(task.path, Path(task.path).stat().st_mtime_ns)
    return ZipListing(tuple(pair(files.names())), files.refused())


@lru_cache(maxsize=1)
def _zip(path: str, changed: int) -> Zip:  # noqa: ARG001 - one that changed is opened again
    """Open a ZIP once for all that is read of it: its directory may be long."""
    from ingest.files import Zip

    return Zip(Path(path))
