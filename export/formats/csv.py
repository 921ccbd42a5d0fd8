"""CSV for spreadsheets: one article a row, lists joined by semicolons (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from export.columns import CSV_COLUMNS, CSV_NOTES
from export.files import OneFile
from export.record import Record, iso, note_lines
from export.write_options import WriteOptions
from models.batches import batches

ROWS = 200
"""Rows that are written at a time."""
FORMULA_STARTS = frozenset("=+-@\t\r")


class Csv(OneFile):
    """One row an article; mentions and earlier versions have no place here (JSONL has them)."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Return a row of column names, then rows, one an article, some hundred at a time."""
        chosen = _chosen(options.columns)
        return table(options.columns, (chosen(_cells(record)) for record in records))


def table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield a row of column names, then rows, some hundred at a time."""
    # The mark tells Excel that this is UTF-8; other readers skip it.
    page = io.StringIO("\N{ZERO WIDTH NO-BREAK SPACE}", newline="")
    page.seek(0, io.SEEK_END)
    writer = csv.writer(page)
    writer.writerow(columns)
    yield page.getvalue()
    for batch in batches(rows, ROWS):
        page.seek(0)
        page.truncate()
        writer.writerows(batch)
        yield page.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell


def _chosen(columns: tuple[str, ...]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what takes the cells of some columns out of all cells, in their order."""
    if columns == CSV_COLUMNS:
        return lambda cells: cells[: len(CSV_COLUMNS)]
    places = [(*CSV_COLUMNS, *CSV_NOTES).index(name) for name in columns]
    return lambda cells: [cells[place] for place in places]


def _cells(record: Record) -> tuple[str, ...]:
    """Return the cells of an article, what is listed joined by semicolons.

    What a stranger wrote is made harmless; ids, dates, scores and slugs can't be a formula.
    """
    article, topics = record.tagged.article, record.tagged.topics
    named: dict[str, list[str]] = {"person": [], "org": [], "place": []}
    other: list[str] = []
    for entity in record.tagged.entities:
        named.get(entity.type, other).append(entity.name)
    return (
        article.id,
        harmless(article.url),
        harmless(article.title),
        harmless(article.summary),
        harmless(article.source),
        harmless(article.feed),
        harmless(article.section),
        harmless(article.language),
        iso(article.published) or "",
        iso(article.fetched) or "",
        "; ".join([topic.slug for topic in topics]),
        "; ".join([f"{topic.score:.4f}" for topic in topics]),
        record.tagged.cluster,
        harmless("; ".join(named["person"])),
        harmless("; ".join(named["org"])),
        harmless("; ".join(named["place"])),
        harmless("; ".join(other)),
        article.duplicate_of or "",
        str(article.version),
        harmless("\n".join(note_lines(record))),
        harmless("; ".join(tag for each in record.provenance.lists for tag in each.tags)),
    )
