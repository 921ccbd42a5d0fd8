"""The protocol of export formats, and the list of all formats.

A format is a small module under `export/formats/` with one class that has this Protocol, and an
entry in `FORMATS`; `tests/export/contract.py` is the suite that every format passes. Modules are
imported when their format is used, since some need heavy packages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from export.columns import CSV_COLUMNS, CSV_NOTES, LISTS, NAMES, TEXTS, chosen_columns
from export.files import OutputFile
from export.nearest import nearest
from export.record import Record
from export.write_options import WriteOptions
from models.errors import UsageError


class Format(Protocol):
    """A way to write records; one object an export. What is written depends on its input alone.

    `export.files.OneFile` and `BuiltFile` are the bases of formats that are a single file.
    """

    def files(self, records: Iterable[Record], options: WriteOptions) -> Iterator[OutputFile]:
        """Yield the files that hold the records, as `export/files.py` says."""


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """What is known of a format without importing it.

    `suffix` is how the names of its files end, `place` is its module and class, `folder` says that
    it is a directory, `most` how many articles one file takes before it becomes one (0: any).
    `columns` are those of its rows, which can be chosen; `contract` says that texts are among them
    without being asked for. `extra` is the extra of pyproject.toml that it needs.
    `note_columns` are there as well where a list is exported; `no_notes` says why the format has
    no place for what a list says of its articles, "" where it has one.
    """

    name: str
    suffix: str
    place: str
    media_type: str
    folder: bool = False
    most: int = 0
    columns: tuple[str, ...] = ()
    contract: bool = False
    extra: str = ""
    partitions: bool = False
    note_columns: tuple[str, ...] = ()
    no_notes: str = ""

    def open(self) -> Format:
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

    def chosen_columns(self, asked: Sequence[str], *, text: bool, notes: bool) -> tuple[str, ...]:
        """Return the columns to write; raises UsageError for one that is not there.

        `notes` says that a list is exported.
        """
        if asked and not self.columns:
            raise UsageError(f"The format {self.name} has no columns to choose.")
        back = () if text or self.contract else TEXTS
        there = (*self.columns, *self.note_columns) if notes else self.columns
        return chosen_columns(asked, there, kept_back=back)

    def holds_texts(self, columns: Iterable[str]) -> bool:
        """Say whether texts of publishers are among the columns though nobody asked for them."""
        return self.contract and not {*TEXTS, "versions"}.isdisjoint(columns)

    def is_folder(self, articles: int, *, split: str = "", partition: str = "") -> bool:
        """Say whether an export of so many articles is a directory."""
        many = self.most and articles > self.most
        return bool(self.folder or split or partition or many)


DOCS_PER_FILE = 20_000
"""Articles of one DocBin: it is held in memory, about 4 kB an article, until it is written."""
_JSON_LINES = "application/jsonl"
_NOTES = (LISTS.name,)
_ONLY_ENTITIES = "It describes entities, not articles."
FORMATS: tuple[FormatEntry, ...] = (
    FormatEntry(
        *("jsonl", ".jsonl", "jsonl:Jsonl", _JSON_LINES),
        columns=NAMES,
        contract=True,
        note_columns=_NOTES,
    ),
    FormatEntry(
        *("csv", ".csv", "csv:Csv", "text/csv"),
        columns=CSV_COLUMNS,
        contract=True,
        note_columns=CSV_NOTES,
    ),
    FormatEntry(
        *("parquet", ".parquet", "parquet:Parquet", "application/vnd.apache.parquet"),
        columns=NAMES,
        extra="parquet",
        partitions=True,
        note_columns=_NOTES,
    ),
    FormatEntry(
        *("hf", ".hf", "hf:HuggingFace", ""),
        folder=True,
        columns=NAMES,
        extra="parquet",
        note_columns=_NOTES,
    ),
    FormatEntry(
        *("spacy", ".spacy", "spacy_docs:SpacyDocs", "application/octet-stream"),
        most=DOCS_PER_FILE,
    ),
    FormatEntry(
        *("conll", ".conll", "conll:Conll", "text/plain"),
        no_notes="CoNLL-2003 has nothing but tokens; conllu holds notes.",
    ),
    FormatEntry("conllu", ".conllu", "conll:Conllu", "text/plain"),
    FormatEntry("ninjs", ".ninjs.jsonl", "ninjs:Ninjs", _JSON_LINES),
    FormatEntry("doccano", ".doccano.jsonl", "doccano:Doccano", _JSON_LINES),
    FormatEntry("labelstudio", ".labelstudio.json", "labelstudio:LabelStudio", "application/json"),
    FormatEntry("argilla", ".argilla.json", "argilla:Argilla", "application/json"),
    FormatEntry(
        *("graphml", ".graphml", "graph:GraphMl", "application/graphml+xml"),
        extra="graph",
        no_notes=_ONLY_ENTITIES,
    ),
    FormatEntry(
        *("gexf", ".gexf", "graph:Gexf", "application/gexf+xml"),
        extra="graph",
        no_notes=_ONLY_ENTITIES,
    ),
    FormatEntry("ftm", ".ftm.jsonl", "ftm:FollowTheMoney", _JSON_LINES),
    FormatEntry(
        *("sqlite", ".sqlite", "sqlite:Sqlite", "application/vnd.sqlite3"),
        columns=NAMES,
        note_columns=_NOTES,
    ),
    FormatEntry("atom", ".atom", "feeds:Atom", "application/atom+xml"),
    FormatEntry("jsonfeed", ".feed.json", "feeds:JsonFeed", "application/feed+json"),
)
FORMAT_NAMES = tuple(known.name for known in FORMATS)


def format_of(name: str | None, out: Path) -> FormatEntry:
    """Return the format of that name, or the one that the file's ending says; raises UsageError."""
    if name is not None:
        return format_named(name)
    fitting = [known for known in FORMATS if out.name.lower().endswith(known.suffix)]
    if fitting:
        return max(fitting, key=lambda known: len(known.suffix))
    raise UsageError(
        f"The ending of {out} names no format; say which with --format ({', '.join(FORMAT_NAMES)})."
    )


def format_named(name: str) -> FormatEntry:
    """Return the format of that name; raises UsageError that names the nearest."""
    for known in FORMATS:
        if name == known.name:
            return known
    raise UsageError(
        f"There is no export format {name!r}; there are {', '.join(FORMAT_NAMES)}."
        + nearest(name, FORMAT_NAMES)
    )
