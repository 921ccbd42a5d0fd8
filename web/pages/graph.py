"""The page of names that stand together in what a search finds, as a picture to click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from models.errors import QueryError, UnsupportedQueryError
from web.charts.entity_graph import DRAWN, LOOKED_AT, NARROW, GraphOptions, entity_graph
from web.context import app_context
from web.facets import chips
from web.search_state import SearchState, requested_state
from web.searching.find import find
from web.tables import table_of

pages = Blueprint("graph", __name__)

ON_A_PHONE = 14
"""Names that have room on a narrow screen."""
MOST_DROPPED = 100


@dataclass(frozen=True, slots=True)
class GraphView:
    """The picture that is asked for, and the addresses of others near it."""

    state: SearchState
    shown: GraphOptions

    def address(self, **others: Any) -> str:
        """Return the address of this picture with other values for `type`, `drop`, `around`."""
        types = list(self.shown.types) if set(self.shown.types) != set(DRAWN) else []
        args: dict[str, Any] = dict(self.state.args())
        args |= {"type": types, "drop": list(self.shown.dropped), "around": self.shown.around}
        args |= others
        return url_for("graph.graph", **{name: value for name, value in args.items() if value})

    def dropping(self, key: str) -> str:
        """Return where a name is left out of the picture."""
        around = "" if self.shown.around == key else self.shown.around
        return self.address(drop=[*self.shown.dropped, key], around=around)


@pages.get("/graph")
def graph() -> str | Response:
    """Draw the names of a search; one that can't be read is explained on the search page."""
    here = app_context()
    state = requested_state().on_page(1)
    if len(state.text) > here.settings.max_query:
        return _explained(state)
    try:
        found = find(state.request(LOOKED_AT, facets=()))
    except (QueryError, UnsupportedQueryError):
        return _explained(state)
    named = [hit.entities for hit in found.hits]
    shown = _shown()
    picture = entity_graph(named, shown=shown)
    table = table_of(
        "graph",
        ("name", "type", "with", "with_type", "articles"),
        lambda: (
            (
                *(edge.first.name, edge.first.type),
                *(edge.second.name, edge.second.type),
                edge.together,
            )
            for edge in picture.edges
        ),
    )
    if table:
        return table
    on_a_phone = entity_graph(named, ON_A_PHONE, shown=shown, size=NARROW)
    nodes = {node.key: node for node in (*picture.nodes, *on_a_phone.nodes)}
    known = {entity.key: entity.name for entities in named for entity in entities}
    return render_template(
        "graph.html",
        state=state,
        found=found,
        chips=chips(state, here.library),
        view=GraphView(state, shown),
        types=DRAWN,
        dropped=[(key, known.get(key, key)) for key in shown.dropped],
        around=known.get(shown.around, ""),
        picture=picture,
        on_a_phone=on_a_phone,
        nodes=list(nodes.values()),
        numbers={key: at for at, key in enumerate(nodes, 1)},
    )


def _shown() -> GraphOptions:
    """Return what is asked to be in the picture; without a type, all of them."""
    asked = request.args.getlist("type")
    dropped = dict.fromkeys(key[:300] for key in request.args.getlist("drop")[:MOST_DROPPED])
    return GraphOptions(
        tuple(kind for kind in DRAWN if kind in asked) or DRAWN,
        tuple(dropped),
        request.args.get("around", "")[:300],
    )


def _explained(state: SearchState) -> Response:
    values: dict[str, Any] = dict(state.args())
    return redirect(url_for("search.results", **values))
