"""Where an export goes: a file or directory, a pipe, or an HTTP response."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from export.deliver import Delivery, Export, Written, explain_disk_errors
from export.description.files import holds_an_export
from export.files import blocks, zipped
from export.place import check_kind, check_place, complete, is_stream, open_stream, write_files
from export.selection import Changes
from models.errors import UsageError

Starts = Callable[[int], Written]
"""Told how many articles will come; returns what is to be called for each."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export did; `changes` only where it was compared with an earlier one."""

    articles: int
    files: tuple[Path, ...]
    parts: Mapping[str, int]
    changes: Changes | None = None


def to_path(made: Export, ids: Iterable[str], out: Path, starts: Starts) -> ExportResult:
    """Write an export to a file or directory, complete or not at all, or to a pipe as it is.

    Raises UsageError for a place that can't be written to, StoreError where articles vanished
    meanwhile, OSError where writing fails.
    """
    check_place(out)
    with made.select(ids) as delivery, explain_disk_errors():
        if is_stream(out):
            _to_stream(delivery, out, starts(delivery.articles))
            return ExportResult(delivery.articles, (out,), {})
        folder = delivery.is_folder
        check_kind(out, folder=folder, ours=holds_an_export)
        with complete(out) as hidden:
            within = hidden / out.name if folder else hidden
            files = delivery.files(out.name, starts(delivery.articles), hidden)
            names = write_files(files, within)
        paths = tuple(out / name if folder else out.with_name(name) for name in names)
        return ExportResult(delivery.articles, paths, delivery.parts, delivery.changes)


def _to_stream(delivery: Delivery, out: Path, written: Written) -> None:
    if not delivery.is_one_file:
        raise UsageError(
            f"This export has several files, and {out} takes one. Leave out --split, --partition, "
            "--describe and --since-export, or name a file or directory."
        )
    with open_stream(out) as stream:
        for _, pieces in delivery.files(out.name, written):
            for block in blocks(pieces):
                stream.write(block)


@dataclass(frozen=True, slots=True)
class Download:
    """An export as one thing to send: its file, or a ZIP of all its files."""

    name: str
    media_type: str
    blocks: Iterator[bytes]


def download(delivery: Delivery, name: str) -> Download:
    """Return an export as it is sent, made while it is read; `name` has no ending."""
    suffix = delivery.chosen.suffix
    if delivery.is_one_file:
        found = (block for _, pieces in delivery.files(name) for block in blocks(pieces))
        return Download(name + suffix, delivery.chosen.media_type, found)
    inner = name if delivery.is_folder else name + suffix
    return Download(f"{name}.zip", "application/zip", zipped(delivery.files(inner), folder=name))
