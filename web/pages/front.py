"""The front page: newest articles, stories, topics and totals."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from flask import Blueprint, current_app, render_template

from models.errors import QueryError, UnknownValueError
from models.saved import SavedSearch
from models.tags import OTHER
from nlp.trends import find_trends
from search.engine import Sort
from search.request import Filters, Hit, Request, Results
from web.accounts.access import visitor
from web.charts.histogram import histogram
from web.context import app_context, library
from web.facets import counts_of
from web.pages.trends import leads
from web.saved.question import read_question
from web.search_state import SearchState
from web.searching.find import find
from web.stories import newest_day, top_of_day

pages = Blueprint("front", __name__)

NEWEST, OF_ONE_SOURCE = 12, 3
READ = 100
STORIES = 10
RISES, SAVED = 6, 6
KEPT, KEPT_SECONDS = "slugline-rises", 600
LANGUAGES = 6
SECTIONS, IN_SECTION = 6, 4


@pages.get("/")
def front() -> str:
    """Show the newest articles, by themselves and by topic, with the figures of all."""
    facets = ("topic", "person", "org", "place", "source", "lang", "day")
    found = find(Request(sort=Sort.NEWEST, limit=READ, facets=facets))
    if not found.total:
        return render_template("empty.html", articles=library().store.articles.count())
    newest = varied(found.hits)
    day = newest_day(library().store, datetime.now(UTC))
    shown = {hit.article.id for hit in newest}
    return render_template(
        "front.html",
        state=SearchState(),
        rises=rises(),
        saved=from_saved(),
        today=topics_of(day) if day else (),
        fresh=library().store.articles.span()[1],
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
class Rise:
    """Something that is in more of the news now than before: `ratio` times the share."""

    name: str
    address: str
    ratio: float


def rises() -> list[Rise]:
    """Return what rises most clearly, of all kinds; it is counted anew every ten minutes.

    Counting goes over five weeks of articles, which is more than the rest of the page.
    """
    kept: tuple[float, list[Rise]] | None = current_app.extensions.get(KEPT)
    now = time.monotonic()
    if kept is None or now - kept[0] > KEPT_SECONDS:
        kept = current_app.extensions[KEPT] = (now, _rises())
    return kept[1]


def _rises() -> list[Rise]:
    found = find_trends(library().store.trends, None, None, None, RISES)
    if found is None:
        return []
    every = [each for kind in found.rises.values() for each in kind]
    every.sort(key=lambda each: -each.rise.strength)
    return [
        Rise(each.rise.name, leads(each.rise.kind, each.rise.key)[0], each.rise.ratio)
        for each in every[:RISES]
    ]


def from_saved() -> list[tuple[SavedSearch, Hit]]:
    """Return the newest article of each search that whoever is asking has saved."""
    if visitor().role is None:
        return []
    here = app_context()
    found = []
    for each in library().store.saved.seen_by(visitor().name)[:SAVED]:
        state = read_question(each.question, here.settings)
        try:
            hits = find(replace(state, sort=Sort.NEWEST).request(1, ())).hits
        except QueryError:
            continue
        found += [(each, hits[0])] if hits else []
    return found


@dataclass(frozen=True, slots=True)
class TopicShare:
    """How much of a day's articles is about a topic, in percent."""

    slug: str
    articles: int
    percent: float


def topics_of(day: date) -> tuple[TopicShare, ...]:
    """Return the topics of a day by their share of its articles."""
    state = SearchState(since=day, until=day)
    found = find(replace(state.request(0, ("topic",)), limit=0))
    return tuple(
        TopicShare(each.value, each.count, round(100 * each.count / found.total, 1))
        for each in found.facets.get("topic", ())
        if found.total and each.value != OTHER
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
        without = find(Request(filters=Filters(topics=(OTHER,)), limit=0, facets=("lang",)))
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
