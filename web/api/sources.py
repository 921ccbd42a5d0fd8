"""Where articles come from: publishers and feeds."""

from __future__ import annotations

from flask import Blueprint

from export.record import iso
from models.feed import Feed
from web.api.answers import FeedPage, FeedSummary, SourceList, SourceSummary
from web.api.openapi import answers, spec
from web.api.paging import cursor_of, offset_of
from web.api.questions import FeedQuestion, Nothing
from web.context import library

views = Blueprint("sources", __name__)


@views.get("/sources")
@spec.validate(resp=answers(SourceList), tags=["sources"], operation_id="listSources")
def sources(query: Nothing) -> SourceList:  # noqa: ARG001 - read by spectree
    """List all publishers, those with most articles first."""
    found = [SourceSummary(*each) for each in library().store.articles.sources()]
    return SourceList(len(found), found)


@views.get("/feeds")
@spec.validate(resp=answers(FeedPage, 400), tags=["feeds"], operation_id="listFeeds")
def feeds(query: FeedQuestion) -> FeedPage:
    """List feeds and how each is doing."""
    store = library().store
    found = store.feeds.subscribed() if query.subscribed else list(store.feeds.all())
    if query.failing:
        found = [feed for feed in found if feed.failures or feed.gone]
    identity = (query.subscribed, query.failing)
    offset = offset_of(query.cursor, *identity)
    page = [_summary(feed) for feed in found[offset : offset + query.limit]]
    beyond = offset + len(page)
    more = bool(page) and beyond < len(found)
    return FeedPage(len(found), page, cursor_of(beyond, *identity) if more else None)


def _summary(feed: Feed) -> FeedSummary:
    return FeedSummary(
        url=feed.url,
        title=feed.title,
        language=feed.language or None,
        labels=list(feed.labels),
        subscribed=feed.subscribed,
        checked=iso(feed.checked),
        succeeded=iso(feed.succeeded),
        next_check=iso(feed.next_check),
        failures=feed.failures,
        error=feed.error,
        gone=feed.gone,
    )
