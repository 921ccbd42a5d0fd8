"""CSV for spreadsheets: one article a row, lists joined by semicolons (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from export.record import Record, iso
from export.whole_file import whole_file

COLUMNS = (
    *("id", "url", "title", "summary", "source", "feed", "section", "language", "published"),
    *("fetched", "topics", "topic_scores", "cluster", "persons", "orgs", "places"),
    *("other_entities", "duplicate_of", "version"),
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Csv:
    """One row an article; mentions and earlier versions have no place here (JSONL has them)."""

    name = "csv"
    suffix = ".csv"

    def write(
        self, records: Iterable[Record], out: Path, written: Callable[[], None]
    ) -> tuple[Path, ...]:
        """Write all records to one file, under a row of column names."""
        with whole_file(out) as file:
            # The mark tells Excel that this is UTF-8; other readers skip it.
            file.write("\N{ZERO WIDTH NO-BREAK SPACE}")
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for record in records:
                writer.writerow(harmless(cell) for cell in _cells(record))
                written()
        return (out,)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _cells(record: Record) -> tuple[str, ...]:
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
