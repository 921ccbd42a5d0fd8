"""URLs of pages, cached: a page of hits contains hundreds of them.

Flask looks up rules and defaults for each address, which took half of the time of a page of hits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

import flask
from flask import request

from web.charts.histogram import Bar
from web.search_state import SearchState

_SEARCH = "search.results"
"""The page that nearly all addresses with a query lead to; its path has no parts to fill in."""
_SAFE = "!$'()*,/:;?@"
"""What stays as it is in the query of an address, as Werkzeug writes it."""
_PLACE = "  "
"""Stands for a value that is still to come: no value that was read has two spaces side by side."""
_PLACE_DAY = date(1, 1, 1)
"""Stands for a day that is still to come: earlier than any that can be asked for."""


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


def entity_address(key: str) -> str:
    """Return the address of the page of an entity."""
    kind, _, slug = key.partition("/")
    return url_for("entities.entity", kind=kind, slug=slug)


def addresses_with(question: SearchState, name: str) -> Callable[[str], str]:
    """Return what gives the address of a question with one more value of a filter.

    A page of hits has two such addresses for each of 70 values, which differ in the value alone. Of
    values that are in force already, and those taken out, ask `search_address`.
    """
    return _with_values(lambda value: question.toggled(name, value))


def addresses_either(question: SearchState, name: str) -> Callable[[str], str] | None:
    """Return what gives the address of a question with another value in the place of the last.

    None where `SearchState.either` is.
    """
    if question.either(name, _PLACE) is None:
        return None
    return _with_values(lambda value: question.either(name, value) or question)


def _with_values(narrowed: Callable[[str], SearchState]) -> Callable[[str], str]:
    before, found, after = search_address(narrowed(_PLACE)).partition(_quoted(_PLACE))
    if not found or _quoted(_PLACE) in after:  # it was typed by someone
        return lambda value: search_address(narrowed(value))
    return lambda value: f"{before}{_quoted(value)}{after}"


def addresses_between(question: SearchState, bars: Iterable[Bar]) -> list[str]:
    """Return the addresses of a question for the days of each bar of a picture."""
    place = f"since={_PLACE_DAY}&until={_PLACE_DAY}"
    before, _, after = search_address(question.between(_PLACE_DAY, _PLACE_DAY)).rpartition(place)
    return [f"{before}since={bar.first}&until={bar.last}{after}" for bar in bars]


@lru_cache(maxsize=20_000)
def _quoted(value: str) -> str:
    """Return a value as it stands in an address; those of facets come again on every page."""
    return quote_plus(value, safe=_SAFE)


@lru_cache(maxsize=2_000)
def _search_address(root: str, question: SearchState) -> str:  # noqa: ARG001 - below that root
    """Return the address of a question; a picture and its table lead to the same ones."""
    return url_for(_SEARCH, **question.args())


@lru_cache(maxsize=20_000)
def _kept(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:  # noqa: ARG001 - as above
    """Return an address below the root that a proxy gave this application."""
    return flask.url_for(endpoint, **dict(values))
