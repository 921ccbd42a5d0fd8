"""All values of one facet of a search, to look one up in and narrow by: without a script."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, render_template, request

from models.errors import QueryError, UnsupportedQueryError
from search.request import FacetValue
from search.values import folded
from web import words
from web.context import app_context
from web.facets import chips, choices, filter_of
from web.formatting import language
from web.search_state import SearchState, requested_state
from web.searching.find import find
from web.tables import table_of

pages = Blueprint("facets", __name__)

COUNTED = 5_000
"""Values of a facet that can be looked through, the largest."""
SHOWN = 200
_ALTERNATIVES = ("topic", "source", "lang")
"""Facets that are counted as if nothing were chosen in them, so that another can be chosen."""


@pages.get("/facets/<name>")
def facet(name: str) -> tuple[str, int] | Response:
    """Show the values of a facet that have what is looked for (`find`) in their names."""
    if name not in words.FACETS:
        abort(404)
    here = app_context()
    state = requested_state().on_page(1)
    find = " ".join(request.args.get("find", "").split())[:100]
    values: tuple[FacetValue, ...] = ()
    fault = ""
    try:
        values = _counted(name, state)
    except (QueryError, UnsupportedQueryError) as error:
        fault = f"{str(error).rstrip('.')}."
    fitting = [value for value in values if folded(find) in _looked_through(name, value)]
    table = table_of(
        f"facet-{name}",
        ("value", "name", "articles"),
        lambda: ((each.value, each.name, each.count) for each in fitting),
    )
    if table:
        return table
    page = render_template(
        "facet.html",
        state=state,
        name=name,
        title=words.FACETS[name],
        find=find,
        fault=fault,
        values=len(values),
        fitting=len(fitting),
        choices=choices(name, state, fitting[:SHOWN]),
        chips=chips(state, here.library),
        capped=len(values) >= COUNTED,
    )
    return page, 400 if fault else 200


def _counted(name: str, state: SearchState) -> tuple[FacetValue, ...]:
    counted = state.without(filter_of(name)) if name in _ALTERNATIVES else state
    wanted = replace(counted.request(0, (name,)), facet_size=COUNTED)
    return find(wanted).facets[name]


def _looked_through(facet: str, value: FacetValue) -> str:
    """Return the names of a value, as they are compared."""
    shown = language(value.value) if facet == "lang" else _topic_name(value.value)
    return folded(f"{value.name} {value.value} {shown}")


def _topic_name(slug: str) -> str:
    known = app_context().library.topics.get(slug)
    return known.name if known else slug
