"""Many searches at once: a list of names or queries in, one row per query or per hit out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.errors import QueryError, UnsupportedQueryError, UsageError
from search.request import Hit, Request, Results, Searches

COLUMN = "query"
"""The column of a table that holds the queries; without it the first column does."""
MOST = 10_000
"""Queries of one batch."""
_LONGEST_FILE = 5_000_000


@dataclass(frozen=True, slots=True)
class BatchResult:
    """One query of a batch and what it found, or the `fault` for which it was not answered."""

    query: str
    results: Results | None
    fault: str = ""

    @property
    def hits(self) -> Sequence[Hit]:
        """The hits, none where the query was not answered."""
        return self.results.hits if self.results else ()


def read_queries(text: str) -> list[str]:
    """Return the queries of a list or of a CSV table with a header that has the column `query`.

    Without such a header every line is one; a line with commas needs quotes around, as CSV has it,
    or it is read as far as the comma. Empty lines are passed over. Raises `UsageError` where there
    are none or too many.
    """
    if len(text) > _LONGEST_FILE:
        raise UsageError(f"The list of queries is longer than {_LONGEST_FILE:,} characters")
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    except csv.Error as error:
        raise UsageError(f"The list of queries is not CSV ({error})") from error
    header = [name.strip().lower() for name in rows[0]] if rows else []
    at = header.index(COLUMN) if COLUMN in header else 0
    body = rows[1:] if COLUMN in header else rows
    found = [" ".join(row[at].split()) for row in body if len(row) > at and row[at].strip()]
    if not found:
        raise UsageError("There are no queries in the list: write one a line, or a column `query`")
    if len(found) > MOST:
        raise UsageError(f"The list has {len(found):,} queries; at most {MOST:,} can be asked")
    return found


def answer_all(
    searcher: Searches, queries: Sequence[str], request: Request
) -> Iterator[BatchResult]:
    """Yield what each query finds under the filters and limits of a request, in their order.

    A query that can't be read is a row with its fault, and the others are answered.
    """
    for query in queries:
        try:
            yield BatchResult(query, searcher.search(replace(request, text=query)))
        except (QueryError, UnsupportedQueryError) as error:
            yield BatchResult(query, None, str(error))
