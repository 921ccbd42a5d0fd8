"""Checks of the home directory: its owner, free space, and leftover files."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from export.place import abandoned
from models.errors import ConfigError
from models.wording import counted
from slugline.doctor.finding import Finding
from slugline.settings import CLUSTER_MODEL, STORE_FILE, TOPIC_MODEL, Settings
from web.coverage import read_groups
from web.jobs.files import EXPORTS

LEAST_FREE = 50_000_000
"""Bytes that have to be free: with less, the next batch may not fit."""
_SHOWN = 5


def home(settings: Settings) -> Finding:
    """Look at whose a home is, and whether others can read it or we can't write it."""
    place = settings.home
    if not place.is_dir():
        return Finding("home", True, f"{place}: not there yet", "`slugline run SOURCE` makes it.")
    about = place.stat()
    me = os.geteuid()
    if me not in (0, about.st_uid):
        return Finding(
            "home",
            False,
            f"{place} belongs to another user (number {about.st_uid}; you are {me})",
            "Run slugline as that user, or give the home to yours: "
            f"chown -R {me} {place} (as an administrator).",
        )
    if about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        cure = f"Opening its store closes it, or: chmod 700 {place}"
        return Finding("home", True, f"{place} can be read by other users", cure)
    if not os.access(place, os.W_OK):
        return Finding("home", True, f"{place} is read-only: it is searched, and not changed")
    return Finding("home", True, f"{place}, yours alone")


def settings_file(path: Path) -> Finding:
    """Look at the file of settings, which may hold passwords."""
    if not path.is_file():
        return Finding("settings", True, f"the defaults; there is no {path}")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        cure = f"It may hold passwords: chmod 600 {path}"
        return Finding("settings", True, f"{path}, open to others", cure)
    return Finding("settings", True, str(path))


def source_groups(path: Path) -> Finding:
    """Look at the groups of sources, without which `serve` does not start; raises ConfigError."""
    return Finding("coverage", True, f"{path}: {counted(len(read_groups(path)), 'group')}")


def unreadable_settings(error: ConfigError) -> Finding:
    """Return what is found where no settings are in force, since they can't be read."""
    return Finding("settings", False, str(error), "docs/settings.md lists what each may be.")


def disk(settings: Settings) -> Finding:
    """Look at how much room there is, beside what a rebuild or a backup takes for a while."""
    place = settings.home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    needed = _size(settings.home / STORE_FILE) + _size(settings.index_directory)
    state = f"{free / 1e6:,.0f} MB free; store and index take {needed / 1e6:,.0f} MB"
    if free < LEAST_FREE:
        return Finding("disk", False, state, "Free some space, or move the home to a larger disk.")
    if free < needed:
        cure = "Too little for a rebuild of the index or a backup on this disk; free some space."
        return Finding("disk", True, state, cure)
    return Finding("disk", True, state)


def leftovers(settings: Settings) -> Finding:
    """Look for parts of what was killed while it wrote; nothing that still runs is among them."""
    found = left_behind(settings.home)
    if not found:
        return Finding("leftovers", True, "none")
    shown = ", ".join(str(path) for path in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    cure = "The next export, restore or fit removes its own; they may be deleted."
    return Finding("leftovers", True, f"{shown}{more}", cure)


def left_behind(place: Path) -> list[Path]:
    """Return what killed exports, backups, restores and fits left in a home."""
    models = [place / f"{name}.{end}" for name in (TOPIC_MODEL, CLUSTER_MODEL) for end in _PARTS]
    return [
        *abandoned(place),
        *abandoned(place / EXPORTS),
        *sorted(place.glob(".restore-*")),
        *(path for path in models if path.exists()),
    ]


_PARTS = ("new", "old")


def _size(place: Path) -> int:
    """Return the bytes of a file, or of all files below a directory."""
    paths = place.rglob("*") if place.is_dir() else [place]
    return sum(path.stat().st_size for path in paths if path.is_file())
