"""Backs a home up to one file, and restores it.

The index is left out: it is rebuilt from the store.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from export.place import complete
from models.errors import ConfigError, SourceError, StoreError, UsageError
from models.wording import why_refused
from slugline.home import open_home
from slugline.jobs.unpacking import (
    LARGEST_MODEL_FILE,
    LARGEST_SETTINGS,
    check_directory,
    read_label,
    unpack,
)
from slugline.settings import (
    CLUSTER_MODEL,
    INDEX,
    SETTINGS_FILE,
    STORE_FILE,
    TAXONOMY_FILE,
    TOPIC_MODEL,
    Settings,
    read_settings,
)

if TYPE_CHECKING:
    from store.store import Store

LABEL = "slugline-backup.json"
STORE = STORE_FILE
FILES = (SETTINGS_FILE, TAXONOMY_FILE)
SET_ASIDE = "slugline.toml.from-backup"
LEADING = (
    *("store.url", "search.engine", "opensearch.url", "opensearch.ca_certs", "opensearch.verify"),
    *("nlp.taxonomy", "nlp.topic_model", "web.host", "web.access", "web.trusted_proxy"),
    "fetch.allow_private",
)
"""Settings that name something outside of the home, or let somebody in."""
FOLDERS = (TOPIC_MODEL, CLUSTER_MODEL)
_NAMED = re.compile(r"slugline-\d{8}T\d{6}Z\.zip")
STORED = frozenset({".npz"})
"""Files that are packed already."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself."""

    slugline: str
    made: str
    articles: int


@dataclass(frozen=True, slots=True)
class RestoredBackup:
    """A backup that was restored; `set_aside` says why its settings were not taken, if so."""

    label: Label
    set_aside: str = ""


def write_backup(store: Store, home: Path, place: Path) -> Label:
    """Write a backup of a home; it stands at `place` only once it is whole.

    Raises UsageError where the file exists, StoreError where the store is on a database server.
    """
    if place.exists():
        raise UsageError(f"{place} already exists. Choose another file, or remove it first.")
    if not place.parent.is_dir():
        raise UsageError(f"The directory {place.parent} does not exist. Create it first.")
    if place.parent.resolve() == home.resolve() / INDEX:
        raise UsageError(f"{place.parent} belongs to the search index. Choose another directory.")
    with complete(place) as folder, errors_in_words(place), TemporaryDirectory(dir=folder) as inner:
        copy, packed = Path(inner, STORE), folder / place.name
        store.copy_to(copy)
        label = Label(version("slugline"), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", _count(copy))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            archive.writestr(LABEL, json.dumps(asdict(label)))
            archive.write(copy, STORE)
            for path in _kept(home):
                kind = zipfile.ZIP_STORED if path.suffix in STORED else None
                archive.write(path, path.relative_to(home).as_posix(), kind)
        packed.chmod(0o600)
        with packed.open("rb") as file:
            os.fsync(file.fileno())
    return label


def keep_newest(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups of a directory, by the time in their names."""
    ours = sorted(path for path in folder.iterdir() if _NAMED.fullmatch(path.name))
    removed = ours[:-keep]
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def new_name(now: datetime) -> str:
    """Return what a backup made at a moment is called in a directory of backups."""
    return f"slugline-{now:%Y%m%dT%H%M%SZ}.zip"


def read_backup(place: Path, home: Path, *, take_settings: bool = False) -> RestoredBackup:
    """Make a home of a backup; nothing is left behind where that fails.

    Settings that lead out of the home (`leads_out`) are put beside the settings file unless they
    are asked for. Raises UsageError where the home has a store already, SourceError for a file that
    is not a backup, a damaged one, or one that would fill the disk.
    """
    if (home / STORE).exists():
        raise UsageError(
            f"{home} already has a store, and a backup never overwrites one. "
            "Choose another directory with --home, or move this one away."
        )
    made = not home.exists()
    open_home(home)
    for leftover in home.glob(".restore-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        with errors_in_words(home), TemporaryDirectory(prefix=".restore-", dir=home) as folder:
            label = _unpack(place, Path(folder))
            reason = "" if take_settings else leads_out(Path(folder))
            if reason:
                (Path(folder) / SETTINGS_FILE).rename(Path(folder) / SET_ASIDE)
            # The store comes last: until it is there, the home has none.
            for name in (*FOLDERS, *FILES, SET_ASIDE, STORE):
                unpacked = Path(folder, name)
                if unpacked.exists():
                    if (home / name).is_dir():
                        shutil.rmtree(home / name)
                    unpacked.replace(home / name)
    except BaseException:
        if made:
            with suppress(OSError):
                home.rmdir()
        raise
    return RestoredBackup(label, reason)


def leads_out(folder: Path) -> str:
    """Return why the settings of an unpacked backup are not taken as they are, "" where they are.

    A stranger's settings could name a store, a cluster or a model anywhere, or open the pages.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        return ""
    try:
        settings = read_settings(folder, path, {})
    except ConfigError as error:
        return str(error).replace(str(path), SETTINGS_FILE)
    default = Settings(folder)
    changed = [
        key
        for key in LEADING
        if getattr(getattr(settings, key.partition(".")[0]), key.partition(".")[2])
        != getattr(getattr(default, key.partition(".")[0]), key.partition(".")[2])
    ]
    return f"it sets {', '.join(changed)}" if changed else ""


@contextmanager
def errors_in_words(place: Path) -> Iterator[None]:
    """Turn what the system refuses into words: a full or read-only disk, say."""
    try:
        yield
    except OSError as error:
        raise SourceError(f"{place}: can't be written: {why_refused(error)}.") from error


def _unpack(place: Path, folder: Path) -> Label:
    """Unpack a backup into a folder; raises SourceError where it is not one, or is damaged."""
    try:
        check_directory(place)
        with zipfile.ZipFile(place) as archive:
            known = {field.name for field in fields(Label)}
            said = {k: v for k, v in read_label(archive, LABEL).items() if k in known}
            label = Label(**said)  # type: ignore[arg-type]  # TypeError is caught below
            unpack(archive, place, folder, _belongs, _largest)
    except FileNotFoundError as error:
        raise SourceError(f"{place}: there is no such file.") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise SourceError(f"{place}: is not a Slugline backup.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"{place}: can't be read as a backup ({error}).") from error
    except OSError as error:
        raise SourceError(
            f"{place}: can't be unpacked: {why_refused(error)}. Nothing was taken."
        ) from error
    if not (folder / STORE).is_file():
        raise SourceError(f"{place}: does not contain a store.")
    return Label(str(label.slugline), str(label.made), _checked(folder / STORE))


def _largest(name: str) -> int | None:
    if name == STORE:
        return None
    return LARGEST_SETTINGS if name in FILES else LARGEST_MODEL_FILE


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


def _checked(path: Path) -> int:
    """Return how many articles a restored store holds; raises StoreError where it is not sound."""
    from store.store import Store

    with Store.at(path) as store:
        if faults := store.faults():
            raise StoreError(f"The store in this backup is damaged: {faults[0]}.")
    return _count(path)


def _count(path: Path) -> int:
    """Return how many articles a store holds, opening it (and migrating an older one)."""
    from store.store import Store

    with Store.at(path) as store:
        number = store.articles.count()
    for leftover in (f"{path}-wal", f"{path}-shm"):
        Path(leftover).unlink(missing_ok=True)
    return number
