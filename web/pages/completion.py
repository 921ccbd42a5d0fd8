"""Completion while typing, without a script of ours: the browser asks, once it knows the search.

`/opensearch.xml` tells a browser where to search and where to ask how a word may go on (OpenSearch
description and suggestions, draft 1.1); it then offers Slugline in its address bar.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request

from models.errors import EngineError
from web.context import library

pages = Blueprint("completion", __name__)

LONGEST = 200
"""Characters of a query that is still completed."""
OFFERED = 8


@pages.get("/opensearch.xml")
def description() -> Response:
    """Tell a browser how to search here."""
    found = render_template("opensearch.xml")
    return Response(found, mimetype="application/opensearchdescription+xml")


@pages.get("/complete")
def complete() -> Response:
    """Return how a query may go on, likeliest first, as browsers expect it."""
    text = request.args.get("q", "")
    offered: tuple[str, ...] = ()
    if len(text) <= LONGEST:
        try:
            offered = library().searcher.complete(text, OFFERED)
        except EngineError:
            offered = ()  # whoever types on needs no error
    answer = json.dumps([text, list(offered)])
    return Response(answer, mimetype="application/x-suggestions+json")
