"""A lock that allows only one `watch` per home, and is released when its process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from models.errors import SluglineError, StoreError
from models.wording import why_refused
from slugline.home import open_home


class WatchedError(SluglineError):
    """Another process watches this home already."""


@contextmanager
def only_watch(home: Path) -> Iterator[None]:
    """Be the one watch of a home for the length of a block; raises WatchedError where one is.

    The system lets go of the lock whichever way the process ends, so a file left behind by one that
    was killed keeps nobody out.
    """
    open_home(home)
    path = home / "watch.lock"
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            process = file.read(20).strip() or "unknown"
            raise WatchedError(
                f"Process {process} watches {home} already; two would fetch every feed twice. "
                f"Stop that one first (kill {process}), or give this one another --home."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"{path} can't be written: {why_refused(error)}. A watch writes to its home; name one "
            "that is writable with --home."
        ) from error
