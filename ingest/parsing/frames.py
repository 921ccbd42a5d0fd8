"""What goes between a process and the one that reads feeds for it: lengths and MessagePack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from ingest.parsed_source import ParsedSource

LENGTH = 8
"""Bytes of the length before a frame."""


@dataclass(frozen=True, slots=True)
class Job:
    """One feed to read, as `ingest.feeds.read_parts` takes it, and the seconds it may take."""

    data: bytes
    name: str
    url: str
    content_type: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """A part of what stood in a feed, or why it can't be read; `last` where no more comes."""

    part: ParsedSource | None = None
    error: str = ""
    last: bool = False


def packed(message: Job | Result) -> bytes:
    """Return a message as it goes over the pipe."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH, "big") + body


def read_job(stream: BinaryIO) -> Job | None:
    """Return the next job, None where the other process has closed the pipe."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        return None
    return msgspec.msgpack.decode(stream.read(int.from_bytes(head, "big")), type=Job)


def unpacked(body: bytes) -> Result:
    """Return a result; raises msgspec.ValidationError for what is none."""
    return msgspec.msgpack.decode(body, type=Result)
