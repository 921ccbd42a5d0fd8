"""The pages of sources: who publishes, how much, and about what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.schedule import health
from ingest.urls import host_of
from search.request import Filters
from web.canonical import nearest
from web.context import library
from web.errors import MissingError
from web.facets import picture_of
from web.latest import latest
from web.search_state import LONGEST_VALUE, SearchState
from web.tables import table_of

if TYPE_CHECKING:
    from models.feed import Feed

pages = Blueprint("sources", __name__, url_prefix="/sources")


def source_address(name: str) -> str:
    """Return the address of a source's page, of its articles where no address can hold its name."""
    if {"", ".", ".."} & set(name.split("/")):
        return url_for("search.results", source=name)
    return url_for("sources.source", name=name)


@pages.get("")
def sources() -> str | Response:
    """List the publishers with `q` in their name, largest first or by name (`sort=name`)."""
    found = library().store.articles.sources()
    part = " ".join(request.args.get("q", "").split())[:LONGEST_VALUE]
    by_name = request.args.get("sort") == "name"
    shown = [each for each in found if part.casefold() in each[0].casefold()]
    if by_name:
        shown.sort(key=lambda each: each[0].casefold())
    table = table_of("sources", ("source", "articles"), lambda: shown)
    return table or render_template(
        "sources.html",
        sources=shown,
        largest=max((count for _, count in found), default=0),
        total=sum(count for _, count in shown),
        part=part,
        by_name=by_name,
    )


@dataclass(frozen=True, slots=True)
class SourceFeed:
    """A feed of a source, and how it is doing where it is followed."""

    feed: Feed
    health: str


def _feeds_of(site: str, name: str) -> list[SourceFeed]:
    """Return the feeds on a source's site, or with its name."""
    found = [
        feed
        for feed in library().store.feeds.all()
        if feed.title == name or (site and host_of(feed.url) == site)
    ]
    return [SourceFeed(each, str(health(each)) if each.subscribed else "") for each in found[:10]]


@pages.get("/<path:name>")
def source(name: str) -> str | Response:
    """Show one publisher: its days, its topics, its entities, its newest articles."""
    known = dict(library().store.articles.sources())
    if name not in known:
        meant = nearest(name, {each: each for each in known if each})
        if meant:
            return redirect(source_address(meant))
        nearby = (
            ("All sources", url_for("sources.sources")),
            ("Search for it", url_for("search.results", q=name[:LONGEST_VALUE])),
        )
        raise MissingError(f"There is no source {name[:60]!r}.", nearby)
    url = library().store.articles.source_addresses().get(name, "")
    site = host_of(url)
    facets = ("topic", "person", "org", "place", "lang", "day")
    filters = Filters(sources=(name,))
    found, place = latest(filters, facets)
    return render_template(
        "source.html",
        name=name,
        site=site,
        feeds=_feeds_of(site, name),
        group=next((each.name for each in library().coverage if each.holds(name, url)), ""),
        articles=known[name],
        found=found,
        pager=place,
        state=SearchState(sources=(name,)),
        picture=picture_of(found, library(), SearchState()),
    )
