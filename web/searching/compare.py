"""The page that puts two to five searches beside each other: over time, by source, by language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from models.errors import QueryError, UnsupportedQueryError, UsageError
from search.comparison import FEWEST, MOST, SPANS, SearchFigures, Shares, compare_searches
from web import words
from web.charts.lines import Lines, first_day, last_day, lines
from web.context import app_context
from web.search_state import SearchState, requested_state
from web.tables import Row, table_of

pages = Blueprint("compare", __name__)

SHOWN = 20
"""Sources and languages that the tables show."""
COLUMNS = ("by", "value", "search", "articles", "share")

Narrow = Callable[[SearchState, str], SearchState]
"""Narrows a question to a time, a source or a language."""
Cell = tuple[int, float, SearchState]
"""The articles of one search, their share of all, and the question that leads to them."""


@dataclass(frozen=True, slots=True)
class Table:
    """What all searches found by time, source or language: a row a value, a cell a search.

    `left` is how many values have no row.
    """

    title: str
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    left: int


@pages.get("/compare")
def compare() -> Response | tuple[str, int]:
    """Compare the searches `q`, in counts or shares (`as`) a day, week or month (`by`)."""
    here = app_context()
    state = requested_state().saying("")
    queries = [" ".join(text.split())[: here.settings.max_query] for text in _typed()]
    asked = [text for text in queries if text][:MOST]
    by = request.args.get("by", SPANS[0])
    by = by if by in SPANS else SPANS[0]
    measure = request.args.get("as", "share")
    measure = measure if measure in words.MEASURES else "share"
    found: Sequence[SearchFigures] = ()
    fault = ""
    if len(asked) >= FEWEST:
        try:
            filters = state.request(0).filters
            found = compare_searches(here.library.searcher, asked, filters, by)
        except (QueryError, UnsupportedQueryError, UsageError) as error:
            fault = f"{str(error).rstrip('.')}."
            if isinstance(error, QueryError) and error.query:
                fault = f"“{error.query}” can\u2019t be read. {fault}"
    table = table_of("compared", COLUMNS, lambda: _rows(found, by))
    if table and not fault:
        return table
    page = render_template(
        "compare.html",
        filters=state,
        queries=[*asked, *[""] * MOST][: max(FEWEST, min(len(asked) + 1, MOST))],
        asked=asked,
        found=[(one, state.saying(one.query)) for one in found],
        picture=_picture(found, by, measure),
        tables=_tables(found, state, by) if found else (),
        by=by,
        spans=SPANS,
        measure=measure,
        measures=words.MEASURES,
        per=words.PER[by],
        rows=sum(1 for _ in _rows(found, by)),
        fault=fault,
        fewest=FEWEST,
        most=MOST,
    )
    return page, 400 if fault else 200


def _typed() -> list[str]:
    return request.args.getlist("q")


def _rows(found: Sequence[SearchFigures], by: str) -> Iterator[Row]:
    """Return every figure of a comparison: what was found in all, by time, source and language."""
    for one in found:
        yield "all", "", one.query, one.total, round(one.share, 6)
        values = ((by, one.over_time), ("source", one.sources), ("language", one.languages))
        for name, shares in values:
            for value, (count, share) in shares.items():
                yield name, value, one.query, count, round(share, 6)


def _picture(found: Sequence[SearchFigures], by: str, measure: str) -> Lines | None:
    at = 0 if measure == "count" else 1
    scale = 1 if measure == "count" else 100
    return lines(
        [{time: scale * cell[at] for time, cell in one.over_time.items()} for one in found], by
    )


def _tables(found: Sequence[SearchFigures], state: SearchState, by: str) -> tuple[Table, ...]:
    """Return what was found by time, all of it, and by source and language, the largest."""

    def of_time(question: SearchState, time: str) -> SearchState:
        since, until = first_day(time), last_day(time, by)
        return question.between(max(since, state.since or since), min(until, state.until or until))

    def of_value(name: str) -> Narrow:
        return lambda question, value: question.only(name, value)

    questions = [state.saying(one.query) for one in found]
    return (
        _table(by.capitalize(), [one.over_time for one in found], questions, of_time),
        _table("Source", [one.sources for one in found], questions, of_value("source"), SHOWN),
        _table("Language", [one.languages for one in found], questions, of_value("lang"), SHOWN),
    )


def _table(
    title: str,
    shares: Sequence[Shares],
    questions: Sequence[SearchState],
    narrow: Narrow,
    most: int | None = None,
) -> Table:
    values = list(shares[0])
    rows = tuple(
        (
            value,
            tuple(
                (*one[value], narrow(question, value))
                for one, question in zip(shares, questions, strict=True)
            ),
        )
        for value in values[:most]
    )
    return Table(title, rows, len(values) - len(rows))
