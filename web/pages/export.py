"""The page that exports what a search finds: it says how many articles come, then gives them."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, render_template, request

from export.columns import CSV_COLUMNS, NAMES
from export.format import FORMATS, format_named
from export.request import SPLITS, STRATA, ExportRequest, column_names
from models.errors import UnsupportedQueryError, UsageError
from web.api.questions import MANY_LISTS
from web.context import app_context
from web.export_plan import ExportPlan
from web.exports import exporter, send
from web.search_state import SearchState, requested_state
from web.words import FORMAT_USES

pages = Blueprint("export", __name__)

LONGEST_COLUMNS = 1_000
LONGEST_LIST = 200
LARGEST_SAMPLE = 10**9
Page = tuple[str, int]


@pages.get("/export")
def form() -> Page:
    """Show what can be chosen, and how many articles the choice has."""
    state = _state()
    try:
        return _page(state, exporter(_kept()).count(_plan(state)))
    except (UsageError, UnsupportedQueryError) as error:
        return _page(state, None, str(error), 400)


@pages.get("/export/file")
def file() -> Page | Response:
    """Send the export, or show the form again where the choice has another number of articles."""
    state = _state()
    try:
        sent = send(_plan(state), _kept(), _number("rows"))
    except (UsageError, UnsupportedQueryError) as error:
        return _page(state, None, str(error), 400)
    if isinstance(sent, int):
        words = "The number of articles is another one now. Download once more to have them."
        return _page(state, sent, words, 409)
    return sent


def _page(state: SearchState, count: int | None, message: str = "", status: int = 200) -> Page:
    page = render_template(
        "export.html",
        state=state,
        count=count,
        message=message,
        formats=FORMATS,
        uses=FORMAT_USES,
        given=request.args,
        splits=SPLITS,
        strata=STRATA,
        dataset_columns=NAMES,
        csv_columns=CSV_COLUMNS,
        noted={each.name: each.note_columns for each in FORMATS if each.note_columns},
        without_notes=[each.name for each in FORMATS if each.no_notes],
        kept=_kept(),
    )
    return page, status


def _state() -> SearchState:
    here = app_context()
    state = requested_state()
    state = replace(state, lists=tuple(name for name in state.lists if name.startswith("-")))
    return state.on_page(1).saying(state.text[: here.settings.max_query])


def _plan(state: SearchState) -> ExportPlan:
    """Return what the form asks for; raises UsageError for what can't be done."""
    given = request.args
    if len(given.getlist("list")) > 1:
        raise UsageError(MANY_LISTS)
    chosen = format_named(given.get("format") or FORMATS[0].name)
    options = ExportRequest(
        columns=column_names(given.get("columns", "")[:LONGEST_COLUMNS]),
        text="text" in given,
        split=given.get("split", ""),
        sample=min(_number("sample") or 0, LARGEST_SAMPLE),
        stratify=given.get("stratify", ""),
        gold="gold" in given,
        partition="month" if "month" in given else "",
        describe="describe" in given,
    )
    filters = state.request(0).filters
    return ExportPlan(chosen, options, state.text, filters, spellings=not state.as_typed)


def _kept() -> str:
    """Return the name or number of the list that is asked for, "" for none."""
    return request.args.get("list", "")[:LONGEST_LIST]


def _number(name: str) -> int | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"{text[:20]!r} is not a number of articles.")
    return int(text[:12])
