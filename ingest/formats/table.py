"""Articles from a table: CSV, TSV or JSON Lines, by a mapping of its columns.

    title=Headline,link=Address,date=When

A table may have millions of rows; they are read as a stream and handed on in parts.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from ingest.dates.parse import reads_day_first
from ingest.intake import Intake, RawEntry
from ingest.parsed_source import ParsedSource
from ingest.parsing.limits import Budget
from ingest.urls import host_of
from models.errors import SourceError, UsageError
from models.feed import Feed

SUFFIXES = frozenset({".csv", ".tsv"})
"""Tables that are read without a mapping, by usual names of their columns."""
LINES = frozenset({".jsonl", ".ndjson"})
"""Tables that are read with a mapping; without one they are exports of ours."""
MAX_ROWS = 5_000_000
MAX_LINE = 4_000_000
"""Characters of one line; a longer one is a rejection."""
MAX_CELL = 2_000_000
MAX_COLUMNS = 1_000
_SAMPLE = 500  # rows that tell how a table writes its dates

USUAL: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "link": ("link", "url", "address", "href"),
    "description": ("description", "summary", "abstract", "snippet", "excerpt", "lead"),
    "body": ("body", "content", "text", "article", "full_text"),
    "date": ("date", "published", "date_published", "published_at", "publication_date", "pubdate"),
    "source": ("source", "publisher", "outlet", "site", "publication", "source_name"),
    "feed": ("feed", "feed_url"),
    "language": ("language", "lang"),
    "guid": ("guid", "id", "uid"),
    "categories": ("categories", "category", "tags", "keywords", "section"),
}
"""What an article has, and how columns are usually called that hold it, the likeliest first."""

READERS: Mapping[str, tuple[frozenset[str], Mapping[str, str]]] = {
    "Pocket": (
        frozenset({"title", "url", "time_added", "tags", "status"}),
        {"title": "title", "link": "url", "categories": "tags"},
    ),
    "Instapaper": (
        frozenset({"url", "title", "selection", "folder", "timestamp"}),
        {"title": "title", "link": "url", "description": "selection"},
    ),
    "Readwise Reader": (
        frozenset({"title", "url", "id", "document tags", "saved date"}),
        {"title": "title", "link": "url", "categories": "document tags"},
    ),
}
"""The columns by which an export of a reading list is known, and those that are read.

The day of saving is none of them: it is not when an article was published.
"""


def read_columns(text: str) -> dict[str, str]:
    """Return the mapping that a person typed, `title=Headline,link=URL`; raises UsageError."""
    columns: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        field, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column or field not in USUAL:
            raise UsageError(
                f"{part!r} maps no column. Write FIELD=COLUMN with a field of: {', '.join(USUAL)}."
            )
        columns[field] = column
    if "title" not in columns and "description" not in columns:
        raise UsageError("The columns must name a title or a description.")
    return columns


def read_table(
    path: Path, name: str, columns: Mapping[str, str] | None = None
) -> Iterator[ParsedSource]:
    """Yield the rows of a table in parts; raises SourceError where it has no column that is meant.

    Without `columns` the usual names are looked for.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
            if path.suffix.lower() in LINES:
                yield from _parts(name, _json_rows(file, columns or {}))
            else:
                yield from _parts(name, _csv_rows(file, name, columns))
    except OSError as error:
        raise SourceError(f"can't be opened ({error.strerror}).", name) from error


Row = tuple[int, dict[str, str] | str]
"""A row's number, and its cells by field or why it can't be read."""


