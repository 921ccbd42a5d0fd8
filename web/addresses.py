"""Addresses of pages, made once: a page of hits has hundreds of them.

Flask looks up rules and defaults for each address, which took half of the time of a page of hits.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import flask
from flask import request

from web.search_state import SearchState

_SEARCH = "search.results"
"""The page that nearly all addresses with a query lead to; its path has no parts to fill in."""
_SAFE = "!$'()*,/:;?@"
"""What stays as it is in the query of an address, as Werkzeug writes it."""


def url_for(endpoint: str, **values: Any) -> str:
    """Return the address of a page, as Flask's function of the same name does for templates."""
    if any(name.startswith("_") for name in values):
        return flask.url_for(endpoint, **values)
    root = request.script_root
    if endpoint == _SEARCH:
        query = "&".join(
            f"{name}={_quoted(str(one))}"
            for name, value in values.items()
            if value is not None
            for one in (value if isinstance(value, list | tuple) else (value,))
        )
        path = _kept(root, endpoint, ())
        return f"{path}?{query}" if query else path
    try:
        return _kept(root, endpoint, tuple(values.items()))
    except TypeError:  # a list can't be looked up
        return flask.url_for(endpoint, **values)


def search_address(question: SearchState) -> str:
    """Return the address of the page that answers a question."""
    return _search_address(request.script_root, question)


@lru_cache(maxsize=20_000)
def _quoted(value: str) -> str:
    """Return a value as it stands in an address; those of facets come again on every page."""
    return quote_plus(value, safe=_SAFE)


@lru_cache(maxsize=2_000)
def _search_address(root: str, question: SearchState) -> str:  # noqa: ARG001 - below that root
    """Return the address of a question; a picture and its table lead to the same ones."""
    return url_for(_SEARCH, **question.args())


@lru_cache(maxsize=20_000)
def _kept(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:  # noqa: ARG001
    """Return an address below the root that a proxy gave this application."""
    return flask.url_for(endpoint, **dict(values))
