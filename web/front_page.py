"""The front page: what came last, what it is about, and how much there is."""

from __future__ import annotations

from flask import Blueprint, render_template

from search.engine import Sort
from search.request import Hit, Request
from web.asked import Asked
from web.histogram import histogram
from web.library import library
from web.parts import counts_of

pages = Blueprint("front", __name__)

NEWEST = 12
READ = 100
SECTIONS, IN_SECTION = 6, 4


@pages.get("/")
def front() -> str:
    """Show the newest articles, by themselves and by topic, with the figures of all."""
    facets = ("topic", "person", "org", "place", "source", "day")
    found = library().searcher.search(Request(sort=Sort.NEWEST, limit=READ, facets=facets))
    if not found.total:
        return render_template("empty.html", articles=library().store.articles.count())
    newest, rest = found.hits[:NEWEST], found.hits[NEWEST:]
    return render_template(
        "front.html",
        asked=Asked(),
        total=found.total,
        newest=newest,
        sections=by_topic(rest),
        facets=found.facets,
        picture=histogram(counts_of(found, "day")),
    )


def by_topic(hits: tuple[Hit, ...]) -> list[tuple[str, list[Hit]]]:
    """Return the topics that most of some hits are about, each with its first few."""
    topics: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.topics:
            topics.setdefault(hit.topics[0].slug, []).append(hit)
    largest = sorted(topics.items(), key=lambda item: -len(item[1]))[:SECTIONS]
    return [(slug, found[:IN_SECTION]) for slug, found in largest]
