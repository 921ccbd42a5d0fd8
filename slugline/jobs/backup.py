"""Puts what can't be made again of a home into one file, and makes a home of it again.

The index is left out: it is rebuilt from the store.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from models.errors import SourceError, UsageError
from slugline.home import open_home
from slugline.settings import (
    CLUSTER_MODEL,
    SETTINGS_FILE,
    STORE_FILE,
    TAXONOMY_FILE,
    TOPIC_MODEL,
)

if TYPE_CHECKING:
    from store.store import Store

LABEL = "slugline-backup.json"
STORE = STORE_FILE
FILES = (SETTINGS_FILE, TAXONOMY_FILE)
FOLDERS = (TOPIC_MODEL, CLUSTER_MODEL)
STORED = frozenset({".npz"})
"""Files that are packed already."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself."""

    slugline: str
    made: str
    articles: int


def write_backup(store: Store, home: Path, place: Path) -> Label:
    """Write a backup of a home; it stands at `place` only once it is whole.

    Raises UsageError where the file exists, StoreError where the store is on a database server.
    """
    if place.exists():
        raise UsageError(f"{place} already exists. Choose another file, or remove it first.")
    if not place.parent.is_dir():
        raise UsageError(f"The directory {place.parent} does not exist. Create it first.")
    with tempfile.TemporaryDirectory(prefix=".slugline-backup-", dir=place.parent) as folder:
        copy, packed = Path(folder, STORE), Path(folder, "packed.zip")
        store.copy_to(copy)
        label = Label(version("slugline"), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", _count(copy))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            archive.writestr(LABEL, json.dumps(asdict(label)))
            archive.write(copy, STORE)
            for path in _kept(home):
                kind = zipfile.ZIP_STORED if path.suffix in STORED else None
                archive.write(path, path.relative_to(home).as_posix(), kind)
        packed.chmod(0o600)
        packed.rename(place)
    return label


def read_backup(place: Path, home: Path) -> Label:
    """Make a home of a backup; nothing is left behind where that fails.

    Raises UsageError where the home has a store already, SourceError for a file that is
    not a backup, or a damaged one.
    """
    if (home / STORE).exists():
        raise UsageError(
            f"{home} already has a store, and a backup never overwrites one. "
            "Choose another directory with --home, or move this one away."
        )
    open_home(home)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as folder:
        label = _unpack(place, Path(folder))
        # The store comes last: until it is there, the home has none and `restore` can be repeated.
        for name in (*FOLDERS, *FILES, STORE):
            unpacked = Path(folder, name)
            if unpacked.exists():
                if (home / name).is_dir():
                    shutil.rmtree(home / name)
                unpacked.replace(home / name)
    return label


def _unpack(place: Path, folder: Path) -> Label:
    """Unpack a backup into a folder; raises SourceError where it is not one, or is damaged."""
    try:
        with zipfile.ZipFile(place) as archive:
            label = Label(**json.loads(archive.read(LABEL)))
            for member in archive.infolist():
                if _belongs(member.filename):
                    archive.extract(member, folder)  # every byte is held against its checksum
    except FileNotFoundError as error:
        raise SourceError(f"{place}: there is no such file.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{place}: is not a Slugline backup.") from error
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise SourceError(f"{place}: can't be read as a backup ({error}).") from error
    if not (folder / STORE).is_file():
        raise SourceError(f"{place}: does not contain a store.")
    _count(folder / STORE)
    return label


def _belongs(name: str) -> bool:
    """Say whether a member's name is one that a backup has; all others stay where they are."""
    parts = PurePosixPath(name).parts
    if len(parts) == 1:
        return name in (STORE, *FILES)
    return len(parts) == 2 and parts[0] in FOLDERS and parts[1] != ".."


def _kept(home: Path) -> Iterator[Path]:
    yield from (path for name in FILES if (path := home / name).is_file())
    for name in FOLDERS:
        with suppress(FileNotFoundError):
            yield from sorted(path for path in (home / name).iterdir() if path.is_file())


def _count(path: Path) -> int:
    """Return how many articles a store holds, opening it (and migrating an older one)."""
    from store.store import Store

    with Store.at(path) as store:
        number = store.articles.count()
    for leftover in (f"{path}-wal", f"{path}-shm"):
        Path(leftover).unlink(missing_ok=True)
    return number
