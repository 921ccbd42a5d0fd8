"""Files and directories that take their final name only when they are complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import SluglineError, UsageError


@contextmanager
def complete(out: Path) -> Iterator[Path]:
    """Give a path beside `out` to write a file or directory to; when the block ends well, it takes
    the place of `out`.

    Whatever goes wrong, nothing unfinished remains. Raises SluglineError where the directory that
    is to hold it is not there, UsageError where `out` is a directory that was not written by an
    export: that one is not replaced.
    """
    check_place(out)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        yield part
        if out.is_dir() or (part.is_dir() and out.exists()):
            _swap(part, out)
        else:
            part.replace(out)
    finally:
        _remove(part)


def check_place(out: Path) -> None:
    """Raise SluglineError where an export can't be written to `out`."""
    if not out.parent.is_dir():
        raise SluglineError(f"{out} can't be written: {out.parent} is not a directory.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).exists():
        raise UsageError(
            f"{out} is a directory with other files in it; name a new one, so that nothing is lost."
        )


MARK = "datapackage.json"
"""A directory with this file was written by an export and may be replaced by the next."""


def _swap(part: Path, out: Path) -> None:
    """Put a directory in the place of another; the old one is there until the new one is."""
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    out.replace(old)
    try:
        part.replace(out)
    except OSError:
        old.replace(out)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
