"""CSV for spreadsheets: one article a row, lists joined by semicolons (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from export.columns import CSV_COLUMNS
from export.files import OneFile
from export.record import Record, iso
from export.shape import Shape

FORMULA_STARTS = frozenset("=+-@\t\r")


class Csv(OneFile):
    """One row an article; mentions and earlier versions have no place here (JSONL has them)."""

    def chunks(self, records: Iterable[Record], shape: Shape) -> Iterator[str]:
        """Yield a row of column names, then one row an article."""
        places = [CSV_COLUMNS.index(name) for name in shape.columns]
        # The mark tells Excel that this is UTF-8; other readers skip it.
        yield "\N{ZERO WIDTH NO-BREAK SPACE}"
        # The writer gives back what the file does, which is the line.
        line = csv.writer(_Line()).writerow
        yield line(shape.columns)
        for record in records:
            cells = _cells(record)
            yield line([harmless(cells[place]) for place in places])


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell


def _cells(record: Record) -> tuple[str, ...]:
    """Return the cells of an article, what is listed joined by semicolons."""
    article, topics = record.tagged.article, record.tagged.topics
    named: dict[str, list[str]] = {"person": [], "org": [], "place": [], "other": []}
    for entity in record.tagged.entities:
        named[entity.type if entity.type in named else "other"].append(entity.name)
    return (
        article.id,
        article.url,
        article.title,
        article.summary,
        article.source,
        article.feed,
        article.section,
        article.language,
        iso(article.published) or "",
        iso(article.fetched) or "",
        "; ".join(topic.slug for topic in topics),
        "; ".join(f"{topic.score:.4f}" for topic in topics),
        record.tagged.cluster,
        *("; ".join(names) for names in named.values()),
        article.duplicate_of or "",
        str(article.version),
    )
