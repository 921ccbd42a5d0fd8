"""The pages of topics: all of them, and each with what it is about."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from models.tags import OTHER
from nlp.topics.taxonomy import Topic
from search.request import Filters
from web.canonical import nearest
from web.context import library
from web.errors import MissingError
from web.facets import picture_of
from web.latest import latest
from web.search_state import SearchState
from web.tables import table_of

COLUMNS = ("slug", "name", "description", "articles")

pages = Blueprint("topics", __name__, url_prefix="/topics")


@pages.get("")
def topics() -> str | Response:
    """List the topics with their numbers of articles, largest first."""
    counts = library().store.tags.topics()
    known = dict(library().topics)
    for slug in counts:
        known.setdefault(slug, _unnamed(slug))
    ordered = sorted(known.values(), key=lambda topic: (-counts.get(topic.slug, 0), topic.name))
    table = table_of(
        "topics",
        COLUMNS,
        lambda: (
            (each.slug, each.name, each.description, counts.get(each.slug, 0)) for each in ordered
        ),
    )
    return table or render_template(
        "topics.html",
        topics=ordered,
        counts=counts,
        largest=max(counts.values(), default=0),
        articles=library().store.articles.count(),
    )


@pages.get("/<slug>")
def topic(slug: str) -> str | Response:
    """Show one topic: its days, its entities, its sources, its newest articles."""
    known = library().topics.get(slug)
    filters = Filters(topics=(slug,))
    facets = ("person", "org", "place", "source", "lang", "day")
    if known is None and slug != OTHER and slug not in library().store.tags.topics():
        names = {each.slug: each.name for each in library().topics.values()}
        found_slug = nearest(slug, names)
        if found_slug:
            return redirect(url_for("topics.topic", slug=found_slug))
        from nlp.topics.lookup import topics_for

        meant = topics_for(slug[:60], tuple(library().topics.values()))
        nearby = (
            *((library().topics[each].name, url_for("topics.topic", slug=each)) for each in meant),
            ("All topics", url_for("topics.topics")),
        )
        raise MissingError(f"There is no topic {slug[:60]!r}.", nearby)
    found, place = latest(filters, facets)
    return render_template(
        "topic.html",
        topic=known or _unnamed(slug),
        found=found,
        pager=place,
        state=SearchState(topics=(slug,)),
        clusters=library().store.clusters.all(slug),
        picture=picture_of(found, library(), SearchState()),
    )


def _unnamed(slug: str) -> Topic:
    """Describe a topic that tags name but the taxonomy does not."""
    if slug == OTHER:
        return Topic(slug, "Other", "Articles that fit none of the topics.")
    return Topic(slug, slug, "A topic of earlier tagging that the taxonomy no longer names.")
