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
"""Those that hold what is nobody else's business."""
_OURS = (
    *(*_FILES, INDEX, TAXONOMY_FILE, TOPIC_MODEL, CLUSTER_MODEL, COVERAGE_FILE),
    *("ingest.log", "watch.lock", "exports"),
)
"""What stands in a home and hardly anywhere else."""
_OF_THE_SYSTEM = "lost+found"  # on every new disk of ext4


def open_home(home: Path) -> str:
    """Make a home where there is none; return what there is to say of it, "" for nothing.

    A home that others could read is closed to them. A directory that holds other things too, such
    as a mistyped name leads to, stays as it is: only what is Slugline's in it is closed. What
    belongs to another user is left alone. Raises StoreError where a home can't be made.
    """
    before = _names(home)
    others = before.difference(_OURS)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=_PRIVATE_DIRECTORY, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{home} can't be made: {why_refused(error)}.") from error
    tightened = [name for name in _OURS if _tighten(home / name) and name in _FILES]
    if not others and _tighten(home):
        tightened.insert(0, "the directory itself")
    if tightened:
        return f"{home} could be read by others; it is yours alone now ({', '.join(tightened)})."
    if others == before and before:
        return (
            f"{home} holds other files and nothing of Slugline; a new home is made beside them. "
            "If that was not meant, name another directory with --home."
        )
    return ""


def _names(home: Path) -> frozenset[str]:
    """Return the names in a directory that say what it is for."""
    try:
        names = [path.name for path in home.iterdir()]
    except OSError:
        return frozenset()
    return frozenset(name for name in names if not name.startswith(".") and name != _OF_THE_SYSTEM)


def _tighten(path: Path) -> bool:
    """Take others' rights to a file or directory of ours away; say whether they had any."""
    try:
        found = path.lstat()
        if found.st_uid != os.geteuid() or not found.st_mode & _OTHERS:
            return False
        if stat.S_ISDIR(found.st_mode):
            path.chmod(_PRIVATE_DIRECTORY)
        elif stat.S_ISREG(found.st_mode):
            path.chmod(_PRIVATE_FILE)
        else:
            return False
    except OSError:
        return False
    return True
