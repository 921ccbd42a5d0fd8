"""The files of a Whoosh index: Whoosh's own, and ours beside each segment."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.errors import DamagedIndexError, EngineError
from models.wording import why_refused
from search.engines.checksums import Checksums, remove_unfinished
from search.engines.whoosh.postings import schema

VERSION = 5
"""The schema of the index; part of its files' names, so that another one is never misread."""

REBUILD = "make it anew from the store with: slugline index --rebuild"
_NAME = f"slugline{VERSION}"
_SUMS = "checksums-"
_REFUSED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""What says that a file may not be written, not that it is damaged."""


def open_index(directory: Path, *, create: bool) -> Any:
    """Open the index in a directory, or `create` it; raises EngineError where that can't be."""
    from whoosh import index
    from whoosh.filedb.filestore import FileStorage

    try:
        directory.mkdir(parents=True, exist_ok=True)
        ours = [path.name for path in directory.glob("_slugline*_*.toc")]
        if not ours and any(directory.glob("slugline*_*.*")):
            raise DamagedIndexError(
                f"The index in {directory} has lost its table of contents; {REBUILD}"
            )
        if any(name.startswith(f"_{_NAME}_") for name in ours):
            return index.FileIndex(FileStorage(str(directory)), indexname=_NAME)
        if ours:
            raise DamagedIndexError(
                f"The index in {directory} was made by another version of Slugline; {REBUILD}"
            )
        if create:
            return index.FileIndex.create(FileStorage(str(directory)), schema(), _NAME)
    except EngineError:
        raise
    except OSError as error:
        if error.errno in _REFUSED:
            raise unwritable(directory, error) from error
        raise damaged(directory, error) from error
    except Exception as error:
        raise damaged(directory, error) from error
    raise EngineError(f"There is no index in {directory}; {REBUILD}")


def damaged(directory: Path, error: Exception) -> DamagedIndexError:
    """Return the error for an index that can't be read."""
    return DamagedIndexError(
        f"The index in {directory} can't be read ({type(error).__name__}: {error}); {REBUILD}"
    )


def kept_checksums(directory: Path, generation: int) -> Checksums | None:
    """Return the checksums of one generation of the index, None where there are none."""
    return Checksums.load(directory / f"{_SUMS}{generation}.json")


def keep_checksums(directory: Path, generation: int, segments: Iterable[Any]) -> None:
    """Write the checksums of a generation: those of its segments, and of its table of contents.

    What other generations had is known already, and removed.
    """
    remove_unfinished(directory)
    before: dict[str, tuple[int, str]] = {}
    others = list(directory.glob(f"{_SUMS}*.json"))
    for path in others:
        before |= (Checksums.load(path) or Checksums()).files
    ids = {segment.segment_id() for segment in segments}
    names = [
        path.name
        for path in directory.iterdir()
        if path.name.partition(".")[0] in ids and path.suffix != ".words"
    ]
    toc = f"_{_NAME}_{generation}.toc"
    if (directory / toc).exists():
        before.pop(toc, None)
        names.append(toc)
    kept = directory / f"{_SUMS}{generation}.json"
    Checksums.of(directory, names, Checksums(before)).save(kept)
    if toc in names:
        for path in others:
            if path != kept:
                path.unlink(missing_ok=True)


def unwritable(directory: Path, error: OSError) -> EngineError:
    """Return the error for an index that can't be written: a full or a read-only disk, say."""
    return EngineError(f"The index in {directory} can't be written: {why_refused(error)}.")


def misfit(directory: Path, names: Iterable[str]) -> DamagedIndexError:
    """Return the error for files that are not as they were written."""
    return DamagedIndexError(
        f"The index in {directory} is damaged: {', '.join(names)} is not as it was written; "
        f"{REBUILD}"
    )


def close_all(readers: Iterable[Any]) -> None:
    """Close Whoosh's readers."""
    for reader in readers:
        reader.close()


def file(directory: Path, segment: Any, ending: str) -> Path:
    """Return the path of a file of ours beside a segment; Whoosh removes it with the segment."""
    return directory / f"{segment.segment_id()}.{ending}"


def keep_with_commit(directory: Path, writer: Any) -> None:
    """Have a writer keep checksums of what it wrote just before that counts, and after it."""
    commit = writer._commit_toc

    def commit_toc(segments: list[Any]) -> None:
        keep_checksums(directory, writer.generation, segments)
        commit(segments)
        with suppress(OSError):  # the commit is done; what is kept only lacks its contents
            keep_checksums(directory, writer.generation, segments)

    writer._commit_toc = commit_toc
