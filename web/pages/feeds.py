"""Feeds of what pages show: Atom and JSON Feed of every search, OPML of the sources.

A topic, an entity, a source, a cluster and a story are searches, so that one pair of addresses
gives the feeds of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import BadRequest

from export.formats.feeds import FeedHead, atom, json_feed, updated
from export.record import Record, records
from export.write_options import WriteOptions
from ingest.opml import write_opml
from models.errors import QueryError, UnsupportedQueryError
from search.engine import Sort
from web.context import app_context, library
from web.search_state import SearchState, requested_state

pages = Blueprint("feeds", __name__)

MOST = 50
"""Articles in a feed."""
EVERYTHING = "all articles"
MEDIA_TYPES = {"atom": "application/atom+xml", "json_feed": "application/feed+json"}

Writer = Callable[[FeedHead, Iterable[Record], WriteOptions], Iterator[str]]


@pages.get("/search.atom")
def search_atom() -> Response:
    """Give the newest articles of a search as an Atom feed."""
    return _of_search(atom)


@pages.get("/search.json")
def search_json() -> Response:
    """Give the newest articles of a search as a JSON Feed."""
    return _of_search(json_feed)


@pages.get("/sources.opml")
def opml() -> Response:
    """Give the feeds that are subscribed to as OPML, without their logins."""
    found = write_opml(library().store.feeds.subscribed())
    return Response(found, mimetype="text/x-opml")


def feed_title(state: SearchState, everything: str = EVERYTHING) -> str:
    """Say in a few words what a search is about; `everything` is said of one without words.

    Feeds are English, since one is sent to readers of any language.
    """
    parts = [state.text, *(value for _, value in state.active())]
    words = " · ".join(part[:80] for part in parts if part)
    return f"Slugline: {words or everything}"


def newest_ids(state: SearchState, reader: str = "") -> list[str]:
    """Return the ids of the newest articles of a search; raises BadRequest for one unreadable.

    `reader` is the user whose lists it sees, where that is not the visitor.
    """
    wanted = replace(state, sort=Sort.NEWEST, page=1).request(MOST)
    try:
        searcher = library().searcher
        seen = searcher.as_seen_by(reader) if reader else searcher
        found = seen.search(replace(wanted, facets=()))
    except (QueryError, UnsupportedQueryError) as error:
        raise BadRequest(str(error)) from None
    return [hit.article.id for hit in found.hits]


def feed_of(ids: Sequence[str], writer: Writer, title: str, identity: str, page: str) -> Response:
    """Return a feed of articles, newest first, with when it last changed.

    `identity` is what the feed is of; with the store's own id it makes the id of the feed, which no
    move to another address changes.
    """
    store = library().store
    found = list(records(ids, store.articles, store.tags))
    newest = max((updated(each) for each in found), default="")
    head = FeedHead(
        title=title,
        id=f"urn:slugline:{store.identity()}:{hashlib.sha256(identity.encode()).hexdigest()[:16]}",
        address=request.url,
        page=page,
        updated=newest,
        article_page=lambda key: url_for("article.article", article_id=key, _external=True),
    )
    topics = {slug: (topic.name, topic.codes) for slug, topic in library().topics.items()}
    text = "".join(writer(head, found, WriteOptions(text=True, topics=topics)))
    response = Response(text, mimetype=MEDIA_TYPES[writer.__name__])
    if newest:
        response.last_modified = datetime.fromisoformat(newest)
    return response


def _of_search(writer: Writer) -> Response:
    state = requested_state()
    if len(state.text) > app_context().settings.max_query:
        raise BadRequest("The query is too long.")
    arguments = state.feed_args()
    page = url_for("search.results", _external=True, **cast("dict[str, str]", arguments))
    return feed_of(newest_ids(state), writer, feed_title(state), repr(arguments), page)
