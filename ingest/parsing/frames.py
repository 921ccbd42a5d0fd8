"""The messages between a process and its parser: length-prefixed MessagePack."""

from __future__ import annotations

from typing import IO

import msgspec

from ingest.formats.page_feeds import Offer
from ingest.formats.page_text import PageText
from ingest.opml import Outlines
from ingest.parsed_source import ParsedSource, ZipListing
from models.feed import Selectors

LENGTH = 8
"""Bytes of the length before a frame."""


class ReadFeed(msgspec.Struct, frozen=True, tag=True):
    """Read a feed's bytes, as `ingest.feeds.read_parts` takes them."""

    data: bytes
    name: str
    url: str = ""
    content_type: str = ""


class ReadFile(msgspec.Struct, frozen=True, tag=True):
    """Read a file of entries: a feed, a table, an export of ours."""

    path: str
    name: str
    columns: dict[str, str] | None = None


class ReadMail(msgspec.Struct, frozen=True, tag=True):
    """Read a message, by its bytes."""

    data: bytes
    name: str


class ReadPair(msgspec.Struct, frozen=True, tag=True):
    """Read a feed's day of an archive in a directory or ZIP, `.json` and `.md`."""

    root: str
    json_name: str | None
    md_name: str | None


class ListZip(msgspec.Struct, frozen=True, tag=True):
    """Tell what a ZIP holds."""

    path: str


class ReadPage(msgspec.Struct, frozen=True, tag=True):
    """Read a page as a feed, by selectors."""

    page: bytes
    name: str
    url: str
    content_type: str
    selectors: Selectors


class ReadOutlines(msgspec.Struct, frozen=True, tag=True):
    """Read an OPML file, by its bytes."""

    data: bytes


class FindOffers(msgspec.Struct, frozen=True, tag=True):
    """Find the feeds that a page names."""

    page: bytes
    url: str


class ExtractText(msgspec.Struct, frozen=True, tag=True):
    """Take the text of an article out of its page."""

    page: bytes
    url: str


Entries = ReadFeed | ReadFile | ReadMail | ReadPair | ReadPage
"""Tasks that bring entries."""
Task = Entries | ListZip | ReadOutlines | FindOffers | ExtractText


class Job(msgspec.Struct, frozen=True):
    """A task, and the seconds of processor time that each part of it may take."""

    task: Task
    seconds: float


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of what a task brings, or why it can't be done; `last` where no more comes.

    `place` is what an error of a whole source is about, None where the error is of a file.
    `is_swollen` says that the process is not fit for another task.
    """

    part: ParsedSource | None = None
    listing: ZipListing | None = None
    outlines: Outlines | None = None
    offers: tuple[Offer, ...] = ()
    page: PageText | None = None
    error: str = ""
    place: str | None = None
    last: bool = False
    is_swollen: bool = False


def write(message: Job | Result, stream: IO[bytes]) -> None:
    """Write a message as it goes over the pipe."""
    body = msgspec.msgpack.encode(message)
    stream.write(len(body).to_bytes(LENGTH, "big"))
    stream.write(body)
    stream.flush()


def read_job(stream: IO[bytes]) -> Job | None:
    """Return the next job, None where the other process has closed the pipe."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        return None
    return msgspec.msgpack.decode(stream.read(int.from_bytes(head, "big")), type=Job)


def unpacked(body: bytes) -> Result:
    """Return a result; raises msgspec.ValidationError for anything else."""
    return msgspec.msgpack.decode(body, type=Result)
