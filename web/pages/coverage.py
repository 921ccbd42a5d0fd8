"""The page of coverage: which groups of sources tell what is searched for, and which do not."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from models.errors import QueryError
from search.request import Request
from web.context import app_context, library
from web.coverage import coverage
from web.search_state import SearchState

pages = Blueprint("coverage", __name__, url_prefix="/coverage")

SOURCES = 2_000
"""Sources of a search that are counted."""


@pages.get("")
def coverage_page() -> str:
    """Show the user's groups, and what each tells of a search."""
    text = " ".join(request.args.get("q", "").split())[: app_context().settings.max_query]
    told: list[tuple[str, str]] = []
    fault, total = "", 0
    hosts = library().store.articles.source_addresses()
    if text:
        try:
            found = library().searcher.search(
                Request(text=text, limit=0, facets=("source",), facet_size=SOURCES)
            )
        except QueryError as error:
            fault = str(error)
        else:
            total = found.total
            for value in found.facets["source"]:
                told += [(value.value, hosts.get(value.value, ""))] * value.count
    groups = library().coverage
    return render_template(
        "coverage.html",
        text=text,
        fault=fault,
        total=total,
        found=coverage(groups, told),
        groups=groups,
        state=SearchState(text=text),
    )
