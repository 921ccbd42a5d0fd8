"""Sizes and checksums of an index's files, kept beside them, so that damage is noticed and named.

The libraries keep none (Whoosh), or look at theirs only when asked in ways that Python can't
(Tantivy). Sizes are looked at whenever an index is opened, checksums where all of a file is read
anyway, and by `slugline doctor`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_BLOCK = 1 << 20
UNFINISHED = ".new"
"""The ending of a file that is being written."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that no one ever sees a part of it; raises OSError, and leaves nothing."""
    temporary = path.with_name(f".{path.name}{UNFINISHED}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def remove_unfinished(directory: Path) -> None:
    """Remove what writers that were killed left behind; for whoever may write the index."""
    for path in directory.glob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Checksums:
    """What the files of an index were when they were written: name to (bytes, checksum)."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, directory: Path, names: Iterable[str], known: Checksums | None = None) -> Checksums:
        """Read files and return theirs; of files that are `known`, which never change, as known."""
        before = known.files if known else {}
        return cls({name: before.get(name) or _read(directory / name) for name in names})

    @classmethod
    def load(cls, path: Path) -> Checksums | None:
        """Return what was kept in a file, None where it is missing or can't be read."""
        with suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads(path.read_text(encoding="utf-8"))
            return cls({str(name): (int(size), str(sum_)) for name, (size, sum_) in kept.items()})
        return None

    def save(self, path: Path) -> None:
        """Keep them in a file, whole or not at all; raises OSError."""
        write_whole(path, json.dumps(self.files, indent=0).encode("utf-8"))

    def holds(self, name: str, data: bytes) -> bool:
        """Say whether a file holds these bytes, as far as it is known."""
        expected = self.files.get(name)
        return expected is None or expected == (len(data), _sum(data).hexdigest())

    def missing(self, directory: Path) -> list[str]:
        """Return the names of the files that have gone."""
        return [name for name in self.files if not (directory / name).is_file()]

    def misfits(self, directory: Path) -> list[str]:
        """Return the names of the files that are there and have another size."""
        found = []
        for name, (size, _) in self.files.items():
            with suppress(FileNotFoundError):
                if (directory / name).stat().st_size != size:
                    found.append(name)
        return found

    def damaged(self, directory: Path, prefix: str = "") -> list[str]:
        """Return the names of the files that are gone or hold something else; reads them all."""
        found = []
        for name, expected in self.files.items():
            if not name.startswith(prefix):
                continue
            try:
                if _read(directory / name) != expected:
                    found.append(name)
            except OSError:
                found.append(name)
        return found


def _sum(data: bytes = b"") -> Any:
    return hashlib.blake2b(data, digest_size=16)


def _read(path: Path) -> tuple[int, str]:
    """Return a file's size and checksum."""
    sum_ = _sum()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sum_.update(block)
            size += len(block)
    return size, sum_.hexdigest()
