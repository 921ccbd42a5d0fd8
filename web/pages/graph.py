"""The page of names that stand together in what a search finds, as a picture to click."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from models.errors import QueryError, UnsupportedQueryError
from web.charts.entity_graph import HEIGHT, WIDTH, entity_graph
from web.context import app_context
from web.facets import chips
from web.search_state import SearchState, requested_state

pages = Blueprint("graph", __name__)

LOOKED_AT = 400
"""Articles of the search whose names are drawn: the best, or the newest where nothing ranks."""


@pages.get("/graph")
def graph() -> str | Response:
    """Draw the names of a search; one that can't be read is explained on the search page."""
    here = app_context()
    state = requested_state().on_page(1)
    if len(state.text) > here.settings.max_query:
        return _explained(state)
    try:
        found = here.library.searcher.search(state.request(LOOKED_AT, facets=()))
    except (QueryError, UnsupportedQueryError):
        return _explained(state)
    return render_template(
        "graph.html",
        state=state,
        found=found,
        chips=chips(state, here.library),
        picture=entity_graph([hit.entities for hit in found.hits]),
        width=WIDTH,
        height=HEIGHT,
    )


def _explained(state: SearchState) -> Response:
    values: dict[str, Any] = dict(state.args())
    return redirect(url_for("search.results", **values))
