"""The pages of stories: those of a day, and each with its days, who tells it, and its feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from export.formats.feeds import atom
from models.errors import NotFoundError, UnknownValueError
from models.stories import Story
from search.request import FacetValue, Filters, Request
from web.charts.histogram import histogram
from web.context import library
from web.coverage import coverage
from web.errors import MissingError
from web.latest import SIZE, place_in
from web.pages.feeds import MOST, feed_of
from web.search_state import SearchState, read_day
from web.searching.find import find
from web.stories import newest_day, top_of_day, view_of
from web.tables import table_of

pages = Blueprint("stories", __name__, url_prefix="/stories")

SHOWN = 60
"""Stories on a page."""
FACETS = ("topic", "person", "org", "place")
COLUMNS = ("id", "name", "first", "last", "articles", "sources", "articles_of_story")


@pages.get("")
def stories() -> str | AnyResponse:
    """Show the stories of a day, those that most sources tell first."""
    day = read_day(request.args.get("day", "")) or newest_day(library().store, datetime.now(UTC))
    topic = " ".join(request.args.get("topic", "").split())[:60]
    if day is None:
        return render_template("stories.html", day=None, found=(), total=0, topic=topic, topics=())
    every, total = top_of_day(library().store, day, None, topic)
    table = table_of(
        f"stories-{day}",
        COLUMNS,
        lambda: (
            (
                *(each.id, each.name, each.first, each.last),
                *(each.articles, each.sources, each.all_articles),
            )
            for each in every
        ),
    )
    if table:
        return table
    place = place_in(total, SHOWN)
    return render_template(
        "stories.html",
        day=day,
        found=every[(place.page - 1) * SHOWN : place.page * SHOWN],
        pager=place,
        total=total,
        topic=topic,
        topics=sorted(library().topics),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
    )


@pages.get("/<story_id>")
def story(story_id: str) -> str | AnyResponse:
    """Show one story."""
    here = _story(story_id)
    if here.id != story_id:
        return redirect(url_for("stories.story", story_id=here.id))
    view = view_of(library().store, here)
    place = place_in(len(view.members))
    shown = view.members[::-1][(place.page - 1) * SIZE : place.page * SIZE]
    counts = [(day.day.isoformat(), day.articles) for day in view.days]
    return render_template(
        "story.html",
        view=view,
        pager=place,
        newest=shown,
        story=here,
        facets=_facets(here.id),
        picture=histogram(counts),
        state=SearchState(text=f"story:{here.id}"),
        coverage=coverage(library().coverage, ((each.source, each.url) for each in view.members)),
        edits=library().store.stories.edits.of(here.id),
    )


@pages.get("/<story_id>/feed.atom")
def feed(story_id: str) -> AnyResponse:
    """Give the newest articles of a story as an Atom feed."""
    here = _story(story_id)
    if here.id != story_id:
        return redirect(url_for("stories.feed", story_id=here.id))
    page = url_for("stories.story", story_id=here.id, _external=True)
    ids = [each.id for each in library().store.stories.members(here.id)[::-1]]
    return feed_of(ids[:MOST], atom, here.name, f"story:{here.id}", page)


def _facets(story_id: str) -> Mapping[str, tuple[FacetValue, ...]]:
    """Return the topics and entities of a story: none until its articles are in the index."""
    asked = Request(filters=Filters(stories=(story_id,)), limit=0, facets=FACETS)
    try:
        return find(asked).facets
    except UnknownValueError:
        return dict.fromkeys(FACETS, ())


def _story(story_id: str) -> Story:
    try:
        return library().store.stories.get(story_id)
    except NotFoundError:
        _missing(story_id)


def _missing(story_id: str) -> NoReturn:
    nearby = (
        ("The stories of the newest day", url_for("stories.stories")),
        ("Search all articles", url_for("search.results")),
    )
    raise MissingError(f"There is no story {story_id[:60]!r}.", nearby) from None
