"""Reads files from a directory, or from a ZIP that is streamed and never trusted."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path

from ingest.archives.reader import MAX_FILE
from ingest.parsed_source import UnreadableError
from models.article import Rejection
from models.errors import SourceError

MAX_MEMBERS = 200_000
"""Files in one ZIP; a month of the archive has 9,194."""
MAX_TOTAL = 10_000_000_000
"""Bytes that all files of one ZIP may come to; a month of the archive has 169 million."""
MAX_RATIO = 200
"""How much smaller than its content a packed file may be; text of an archive comes to 10."""
SMALL = 1_000_000
"""Bytes below which a ratio proves nothing: a short run of blanks packs very well."""


def read_file(path: Path) -> bytes:
    """Return a file's bytes; raises UnreadableError where it is too large or can't be opened."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise UnreadableError(f"can't be opened ({error.strerror})") from None
    if len(data) > MAX_FILE:
        raise UnreadableError(f"is larger than {MAX_FILE // 1_000_000} MB")
    return data


class Directory:
    """The files under a directory; links to other directories are not followed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """Return the paths of all files below, with `/`, sorted; hidden ones are passed over."""
        found = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = [f for f in folders if not f.startswith(".")]
            here = Path(folder).relative_to(self.root)
            found += [(here / f).as_posix() for f in files if not f.startswith(".")]
        return sorted(found)

    def read(self, name: str) -> bytes:
        """Return the file's bytes; raises UnreadableError."""
        return read_file(self.root / name)


class Zip:
    """The files of a ZIP. Nothing is unpacked to disk; each member is read under a cap.

    Raises SourceError where the file is no ZIP, or holds so much that nothing of it is read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise SourceError(
                f"is not a ZIP archive, or is cut off ({error}).", str(path)
            ) from None
        except OSError as error:
            raise SourceError(f"can't be opened ({error.strerror}).", str(path)) from None
        self._members = {member.filename: member for member in self._zip.infolist()}
        self._check()

    def _check(self) -> None:
        if len(self._zip.infolist()) > MAX_MEMBERS:
            self.close()
            raise SourceError(f"has more than {MAX_MEMBERS:,} files; none is read.", str(self.path))
        total = sum(member.file_size for member in self._members.values())
        if total > MAX_TOTAL:
            self.close()
            raise SourceError(f"would unpack to {total:,} bytes; nothing is read.", str(self.path))

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def names(self) -> list[str]:
        """Return the names of the files that may be read, sorted."""
        return sorted(
            name
            for name in self._members
            if not name.endswith("/") and not why_refused(self._members[name])
        )

    def refused(self) -> tuple[Rejection, ...]:
        """Return the members that are not read whatever they hold, each with its reason."""
        refused = [
            Rejection(name, why)
            for name, member in sorted(self._members.items())
            if (why := why_refused(member))
        ]
        for name, times in Counter(m.filename for m in self._zip.infolist()).items():
            if times > 1:
                refused.append(
                    Rejection(name, f"stands {times} times in the ZIP; the last is read")
                )
        return tuple(refused)

    def read(self, name: str) -> bytes:
        """Return the member's bytes; raises UnreadableError."""
        try:
            with self._zip.open(self._members[name]) as file:
                data = file.read(MAX_FILE + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            struct.error,
            EOFError,
            OSError,
            ValueError,
        ) as error:
            raise UnreadableError(f"is damaged in the ZIP ({error})") from None
        except (RuntimeError, NotImplementedError) as error:  # a password, an unknown method
            raise UnreadableError(f"can't be unpacked ({error})") from None
        if len(data) > MAX_FILE:
            raise UnreadableError(f"is larger than {MAX_FILE // 1_000_000} MB")
        return data


def why_refused(member: zipfile.ZipInfo) -> str:
    """Say why a member of a ZIP is not read at all, or ""."""
    name = member.filename
    size, packed = member.file_size, max(1, member.compress_size)
    tests = (
        (
            name.startswith("/") or "\\" in name or ":" in name[:2],
            "has an absolute or foreign path, which an archive has no business with",
        ),
        (
            ".." in name.split("/"),
            "has a path with `..`, which leads out of the archive",
        ),
        (stat.S_ISLNK(member.external_attr >> 16), "is a link, not a file"),
        (
            name.lower().endswith(".zip"),
            "is a ZIP inside a ZIP; unpack it and give it by its own name",
        ),
        (
            member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED},
            "is packed in a way that archives don't use (only stored and deflated are read)",
        ),
        (size > MAX_FILE, f"is larger than {MAX_FILE // 1_000_000} MB"),
        (
            size > SMALL and size > MAX_RATIO * packed,
            f"is packed {size // packed:,} to 1, as no text is",
        ),
    )
    return next((why for refused, why in tests if refused), "")
