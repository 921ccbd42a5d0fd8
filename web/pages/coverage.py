"""The page of coverage: which groups of sources tell what is searched for, and which do not."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from models.errors import QueryError
from web.context import app_context, library
from web.coverage import coverage
from web.search_state import SearchState
from web.searching.covered import covered
from web.tables import table_of

pages = Blueprint("coverage", __name__, url_prefix="/coverage")


@pages.get("")
def coverage_page() -> str | Response:
    """Show the user's groups, and what each tells of a search."""
    text = " ".join(request.args.get("q", "").split())[: app_context().settings.max_query]
    fault, total = "", 0
    found = coverage(library().coverage, ())
    try:
        total, found = covered(library(), text)
    except QueryError as error:
        fault = str(error)
    table = table_of(
        "coverage",
        ("group", "by", "articles", "sources"),
        lambda: ((each.group.name, each.group.kind, each.articles, each.sources) for each in found),
    )
    if table and not fault:
        return table
    return render_template(
        "coverage.html",
        text=text,
        fault=fault,
        total=total,
        found=found,
        groups=library().coverage,
        rows=len(found) if text and not fault else 0,
        state=SearchState(text=text),
    )
