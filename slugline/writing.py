"""Writes the output of a command to a file, a device, a pipe, or `-`."""

from __future__ import annotations

from pathlib import Path

from models.errors import UsageError
from models.wording import why_refused


def is_standard_output(out: Path) -> bool:
    """Say whether a place is the standard output of this process."""
    return str(out) in {"-", "/dev/stdout", "/dev/fd/1"}


def write_text(out: Path, text: str) -> None:
    """Write a text to a file, complete or not at all, or to a device or pipe as it is.

    Raises UsageError where that can't be: a link, a directory, a place that refuses it.
    """
    from export.place import check_kind, check_place, complete, is_stream, open_stream

    check_place(out)
    try:
        if is_stream(out):
            with open_stream(out) as stream:
                stream.write(text.encode())
            return
        check_kind(out, folder=False, ours=lambda _: False)
        with complete(out) as hidden:
            (hidden / out.name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} can't be written: {why_refused(error)}.") from None
