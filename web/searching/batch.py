"""The page of a batch: a list of names or queries in, a row for each, or for each hit, out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, render_template, request

from models.errors import BusyError, UnsupportedQueryError, UsageError
from search.batch import BatchResult, answer_all, read_queries
from search.engine import Sort
from search.request import Request, Searches
from web.accounts.access import reads_only
from web.context import app_context
from web.search_state import SearchState, requested_state
from web.searching.rows import as_csv, as_jsonl, rows_of

pages = Blueprint("batch", __name__)

MOST_QUERIES = 500
MOST_HITS = 50
MOST_SECONDS = 60.0
"""A list takes a thread that long at the most; queries that are left then say so."""
HITS = 10
FILE_TYPES = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class BatchForm:
    """What the form asks for: `hits` is a row per hit, up to `limit` for each query."""

    text: str = ""
    hits: bool = False
    limit: int = HITS
    download: str = ""


@pages.get("/search/batch")
def form() -> tuple[str, int]:
    """Show the form, narrowed as the search was that led here."""
    state = requested_state()
    return _page(state, BatchForm(text=state.text))


@pages.post("/search/batch")
@reads_only
def answer() -> tuple[str, int] | Response:
    """Ask every query of the list, and show the rows or send them as a file."""
    here = app_context()
    state = requested_state(request.form)
    wanted = BatchForm(request.form.get("queries", ""))
    try:
        wanted = _wanted()
        rows = _rows(here.library.searcher, state, wanted)
    except (UsageError, UnsupportedQueryError) as error:
        return _page(state, wanted, fault=f"{str(error).rstrip('.')}.")
    if not wanted.download:
        return _page(state, wanted, rows)
    lines = as_csv(rows, hits=wanted.hits) if wanted.download == "csv" else as_jsonl(rows)
    sent = Response("".join(lines), mimetype=FILE_TYPES[wanted.download])
    name = f"slugline-batch.{wanted.download}"
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


def _rows(searcher: Searches, state: SearchState, wanted: BatchForm) -> list[dict[str, Any]]:
    """Return the rows; raises UsageError for a list or filters that can't be used."""
    queries = read_queries(wanted.text)
    if len(queries) > MOST_QUERIES:
        raise UsageError(
            f"The list has {len(queries):,} queries; a page answers at most {MOST_QUERIES}, "
            "and `slugline search --batch` more"
        )
    size = wanted.limit if wanted.hits else 1
    asked = replace(state, text="", page=1, sort=state.sort or Sort.RELEVANCE).request(size, ())
    places = app_context().exports
    if not places.acquire(blocking=False):
        raise BusyError("Other lists or exports are being answered; try again in a minute.")
    try:
        searcher.search(replace(asked, limit=0))  # raises where the filters can't be met
        found = _answers(searcher, queries, asked)
        return list(rows_of(found, hits=wanted.hits))
    finally:
        places.release()


def _answers(searcher: Searches, queries: Sequence[str], asked: Request) -> Iterator[BatchResult]:
    ends = time.monotonic() + MOST_SECONDS
    for query in queries:
        if time.monotonic() < ends:
            yield from answer_all(searcher, [query], asked)
        else:
            yield BatchResult(
                query, None, f"not asked: the list took over {MOST_SECONDS:g} seconds"
            )


def _wanted() -> BatchForm:
    """Return what the form asks for; raises UsageError for what can't be read."""
    given = request.form
    text = given.get("queries", "")
    file = request.files.get("list")
    if file is not None and file.filename:
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError("The file is not UTF-8 text") from None
    limit = given.get("limit", str(HITS)).strip()
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= MOST_HITS):
        raise UsageError(f"A query has 1 to {MOST_HITS} hits, not {limit[:20]!r}")
    download = given.get("download", "")
    return BatchForm(
        text, given.get("rows") == "hits", int(limit), download if download in FILE_TYPES else ""
    )


def _page(
    state: SearchState,
    wanted: BatchForm,
    rows: Sequence[dict[str, Any]] | None = None,
    fault: str = "",
) -> tuple[str, int]:
    page = render_template(
        "batch.html",
        filters=state,
        wanted=wanted,
        rows=rows,
        fault=fault,
        most=MOST_QUERIES,
        most_hits=MOST_HITS,
    )
    return page, 400 if fault else 200
