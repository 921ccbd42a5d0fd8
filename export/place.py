"""Writing an export to a path: complete or not at all; or to a pipe or device.

What is being written lies in a hidden directory beside its place, locked by the process that writes
it. The lock goes with the process, so what a killed export left behind is known as such and is
removed by the next export to the same directory.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from export.files import OutputFile, blocks
from models.errors import UsageError

STDOUT = Path("-")
PREFIX = ".slugline-export-"
OLD = "replaced"
"""Directory, within the hidden one, of what is being replaced."""
_DESCRIPTOR = re.compile(r"/(?:dev|proc/(?:self|\d+))/fd/(\d+)")
_TRIES = 5
_NAMED = {"-": 1, "/dev/stdout": 1, "/dev/stderr": 2}


def check_place(out: Path) -> None:
    """Raise UsageError where nothing can be written to `out`, whatever it is."""
    if out.name in {"", ".."}:
        raise UsageError(f"{out} is not a name for an export; name a file or a new directory.")
    if is_stream(out):
        return
    if out.is_symlink():
        raise UsageError(
            f"{out} is a symbolic link to {out.readlink()}. Name what it points to, "
            "so that it is clear which of the two is replaced."
        )
    if not out.parent.is_dir():
        raise UsageError(f"{out} can't be written: {out.parent} is not a directory.")


def check_kind(out: Path, *, folder: bool, ours: Callable[[Path], bool]) -> None:
    """Raise UsageError where what is at `out` is not replaced by what the export is.

    `ours` says whether a directory holds an export and nothing else.
    """
    if not folder:
        if out.is_dir():
            raise UsageError(f"{out} is a directory; name a file in it.")
        return
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file, and this export is a directory; name a new one.")
    if out.is_dir() and any(out.iterdir()) and not ours(out):
        raise UsageError(
            f"{out} is a directory with other files in it; name a new one, so that nothing is lost."
        )


def is_stream(out: Path) -> bool:
    """Say whether `out` is a device, a pipe or the standard output, which is written as it is."""
    if _descriptor(out) is not None:
        return True
    try:
        mode = out.lstat().st_mode
    except OSError:
        return False
    return any(kind(mode) for kind in (stat.S_ISCHR, stat.S_ISBLK, stat.S_ISFIFO, stat.S_ISSOCK))


@contextmanager
def open_stream(out: Path) -> Iterator[BinaryIO]:
    """Open a device or a pipe, or what this process has open already, to write to."""
    number = _descriptor(out)
    # Of what the shell opened, a copy: opened anew, a file that was to be appended to is cut off.
    handle = os.open(out, os.O_WRONLY) if number is None else os.dup(number)
    with os.fdopen(handle, "wb") as file:
        yield file


def _descriptor(out: Path) -> int | None:
    found = _DESCRIPTOR.fullmatch(str(out))
    return int(found[1]) if found else _NAMED.get(str(out))


@contextmanager
def complete(out: Path) -> Iterator[Path]:
    """Give a hidden directory to write to; when the block ends well, all in it goes beside `out`.

    What is called as `out` goes first. Whatever goes wrong, nothing unfinished remains, and what
    was there before is there again. Raises OSError.
    """
    _sweep(out.parent)
    with _hidden(out.parent) as folder:
        yield folder
        made = sorted(folder.iterdir(), key=lambda path: (path.name != out.name, path.name))
        for path in made:
            _put(path, out.with_name(path.name), folder)
        _sync(out.parent)


def write_files(files: Iterable[OutputFile], folder: Path) -> tuple[str, ...]:
    """Write files below a directory, to the disk and not only to its cache; return their names."""
    names = []
    for name, pieces in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for block in blocks(pieces):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        names.append(name)
    return tuple(names)


def _put(made: Path, out: Path, folder: Path) -> None:
    """Put a file or directory in its place; an old directory is kept until the new one is there."""
    if not out.is_dir():
        made.replace(out)
        return
    old = folder / OLD / out.name
    old.parent.mkdir(exist_ok=True)
    out.replace(old)
    try:
        made.replace(out)
    except OSError:
        old.replace(out)
        raise


@contextmanager
def _hidden(parent: Path) -> Iterator[Path]:
    """Make a directory that this process has locked; it is removed at the end."""
    for _ in range(_TRIES):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        lock = _lock(folder)
        # Between the two, the sweep of another export may have taken it for left behind.
        if lock is not None and folder.is_dir():
            break
    # A file system without locks has none to offer to the sweep of others either.
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _sweep(parent: Path) -> None:
    """Remove what killed exports left behind; what they were just replacing is put back."""
    for folder in parent.glob(f"{PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir():
            continue
        lock = _lock(folder)
        if lock is None:
            continue  # another export writes there
        for old in (folder / OLD).glob("*"):
            if not (parent / old.name).exists():
                old.replace(parent / old.name)
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def abandoned(parent: Path) -> list[Path]:
    """Return the hidden directories of exports that were killed; the next export removes them."""
    found = []
    for folder in sorted(parent.glob(f"{PREFIX}*")):
        if folder.is_dir() and not folder.is_symlink() and (lock := _lock(folder)) is not None:
            os.close(lock)
            found.append(folder)
    return found


def _lock(folder: Path) -> int | None:
    """Lock a directory; return its descriptor, None where another process has it or it is gone."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise
        return handle
    return None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
