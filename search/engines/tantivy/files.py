"""The files of a Tantivy index: their checksums, and what it means that they can't be read."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from models.errors import DamagedIndexError, EngineError
from models.wording import FULL
from search.engines.checksums import Checksums

REBUILD = "make it anew from the store with: slugline index --rebuild"
REFUSED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""What says that a file may not be written, not that it is damaged."""
_REASON = 200
"""Characters of Tantivy's own reason that are shown; it would show whole files."""
_SUMS = "slugline-checksums.json"
_CONTENTS = "meta.json"
_ENDINGS = {".store", ".term", ".idx", ".pos", ".fast", ".fieldnorm", ".del"}
_NO_SPACE = "No space left"
_REFUSALS = ("Read-only file system", "Permission denied", "Disk quota")


def keep_checksums(directory: Path) -> None:
    """Keep the checksums of all files; those of a segment never change once it is written."""
    before = (Checksums.load(directory / _SUMS) or Checksums()).files
    before.pop(_CONTENTS, None)
    names = [path.name for path in directory.iterdir() if path.suffix in _ENDINGS]
    with suppress(OSError):  # what was written counts without them
        Checksums.of(directory, [*names, _CONTENTS], Checksums(before)).save(directory / _SUMS)


def misfitting(directory: Path) -> list[str]:
    """Return the names of files that are gone or have another size; reads none of them.

    Of an index that was written again since the checksums were kept, nothing is known.
    """
    kept = _kept(directory)
    return kept.missing(directory) + kept.misfits(directory)


def damaged_files(directory: Path) -> list[str]:
    """Return the names of files that are not as they were written; reads them all."""
    return _kept(directory).damaged(directory)


def _kept(directory: Path) -> Checksums:
    """Return the checksums that go with this table of contents, or none."""
    kept = Checksums.load(directory / _SUMS) or Checksums()
    contents = Checksums({name: sum_ for name, sum_ in kept.files.items() if name == _CONTENTS})
    return Checksums() if contents.damaged(directory) else kept


def misfit(directory: Path, names: Iterable[str]) -> DamagedIndexError:
    """Return the error for files that are not as they were written."""
    return DamagedIndexError(
        f"The index in {directory} is damaged: {', '.join(names)} is not as it was written; "
        f"{REBUILD}"
    )


def damaged(directory: Path, error: BaseException) -> EngineError:
    """Return the error for an index that can't be read, with the library's own reason, cut.

    A full disk is no damage, and is said as what it is.
    """
    if _NO_SPACE in str(error):
        return EngineError(f"The index in {directory} can't be written: {FULL}.")
    reason = " ".join(str(error).split())
    shown = reason if len(reason) <= _REASON else f"{reason[:_REASON]} …"
    return DamagedIndexError(f"The index in {directory} can't be read ({shown}); {REBUILD}")


def unwritten(directory: Path, error: BaseException) -> EngineError:
    """Return the error for a write that failed: for want of room or rights, or of sound files."""
    if any(words in str(error) for words in _REFUSALS):
        reason = " ".join(str(error).split())[:_REASON]
        return EngineError(f"The index in {directory} can't be written: {reason}.")
    return damaged(directory, error)


def is_panic(error: BaseException) -> bool:
    """Say whether the library broke off; its panics are no `Exception`."""
    return type(error).__name__ == "PanicException"


@contextmanager
def damage_in_words(directory: Path) -> Iterator[None]:
    """Turn whatever the library trips over into `DamagedIndexError`."""
    try:
        yield
    except (OSError, ValueError, LookupError) as error:
        raise damaged(directory, error) from error
    except BaseException as error:
        if not is_panic(error):
            raise
        raise damaged(directory, error) from error
