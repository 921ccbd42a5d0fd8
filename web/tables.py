"""Lists of pages as CSV and JSON files.

A page that lists topics, names, sources or the like has its rows at its own address with `format`,
so that all its filters hold: `/sources?q=post&format=csv`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

from export.formats.csv import harmless, table
from export.record import iso
from web.canonical import address_with

MEDIA_TYPES = {"csv": "text/csv", "json": "application/json"}

Value = str | int | float | datetime | Sequence[str] | None
Row = Sequence[Value]


def register(app: Flask) -> None:
    """Let templates say where the rows of their list are."""
    app.context_processor(lambda: {"table_address": table_address})


def table_address(form: str) -> str:
    """Return the address of all rows of the list that is being shown, as `csv` or `json`."""
    return address_with("format", form, without=("page",))


def table_of(
    name: str, columns: Sequence[str], rows: Callable[[], Iterable[Row]]
) -> Response | None:
    """Return a list as the file that `format` asks for; None where a page is asked for.

    `name` is that of the file; `rows` is called only for a file. Raises BadRequest for a format
    that is not known.
    """
    form = request.args.get("format", "")
    if not form:
        return None
    if form not in MEDIA_TYPES:
        raise BadRequest("A list is given as csv or json.")
    pieces = (_csv if form == "csv" else _json)(columns, rows())
    answer = Response(pieces, mimetype=MEDIA_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="slugline-{name}.{form}"'
    return answer


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    return table(columns, ([_cell(value) for value in row] for row in rows))


def _json(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    between = "["
    for row in rows:
        values = dict(zip(columns, map(_plain, row), strict=True))
        yield f"{between}{json.dumps(values, ensure_ascii=False)}"
        between = ",\n"
    yield "[]\n" if between == "[" else "]\n"


def _cell(value: Value) -> str | int | float:
    """Return a value as a cell; a text is made harmless, a number needs no guard."""
    plain = _plain(value)
    if plain is None or isinstance(plain, int | float):
        return "" if plain is None else plain
    return harmless(plain if isinstance(plain, str) else "; ".join(plain))


def _plain(value: Value) -> str | int | float | list[str] | None:
    if isinstance(value, datetime):
        return iso(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return list(value)
