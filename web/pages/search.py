"""The search page: words and filters in, hits with their facets out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, render_template

from models.errors import QueryError, UnknownValueError, UnsupportedQueryError
from search.engine import Sort
from search.request import Results
from web.context import AppContext, app_context
from web.facets import chips, groups, picture_of, presets
from web.pager import pager
from web.preferences.reader import preferences
from web.search_state import SearchState, requested_state

pages = Blueprint("search", __name__)

SHOWN_AROUND = 60
"""Characters of a long query that are shown on either side of a fault."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Why a query could not be read: the text before the fault, at it and after it.

    `nearest` are values to ask for instead, each with its question.
    """

    message: str
    before: str = ""
    at: str = ""
    after: str = ""
    suggestion: str = ""
    nearest: tuple[tuple[str, SearchState], ...] = ()


@pages.get("/search")
def results() -> tuple[str, int]:
    """Search; a query that can't be read is answered by its nearest reading."""
    here = app_context()
    state = requested_state()
    found, misread = _search(state, here)
    shown = state.saying(misread.suggestion) if misread else state
    if misread and misread.suggestion:
        found, _ = _search(shown, here)
    size, most = preferences().size or here.settings.page_size, here.settings.max_pages
    place = pager(state.page, found.listed if found else 0, size, most)
    beyond = found is not None and state.page > place.last
    page = render_template(
        "search.html",
        state=state,
        shown=shown,
        found=found,
        misread=misread,
        pager=place,
        beyond=beyond,
        size=size,
        orders={sort.value: sort for sort in Sort},
        chips=chips(state, here.library),
        groups=groups(shown, found) if found else (),
        presets=presets(shown, found) if found else (),
        picture=picture_of(found, here.library, shown) if found else None,
    )
    return page, 400 if misread else 404 if beyond else 200


def _search(state: SearchState, here: AppContext) -> tuple[Results | None, Misread | None]:
    most = here.settings.max_query
    if len(state.text) > most:
        words = f"The query has {len(state.text):,} characters; at most {most:,} are read."
        return None, Misread(words)
    if state.page > here.settings.max_pages:
        state = state.on_page(1)
    try:
        wanted = replace(state.request(preferences().size or here.settings.page_size), fold=True)
        return here.library.searcher.search(wanted), None
    except UnknownValueError as error:
        return None, _unknown(state, error)
    except QueryError as error:
        return None, _misread(state.text, error)
    except UnsupportedQueryError as error:
        return None, Misread(f"{str(error).rstrip('.')}.")


def _unknown(state: SearchState, error: UnknownValueError) -> Misread:
    """Offer the nearest values, where a filter of the page asks for one that does not exist."""
    offered = tuple(
        (value, state.toggled(error.field, error.value).toggled(error.field, value))
        for value in error.nearest
        if state.has(error.field, error.value)
    )
    return Misread(f"{error}.", nearest=offered)


def _misread(text: str, error: QueryError) -> Misread:
    message = f"{str(error).rstrip('.')}."
    if error.position is None:
        return Misread(message, suggestion=error.suggestion)
    at = min(max(error.position, 0), len(text))
    before, after = text[:at], text[at + 1 :]
    if len(before) > SHOWN_AROUND:
        before = "…" + before[-SHOWN_AROUND:]
    if len(after) > SHOWN_AROUND:
        after = after[:SHOWN_AROUND] + "…"
    return Misread(message, before, text[at : at + 1], after, error.suggestion)
