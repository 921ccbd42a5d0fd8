"""The page of coverage: which groups of sources tell what is searched for, and which do not."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from models.errors import QueryError
from web.context import app_context, library
from web.coverage import coverage
from web.search_state import SearchState
from web.searching.covered import covered

pages = Blueprint("coverage", __name__, url_prefix="/coverage")


@pages.get("")
def coverage_page() -> str:
    """Show the user's groups, and what each tells of a search."""
    text = " ".join(request.args.get("q", "").split())[: app_context().settings.max_query]
    fault, total = "", 0
    found = coverage(library().coverage, ())
    try:
        total, found = covered(library(), text)
    except QueryError as error:
        fault = str(error)
    return render_template(
        "coverage.html",
        text=text,
        fault=fault,
        total=total,
        found=found,
        groups=library().coverage,
        state=SearchState(text=text),
    )
