"""The page of names that stand together in what a search finds, as a picture to click."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from models.errors import QueryError
from web.asked import Asked, read_asked
from web.constellation import HEIGHT, WIDTH, constellation
from web.library import house
from web.parts import chips

pages = Blueprint("graph", __name__)

LOOKED_AT = 400
"""Articles of the search whose names are drawn: the best, or the newest where nothing ranks."""


@pages.get("/graph")
def graph() -> str | Response:
    """Draw the names of a search; one that can't be read is explained on the search page."""
    here = house()
    asked = replace(read_asked(request.args, here.settings, datetime.now(UTC)), page=1)
    if len(asked.text) > here.settings.max_query:
        return _explained(asked)
    try:
        found = here.library.searcher.search(asked.request(LOOKED_AT, facets=()))
    except QueryError:
        return _explained(asked)
    return render_template(
        "graph.html",
        asked=asked,
        found=found,
        chips=chips(asked, here.library),
        picture=constellation([hit.entities for hit in found.hits]),
        width=WIDTH,
        height=HEIGHT,
    )


def _explained(asked: Asked) -> Response:
    values: dict[str, Any] = dict(asked.args())
    return redirect(url_for("search.results", **values))
