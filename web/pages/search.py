"""The search page: query and filters, hits and facets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, render_template

from models.errors import QueryError, UnknownValueError, UnsupportedQueryError
from search.engine import Sort
from search.query.excerpt import around_fault
from search.request import Results
from web.context import AppContext, app_context
from web.facets import chips, groups, list_choices, picture_of, presets
from web.pager import pager
from web.preferences.reader import preferences
from web.search_state import SearchState, requested_state
from web.searching.find import find

pages = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class QueryFault:
    """Why a query can't be parsed: a message, and the text before, at and after the fault.

    `nearest` are values to search for instead, each with its search.
    """

    message: str
    before: str = ""
    at: str = ""
    after: str = ""
    suggestion: str = ""
    nearest: tuple[tuple[str, SearchState], ...] = ()


@pages.get("/search")
def results() -> tuple[str, int]:
    """Search; where a query can't be parsed, the suggested correction is searched instead."""
    here = app_context()
    state = requested_state()
    found, fault = _search(state, here)
    shown = state.saying(fault.suggestion) if fault else state
    if fault and fault.suggestion:
        found, _ = _search(shown, here)
    size, most = preferences().size or here.settings.page_size, here.settings.max_pages
    place = pager(state.page, found.listed if found else 0, size, most)
    beyond = found is not None and state.page > place.last
    page = render_template(
        "search.html",
        state=state,
        shown=shown,
        found=found,
        fault=fault,
        pager=place,
        beyond=beyond,
        size=size,
        orders={sort.value: sort for sort in Sort},
        chips=chips(state, here.library),
        lists=list_choices(shown),
        groups=groups(shown, found) if found else (),
        presets=presets(shown, found) if found else (),
        picture=picture_of(found, here.library, shown) if found else None,
    )
    return page, 400 if fault else 404 if beyond else 200


def _search(state: SearchState, here: AppContext) -> tuple[Results | None, QueryFault | None]:
    most = here.settings.max_query
    if len(state.text) > most:
        words = f"The query has {len(state.text):,} characters; at most {most:,} are read."
        return None, QueryFault(words)
    if state.page > here.settings.max_pages:
        state = state.on_page(1)
    try:
        wanted = replace(state.request(preferences().size or here.settings.page_size), fold=True)
        found = find(wanted)
    except UnknownValueError as error:
        return None, _unknown(state, error)
    except QueryError as error:
        return None, _query_fault(state.text, error)
    except UnsupportedQueryError as error:
        return None, QueryFault(f"{str(error).rstrip('.')}.")
    return found, None


def _unknown(state: SearchState, error: UnknownValueError) -> QueryFault:
    """Offer the nearest values, where a filter of the page asks for one that does not exist."""
    offered = tuple(
        (value, state.toggled(error.field, error.value).toggled(error.field, value))
        for value in error.nearest
        if state.has(error.field, error.value)
    )
    return QueryFault(f"{error}.", nearest=offered)


def _query_fault(text: str, error: QueryError) -> QueryFault:
    message = f"{str(error).rstrip('.')}."
    if error.position is None:
        return QueryFault(message, suggestion=error.suggestion)
    return QueryFault(message, *around_fault(text, error.position), error.suggestion)
