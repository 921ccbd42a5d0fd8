"""Decompresses response bodies up to a limit, so that a bomb does no harm."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import IO, cast

from ingest.parsed_source import UnreadableError

ENCODINGS = "gzip, deflate, br, zstd"
"""What we tell servers that we read (Accept-Encoding)."""

_STEP = 65_536
_LAYERS = 2
_WINDOW = 8 * 1024 * 1024  # what RFC 9659 asks of receivers


def decoded(pieces: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """Yield the body's bytes; raises UnreadableError past `limit` bytes or where it is damaged.

    `encoding` is the Content-Encoding header; encodings are undone in the reverse of their order.
    """
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    names = [name for name in names if name != "identity"]
    if len(names) > _LAYERS:
        raise UnreadableError(f"is packed {len(names)} times over")
    stream: Iterable[bytes] = pieces
    for name in reversed(names):
        stream = _unpacked(stream, name)
    total = 0
    for piece in stream:
        total += len(piece)
        if total > limit:
            raise UnreadableError(f"is larger than {limit // 1_000_000:,} MB")
        yield piece


def _unpacked(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    if name in {"gzip", "x-gzip", "deflate"}:
        return _inflated(pieces, gzip=name != "deflate")
    if name == "br":
        return _brotli(pieces)
    if name == "zstd":
        return _zstd(pieces)
    raise UnreadableError(f"is packed in an unknown way ({name[:40]!r})")


def _inflated(pieces: Iterable[bytes], *, gzip: bool) -> Iterator[bytes]:
    """Yield gzip (also of several members) or deflate unpacked, `_STEP` bytes at once at most."""
    machine = zlib.decompressobj(31 if gzip else zlib.MAX_WBITS)
    first = True
    try:
        for piece in pieces:
            rest = piece
            if first and not gzip and rest and rest[0] & 0x0F != 8:
                machine = zlib.decompressobj(-zlib.MAX_WBITS)  # deflate without its wrapping
            first = False
            while rest:
                if out := machine.decompress(rest, _STEP):
                    yield out
                if machine.eof:
                    if not gzip or not machine.unused_data.startswith(b"\x1f\x8b"):
                        return
                    rest = machine.unused_data
                    machine = zlib.decompressobj(31)
                else:
                    rest = machine.unconsumed_tail
        while out := machine.decompress(b"", _STEP):
            yield out
    except zlib.error as error:
        raise UnreadableError(f"is damaged ({error})") from None
    if not first and not machine.eof:
        raise UnreadableError("is cut off")


def _brotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    import brotli

    machine = brotli.Decompressor()
    try:
        for piece in pieces:
            out = machine.process(piece, output_buffer_limit=_STEP)
            while out or not machine.can_accept_more_data():
                yield out
                out = machine.process(b"", output_buffer_limit=_STEP)
    except brotli.error as error:
        raise UnreadableError(f"is damaged ({error})") from None
    if not machine.is_finished():
        raise UnreadableError("is cut off")


def _zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    import zstandard

    machine = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    reader = machine.stream_reader(cast("IO[bytes]", _Reader(pieces)), read_across_frames=True)
    try:
        while out := reader.read(_STEP):
            yield out
    except zstandard.ZstdError as error:
        raise UnreadableError(f"is damaged ({error})") from None


class _Reader:
    """Pieces as a file that can be read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            try:
                self._rest = next(self._pieces)
            except StopIteration:
                return b""
        if size < 0:
            size = len(self._rest)
        out, self._rest = self._rest[:size], self._rest[size:]
        return out
