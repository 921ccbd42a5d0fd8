"""The paths of files that jobs produce."""

from __future__ import annotations

from pathlib import Path

EXPORTS = "exports"
"""The directory of a home that holds exports made as jobs."""


def file_of(folder: Path, number: int) -> Path:
    """Return where the file of a job is."""
    return folder / f"{number}.export"