def _parts(name: str, rows: Iterator[Row]) -> Iterator[ParsedSource]:
    sample = list(islice(rows, _SAMPLE))
    dates = (cells["date"] for _, cells in sample if isinstance(cells, dict) and "date" in cells)
    day_first = reads_day_first(dates, "")
    intake = Intake(budget=Budget(MAX_ROWS, math.inf))
    for number, cells in chain(sample, rows):
        where = f"{name}, row {number}"
        if intake.stops(name):
            break
        if isinstance(cells, str):
            intake.reject(where, cells)
            continue
        raw = _raw(where, cells, day_first)
        intake.take(raw, source=raw.source or host_of(raw.link) or Path(name).stem)
        if intake.is_full:
            yield intake.parsed(name, Feed(url=""))
    if not intake.seen:
        intake.note(name, "holds no row")
    yield intake.parsed(name, Feed(url=""))


def _raw(where: str, cells: Mapping[str, str], day_first: bool | None) -> RawEntry:
    categories = cells.get("categories", "")[:10_000]
    if categories.startswith("[") and categories.endswith("]"):  # as Python writes a list
        categories = categories[1:-1].replace("'", "")
    separator = next((one for one in ";|" if one in categories), ",")
    return RawEntry(
        where=where,
        link=cells.get("link", ""),
        title=cells.get("title", ""),
        description=cells.get("description", ""),
        body=cells.get("body", ""),
        source=cells.get("source", ""),
        feed=cells.get("feed", ""),
        language=cells.get("language", ""),
        guid=cells.get("guid", ""),
        date=cells.get("date") or None,
        day_first=day_first,
        categories=tuple(categories.split(separator)),
    )


def _lines(file: TextIO) -> Iterator[str]:
    """Yield lines, the rest of one that is too long left out."""
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith("\n"):
            while (rest := file.readline(MAX_LINE)) and not rest.endswith("\n"):
                pass
            line += "\n"
        yield line


def _csv_rows(file: TextIO, name: str, columns: Mapping[str, str] | None) -> Iterator[Row]:
    lines = _lines(file)
    head = next(lines, "")
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(chain([head], lines), delimiter=delimiter)
    try:
        names = [cell.strip() for cell in next(reader, [])][:MAX_COLUMNS]
    except csv.Error as error:
        raise SourceError(f"is not a table ({error}).", name) from None
    places = _places(names, name, columns)
    number = 1
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield number, f"can't be read ({error})"
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield number, {field: row[place] for field, place in places.items() if place < len(row)}


def _places(names: list[str], name: str, columns: Mapping[str, str] | None) -> dict[str, int]:
    """Return where the column of each field is."""
    by_name = {one.casefold(): place for place, one in reversed(list(enumerate(names)))}
    if columns:
        missing = [column for column in columns.values() if column.casefold() not in by_name]
        if missing:
            raise SourceError(
                f"has no column {missing[0]!r}; it has {', '.join(names[:20])}.", name
            )
        return {field: by_name[column.casefold()] for field, column in columns.items()}
    for known, fields in READERS.values():
        if known <= by_name.keys():
            return {field: by_name[column] for field, column in fields.items()}
    places = {
        field: by_name[usual]
        for field, names_of in USUAL.items()
        if (usual := next((one for one in names_of if one in by_name), ""))
    }
    if "title" not in places and "description" not in places:
        raise SourceError(
            f"has no column for a title among {', '.join(names[:20])}. "
            "Name the columns: --columns title=COLUMN,link=COLUMN,date=COLUMN",
            name,
        )
    return places


def _json_rows(file: TextIO, columns: Mapping[str, str]) -> Iterator[Row]:
    for number, line in enumerate(_lines(file), 1):
        if not line.strip():
            continue
        try:
            row: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, f"is not JSON ({error})"
            continue
        if isinstance(row, dict):
            yield number, {field: _cell(row, column) for field, column in columns.items()}
        else:
            yield number, "is not an object with columns"


def _cell(row: Mapping[str, object], column: str) -> str:
    """Return a value as text; `a.b` is b within a where there is no column of that name."""
    value: object = row.get(column)
    if value is None and "." in column:
        value = row
        for key in column.split("."):
            value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, list):
        return ";".join(each for each in value[:100] if isinstance(each, str))
    if value is None or isinstance(value, bool | dict):
        return ""
    return str(value)
