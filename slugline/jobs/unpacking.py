"""Unpacks a backup as untrusted input: counts, sizes and ratios are limited."""

from __future__ import annotations

import json
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from models.errors import SourceError

MOST_FILES = 200
LARGEST_DIRECTORY = 200_000
"""Bytes of a ZIP's list of its files; Python reads it whole, at several times the size."""
LARGEST_LABEL = 100_000
LARGEST_SETTINGS = 1_000_000
LARGEST_MODEL_FILE = 200_000_000
MOST_RATIO = 200
"""How many times its packed size a file may have; a store of text has five to ten times."""
SPARE = 50_000_000
"""Bytes of the disk that stay free."""
_BLOCK = 1 << 20
_END, _LOCATOR, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"


def check_directory(place: Path) -> None:
    """Raise SourceError where a ZIP's list of files is too long to be read, before it is."""
    with place.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) - at < 22:
            raise SourceError(f"{place}: is not a Slugline backup.")
        count, length = struct.unpack("<HL", tail[at + 10 : at + 16])
        if at >= 20 and tail[at - 20 : at - 16] == _LOCATOR:
            # The larger form, which Python believes where it is there.
            offset = struct.unpack("<Q", tail[at - 12 : at - 4])[0]
            file.seek(max(0, size - len(tail) + at - 76))
            found = file.read(56)
            if len(found) == 56 and found[:4] == _END64 and offset < size:
                count, length = struct.unpack("<QQ", found[32:48])
    if count > MOST_FILES or length > LARGEST_DIRECTORY:
        raise SourceError(
            f"{place}: lists {count:,} files; a backup has {MOST_FILES} at most. Nothing was taken."
        )


def read_label(archive: zipfile.ZipFile, name: str) -> dict[str, object]:
    """Return what a backup says of itself; raises ValueError or KeyError where it says nothing."""
    with archive.open(name) as file:
        text = file.read(LARGEST_LABEL + 1)
    if len(text) > LARGEST_LABEL:
        raise ValueError("the label is too long")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("the label is not an object")
    return found


def unpack(
    archive: zipfile.ZipFile,
    place: Path,
    folder: Path,
    belongs: Callable[[str], bool],
    largest: Callable[[str], int | None],
) -> None:
    """Unpack what belongs to a backup into a folder, in pieces, each byte held to its checksum.

    `largest` gives the bytes that a file may have, None where only the disk limits it. Raises
    SourceError for what is more than that, or claims to be.
    """
    members = [one for one in archive.infolist() if belongs(one.filename)]
    names = [one.filename for one in members]
    if len(set(names)) < len(names):
        raise SourceError(f"{place}: has two files of one name. Nothing was taken.")
    for one in members:
        if stat.S_ISLNK(one.external_attr >> 16):
            raise SourceError(f"{place}: {one.filename} is a link. Nothing was taken.")
        cap = largest(one.filename)
        if cap is not None and one.file_size > cap:
            raise SourceError(
                f"{place}: {one.filename} has {one.file_size:,} bytes; {cap:,} are the most. "
                "Nothing was taken."
            )
        if one.file_size > _BLOCK and one.file_size > MOST_RATIO * one.compress_size:
            raise SourceError(
                f"{place}: {one.filename} becomes {one.file_size:,} bytes of "
                f"{one.compress_size:,}, as no backup does. Nothing was taken."
            )
    needed, free = sum(one.file_size for one in members), shutil.disk_usage(folder).free
    if needed + SPARE > free:
        raise SourceError(
            f"{place}: needs {needed / 1e6:,.0f} MB; {folder.parent} has {free / 1e6:,.0f} MB free."
        )
    for one in members:
        target = folder / one.filename
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with archive.open(one) as packed, target.open("xb") as file:
            target.chmod(0o600)
            _copy(packed, file, one.file_size)


def _copy(packed: IO[bytes], file: IO[bytes], size: int) -> None:
    """Copy in pieces; raises BadZipFile where there is more than was said."""
    while block := packed.read(_BLOCK):
        size -= len(block)
        if size < 0:
            raise zipfile.BadZipFile("a file is larger than it says")
        file.write(block)
