"""The results of a batch of queries as CSV or JSON Lines, a row per query or per hit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from export.formats.csv import harmless

if TYPE_CHECKING:
    from search.batch import BatchResult

QUERY_COLUMNS = ("query", "total", "strict", "best_id", "best_title", "best_url", "error")
HIT_COLUMNS = ("query", "rank", "id", "title", "url", "source", "language", "published", "score")


def rows_of(answered: Iterable[BatchResult], *, hits: bool) -> Iterator[dict[str, Any]]:
    """Yield the rows: one a query, or one a hit, where a query without hits has none."""
    for one in answered:
        if hits:
            yield from _hit_rows(one)
        else:
            yield _query_row(one)


def _query_row(one: BatchResult) -> dict[str, Any]:
    best = one.hits[0].article if one.hits else None
    values = (
        one.query,
        one.results.total if one.results else None,
        one.results.strict if one.results else None,
        best.id if best else None,
        best.title if best else None,
        best.url if best else None,
        one.fault or None,
    )
    return dict(zip(QUERY_COLUMNS, values, strict=True))


def _hit_rows(one: BatchResult) -> Iterator[dict[str, Any]]:
    from export.record import iso

    for rank, hit in enumerate(one.hits, 1):
        article = hit.article
        values = (
            one.query,
            rank,
            article.id,
            article.title,
            article.url,
            article.source,
            article.language or None,
            iso(article.published),
            round(hit.score, 4),
        )
        yield dict(zip(HIT_COLUMNS, values, strict=True))


def as_csv(rows: Iterable[dict[str, Any]], *, hits: bool) -> Iterator[str]:
    """Yield CSV with a header, line by line; what a spreadsheet would run is made text."""
    columns = HIT_COLUMNS if hits else QUERY_COLUMNS
    yield _line(columns)
    for row in rows:
        yield _line([_cell(row[name]) for name in columns])


def as_jsonl(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield JSON lines."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else value


def _line(values: Iterable[Any]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(values)
    return file.getvalue()
