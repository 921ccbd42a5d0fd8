"""The pages of sources: who publishes, how much, and about what."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from search.engine import Sort
from search.request import Filters, Request
from web.charts.histogram import histogram
from web.context import library
from web.errors import MissingError
from web.facets import counts_of
from web.search_state import LONGEST_VALUE, SearchState

pages = Blueprint("sources", __name__, url_prefix="/sources")

NEWEST = 20


def source_address(name: str) -> str:
    """Return the address of a source's page, of its articles where no address can hold its name."""
    if {"", ".", ".."} & set(name.split("/")):
        return url_for("search.results", source=name)
    return url_for("sources.source", name=name)


@pages.get("")
def sources() -> str:
    """List the publishers, largest first."""
    found = library().store.articles.sources()
    largest = max((count for _, count in found), default=0)
    total = sum(count for _, count in found)
    return render_template("sources.html", sources=found, largest=largest, total=total)


@pages.get("/<path:name>")
def source(name: str) -> str:
    """Show one publisher: its days, its topics, its entities, its newest articles."""
    known = dict(library().store.articles.sources())
    if name not in known:
        nearby = (
            ("All sources", url_for("sources.sources")),
            ("Search for it", url_for("search.results", q=name[:LONGEST_VALUE])),
        )
        raise MissingError(f"There is no source {name[:60]!r}.", nearby)
    facets = ("topic", "person", "org", "place", "lang", "day")
    filters = Filters(sources=(name,))
    found = library().searcher.search(
        Request(filters=filters, sort=Sort.NEWEST, limit=NEWEST, facets=facets)
    )
    return render_template(
        "source.html",
        name=name,
        articles=known[name],
        found=found,
        state=SearchState(sources=(name,)),
        picture=histogram(counts_of(found, "day")),
    )
