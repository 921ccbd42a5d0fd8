"""The front page: what came last, what it is about, and how much there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, render_template

from models.errors import UnknownValueError
from models.tags import OTHER
from search.engine import Sort
from search.request import Filters, Hit, Request, Results
from web.charts.histogram import histogram
from web.context import library
from web.facets import counts_of
from web.search_state import SearchState
from web.stories import newest_day, top_of_day

pages = Blueprint("front", __name__)

NEWEST, OF_ONE_SOURCE = 12, 3
READ = 100
STORIES = 10
LANGUAGES = 6
SECTIONS, IN_SECTION = 6, 4


@pages.get("/")
def front() -> str:
    """Show the newest articles, by themselves and by topic, with the figures of all."""
    facets = ("topic", "person", "org", "place", "source", "lang", "day")
    found = library().searcher.search(Request(sort=Sort.NEWEST, limit=READ, facets=facets))
    if not found.total:
        return render_template("empty.html", articles=library().store.articles.count())
    newest = varied(found.hits)
    day = newest_day(library().store, datetime.now(UTC))
    shown = {hit.article.id for hit in newest}
    return render_template(
        "front.html",
        state=SearchState(),
        most=OF_ONE_SOURCE,
        total=found.total,
        newest=newest,
        sections=by_topic(tuple(hit for hit in found.hits if hit.article.id not in shown)),
        facets=found.facets,
        picture=histogram(counts_of(found, "day")),
        story_day=day,
        languages=languages(found),
        stories=top_of_day(library().store, day, STORIES)[0] if day else (),
    )


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the articles; `share` of them has topics, None where no model reads it."""

    code: str
    articles: int
    share: float | None


def languages(found: Results) -> tuple[Language, ...]:
    """Return the languages of what was found, the most frequent first, with how well it is tagged.

    Of a language without a topic model, topics that publishers or people gave are not counted.
    """
    explainer = library().explainer
    modelled = explainer.languages if explainer else ()
    try:
        without = library().searcher.search(
            Request(filters=Filters(topics=(OTHER,)), limit=0, facets=("lang",))
        )
    except UnknownValueError:  # every article has a topic
        other = {}
    else:
        other = dict(counts_of(without, "lang"))
    return tuple(
        Language(
            each.value,
            each.count,
            1 - other.get(each.value, 0) / each.count if each.value in modelled else None,
        )
        for each in found.facets.get("lang", ())[:LANGUAGES]
    )


def varied(hits: tuple[Hit, ...]) -> list[Hit]:
    """Return the first hits, but only so many of one source: feeds arrive in bursts."""
    seen: Counter[str] = Counter()
    chosen: list[Hit] = []
    for hit in hits:
        seen[hit.article.source] += 1
        if seen[hit.article.source] <= OF_ONE_SOURCE and len(chosen) < NEWEST:
            chosen.append(hit)
    return chosen


def by_topic(hits: tuple[Hit, ...]) -> list[tuple[str, list[Hit]]]:
    """Return the topics that most of some hits are about, each with its first few."""
    topics: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.topics:
            topics.setdefault(hit.topics[0].slug, []).append(hit)
    largest = sorted(topics.items(), key=lambda item: -len(item[1]))[:SECTIONS]
    return [(slug, found[:IN_SECTION]) for slug, found in largest]
