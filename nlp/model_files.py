"""Model directories: a JSON head and numpy arrays beside it, written whole, read with care."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.wording import why_refused

MAX_FILE_BYTES = 200_000_000
"""A model has a few megabytes; what is larger than this was not written by us."""

UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged model can raise; an empty NPZ file is an EOFError to numpy."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The two files of one kind of model, and the number of their format. No pickle is read."""

    head: str
    arrays: str
    format: int

    def write(
        self, directory: Path, head: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
    ) -> None:
        """Write a model into a directory; the same model gives the same bytes."""
        directory.mkdir(parents=True, exist_ok=True)
        packed = io.BytesIO()
        np.savez(packed, allow_pickle=False, **arrays)
        text = json.dumps(
            {**head, "format": self.format}, indent=1, ensure_ascii=False, sort_keys=True
        )
        (directory / self.arrays).write_bytes(packed.getvalue())
        (directory / self.head).write_text(text + "\n", encoding="utf-8")

    def read(self, directory: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.float32]]]:
        """Return the head and the arrays; raises OSError or ValueError where that fails."""
        for name in (self.head, self.arrays):
            if (directory / name).stat().st_size > MAX_FILE_BYTES:
                raise ValueError(f"{name} is too large")
        head = json.loads((directory / self.head).read_text(encoding="utf-8"))
        if not isinstance(head, dict) or head.get("format") != self.format:
            raise ValueError(
                f"{self.head} is not of format {self.format}, which this version reads"
            )
        packed = io.BytesIO((directory / self.arrays).read_bytes())
        with np.load(packed, allow_pickle=False) as stored:
            arrays = {name: stored[name].astype(np.float32) for name in stored.files}
        if any(not np.isfinite(array).all() for array in arrays.values()):
            raise ValueError(f"{self.arrays} holds values that are not finite numbers")
        return head, arrays

    def check_stamp(self, head: Mapping[str, Any], stamp: str) -> None:
        """Raise ValueError where the two files are not of one and the same fit."""
        if head.get("stamp") != stamp:
            raise ValueError(f"{self.head} and {self.arrays} are not of one and the same fit")


@contextmanager
def errors_in_words(place: Path, kind: str, cure: str) -> Iterator[None]:
    """Turn whatever a damaged model raises into a `ModelError` that says what to do."""
    try:
        yield
    except FileNotFoundError as error:
        missing = Path(str(error.filename)).name
        raise ModelError(f"{place}: no {kind} model here ({missing} is missing); {cure}") from error
    except (*UNREADABLE, ModelError) as error:
        raise ModelError(f"{place}: the {kind} model can't be read ({error}); {cure}") from error


def replace_model(save: Callable[[Path], None], place: Path) -> None:
    """Save a model beside its place and move it there, so that no half model is ever loaded.

    Killed between the two moves, it leaves the old model beside its place; `recover` puts it back.
    Raises ModelError where the disk is full, or can't be written.
    """
    fresh, old = _beside(place)
    recover(place)
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        save(fresh)
        if place.exists():
            place.rename(old)
        fresh.rename(place)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        recover(place)
        raise ModelError(
            f"The model in {place} can't be written: {why_refused(error)}. The earlier one stays."
        ) from error
    shutil.rmtree(old, ignore_errors=True)


def recover(place: Path) -> None:
    """Put back the model that was there, where a replacement was killed in the middle of it."""
    _, old = _beside(place)
    if not place.exists() and old.exists():
        with suppress(OSError):  # another process was quicker, or the disk is read-only
            old.rename(place)


def _beside(place: Path) -> tuple[Path, Path]:
    """Return where the next model is written, and where the last one goes while it is replaced."""
    return place.with_name(f"{place.name}.new"), place.with_name(f"{place.name}.old")
