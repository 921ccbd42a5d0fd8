"""The files of an export as streams: no file is held in memory as a whole.

A format gives each file as a path and its pieces; the pieces of one are taken before the next file
is asked for. Where they go, a directory, a ZIP or a connection, is not the format's business.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from export.record import Record
from export.write_options import WriteOptions

Pieces = Iterable[str] | Iterable[bytes]
OutputFile = tuple[str, Pieces]
"""A path within the export, "" where the export is this one file, and what is in it."""

BLOCK = 1 << 16
"""Bytes that are written or sent at a time; pieces are often a line."""
PACKED = frozenset({".parquet", ".spacy"})
"""Endings of files that are compressed already."""


class OneFile(ABC):
    """The base of formats that are one file, written from its beginning to its end."""

    @abstractmethod
    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Pieces:
        """Yield the contents of the file."""

    def files(self, records: Iterable[Record], options: WriteOptions) -> Iterator[OutputFile]:
        """Yield the one file."""
        yield "", self.chunks(records, options)


class BuiltFile(ABC):
    """The base of formats that are one file whose beginning is only known at the end."""

    @abstractmethod
    def write(self, records: Iterable[Record], out: Path, options: WriteOptions) -> None:
        """Write all records to the file `out`, which is not there yet."""

    def files(self, records: Iterable[Record], options: WriteOptions) -> Iterator[OutputFile]:
        """Yield the one file, once it is built in a temporary directory."""
        with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
            out = Path(folder) / "file"
            self.write(records, out, options)
            yield "", contents(out)


class Sink(io.RawIOBase):
    """A file to write to from which what was written is taken at once."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []
        self._size = self._place = 0

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def write(self, data: object) -> int:
        """Keep a copy of some bytes until they are taken."""
        held = bytes(data)  # type: ignore[call-overload]  # any buffer
        self._held.append(held)
        self._size += len(held)
        self._place += len(held)
        return len(held)

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._place

    def take(self) -> bytes:
        """Return what was written since the last time."""
        data = b"".join(self._held)
        self._held.clear()
        self._size = 0
        return data

    @property
    def held(self) -> int:
        """How many bytes can be taken."""
        return self._size


class HashedBlocks:
    """The pieces of a file in blocks of bytes, counted and hashed while they pass."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in blocks(self._pieces):
            self._hash.update(block)
            self.size += len(block)
            yield block

    @property
    def sha256(self) -> str:
        """The checksum of what has passed."""
        return self._hash.hexdigest()


def blocks(pieces: Pieces) -> Iterator[bytes]:
    """Yield pieces as bytes, small ones together."""
    held: list[str | bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield _joined(held)
            held, size = [], 0
    if size:
        yield _joined(held)


def _joined(pieces: list[Any]) -> bytes:
    return "".join(pieces).encode() if isinstance(pieces[0], str) else b"".join(pieces)


def contents(path: Path) -> Iterator[bytes]:
    """Yield the contents of a file."""
    with path.open("rb") as file:
        while data := file.read(1 << 20):
            yield data


def zipped(files: Iterable[OutputFile], folder: str) -> Iterator[bytes]:
    """Yield a ZIP archive of some files under a folder, while they are being made.

    The same files give the same bytes: the entries have no date.
    """
    sink = Sink()
    with ZipFile(sink, "w") as archive:
        for path, pieces in files:
            entry = ZipInfo(f"{folder}/{path}")
            entry.compress_type = ZIP_STORED if Path(path).suffix in PACKED else ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            # How large a file becomes is not known before; it may go beyond 4 GB.
            with archive.open(entry, "w", force_zip64=True) as inside:
                for block in blocks(pieces):
                    inside.write(block)
                    if sink.held >= BLOCK:
                        yield sink.take()
    yield sink.take()
