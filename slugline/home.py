"""Restricts the permissions of a home: it contains logins of feeds and reading habits."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from models.errors import StoreError
from models.wording import why_refused
from slugline.settings import (
    CLUSTER_MODEL,
    COVERAGE_FILE,
    INDEX,
    SETTINGS_FILE,
    STORE_FILE,
    TAXONOMY_FILE,
    TOPIC_MODEL,
)

_PRIVATE_DIRECTORY, _PRIVATE_FILE = 0o700, 0o600
_OTHERS = 0o077
_FILES = (STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm", SETTINGS_FILE)
_SIGNS = frozenset(
    (
        *(*_FILES, TAXONOMY_FILE, TOPIC_MODEL, CLUSTER_MODEL, INDEX),
        *(COVERAGE_FILE, "ingest.log", "watch.lock", "exports"),
    )
)
"""What stands in a home and hardly anywhere else."""
_OF_THE_SYSTEM = "lost+found"  # on every new disk of ext4


def open_home(home: Path) -> str:
    """Make a home where there is none; return what was tightened of one that others could read.

    What belongs to another user is left as it is. Raises StoreError where a home can't be made, and
    for a directory of other things, which a mistyped name must neither fill nor close to others.
    """
    if _is_of_other_things(home):
        raise StoreError(
            f"{home} holds other files and nothing of Slugline, so it is no home. "
            "Name a directory that is new or empty with --home."
        )
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=_PRIVATE_DIRECTORY, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{home} can't be made: {why_refused(error)}.") from error
    tightened = [
        path.name for path in (home / name for name in _FILES) if _tighten(path, _PRIVATE_FILE)
    ]
    if _tighten(home, _PRIVATE_DIRECTORY):
        tightened.insert(0, "the directory itself")
    if not tightened:
        return ""
    return f"{home} could be read by others; it is yours alone now ({', '.join(tightened)})."


def _is_of_other_things(home: Path) -> bool:
    try:
        names = {path.name for path in home.iterdir()}
    except OSError:
        return False
    seen = {name for name in names if not name.startswith(".") and name != _OF_THE_SYSTEM}
    return bool(seen) and not seen & _SIGNS


def _tighten(path: Path, mode: int) -> bool:
    """Take others' rights to a file or directory of ours away; say whether they had any."""
    try:
        found = path.lstat()
        wanted = stat.S_ISDIR if mode == _PRIVATE_DIRECTORY else stat.S_ISREG
        if found.st_uid != os.geteuid() or not found.st_mode & _OTHERS:
            return False
        if not wanted(found.st_mode):
            return False
        path.chmod(mode)
    except OSError:
        return False
    return True
