"""The seam for export formats, and the list of those there are.

A format is a small module under `export/formats/` with one class that has this Protocol, and an
entry in `FORMATS`; `tests/export/contract.py` is the suite that every format passes. Modules are
imported when their format is used, since some need heavy packages.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Protocol, runtime_checkable

from export.record import Record
from export.shape import Shape
from models.errors import UsageError


class Format(Protocol):
    """A way to write records; one object an export. What is written depends on its input alone."""

    def write(self, records: Iterable[Record], out: Path, shape: Shape) -> None:
        """Write all records to the file or new directory `out`, which is not there yet.

        Whoever calls sees to it that `out` takes its final name only when it is complete. Raises
        OSError where it can't be written.
        """


@runtime_checkable
class TextFormat(Protocol):
    """A format of one text file, which can also be sent while it is being made."""

    def chunks(self, records: Iterable[Record], shape: Shape) -> Iterator[str]:
        """Yield the text of the file, piece by piece."""


class Holds(StrEnum):
    """What a format writes: a text file, another file, a directory, or what its options say."""

    TEXT = "text"
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """What is known of a format without importing it.

    `suffix` is how the names of its files end, `place` is its module and class, `columns` says
    whether they can be chosen, `extra` is the extra of pyproject.toml that it needs.
    """

    name: str
    suffix: str
    place: str
    media_type: str
    holds: Holds = Holds.TEXT
    columns: bool = False
    extra: str = ""
    partitions: bool = False

    def open(self) -> Format | TextFormat:
        """Import the format; raises UsageError that says how to install what it lacks."""
        module, name = self.place.split(":")
        try:
            made = getattr(import_module(f"export.formats.{module}"), name)()
        except ModuleNotFoundError as error:
            if not self.extra or (error.name or "").startswith("export"):
                raise
            raise UsageError(
                f"The format {self.name} needs the package {error.name}. Install it with: "
                f"pip install 'slugline[{self.extra}]'"
            ) from error
        return made  # type: ignore[no-any-return]  # the contract suite holds each to the Protocol


_JSON_LINES = "application/jsonl"
FORMATS: tuple[FormatEntry, ...] = (
    FormatEntry("jsonl", ".jsonl", "jsonl:Jsonl", _JSON_LINES, columns=True),
    FormatEntry("csv", ".csv", "csv:Csv", "text/csv", columns=True),
    FormatEntry(
        *("parquet", ".parquet", "parquet:Parquet", "application/vnd.apache.parquet", Holds.FILE),
        columns=True,
        extra="parquet",
        partitions=True,
    ),
    FormatEntry(*("hf", ".hf", "hf:HuggingFace", "", Holds.FOLDER), columns=True, extra="parquet"),
    FormatEntry("spacy", ".spacy", "spacy_docs:SpacyDocs", "application/octet-stream", Holds.FILE),
    FormatEntry("conll", ".conll", "conll:Conll", "text/plain"),
    FormatEntry("conllu", ".conllu", "conll:Conllu", "text/plain"),
    FormatEntry("ninjs", ".ninjs.jsonl", "ninjs:Ninjs", _JSON_LINES),
    FormatEntry("doccano", ".doccano.jsonl", "doccano:Doccano", _JSON_LINES),
    FormatEntry("labelstudio", ".labelstudio.json", "labelstudio:LabelStudio", "application/json"),
    FormatEntry("argilla", ".argilla.json", "argilla:Argilla", "application/json"),
    FormatEntry(
        *("graphml", ".graphml", "graph:GraphMl", "application/graphml+xml", Holds.FILE),
        extra="graph",
    ),
    FormatEntry("gexf", ".gexf", "graph:Gexf", "application/gexf+xml", Holds.FILE, extra="graph"),
    FormatEntry("ftm", ".ftm.jsonl", "ftm:FollowTheMoney", _JSON_LINES),
    FormatEntry(
        *("sqlite", ".sqlite", "sqlite:Sqlite", "application/vnd.sqlite3", Holds.FILE),
        columns=True,
    ),
    FormatEntry("atom", ".atom", "feeds:Atom", "application/atom+xml"),
    FormatEntry("jsonfeed", ".feed.json", "feeds:JsonFeed", "application/feed+json"),
)
NAMES = tuple(known.name for known in FORMATS)


def format_of(name: str | None, out: Path) -> FormatEntry:
    """Return the format of that name, or the one that the file's ending says; raises UsageError."""
    if name is not None:
        return format_named(name)
    fitting = [known for known in FORMATS if out.name.lower().endswith(known.suffix)]
    if fitting:
        return max(fitting, key=lambda known: len(known.suffix))
    raise UsageError(
        f"The ending of {out} names no format; say which with --format ({', '.join(NAMES)})."
    )


def format_named(name: str) -> FormatEntry:
    """Return the format of that name; raises UsageError that names the nearest."""
    for known in FORMATS:
        if name == known.name:
            return known
    raise UsageError(
        f"There is no export format {name!r}; there are {', '.join(NAMES)}.{nearest(name, NAMES)}"
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names what was probably meant, or ""."""
    found = difflib.get_close_matches(name.lower(), list(known), 1)
    return f" Did you mean {found[0]}?" if found else ""
