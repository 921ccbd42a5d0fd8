"""Read and unread: what you have not read yet of a search, and marking it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from export.record import iso
from models.accounts import Role
from web.accounts.access import needs
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Limit, Nothing, Selected
from web.context import library
from web.corrections.request import Id
from web.reading import unread as reading

views = Blueprint("reading", __name__)


class UnreadQuestion(Selected, forbid_unknown_fields=True):
    """Which unread articles: those that a search finds, or all."""

    limit: Limit = 20


class UnreadArticle(Struct):
    """An article that you have not read."""

    id: str
    url: str
    title: str
    source: str
    published: Time | None


class UnreadList(Struct):
    """The newest unread articles; `more` says whether others follow when these are read."""

    items: list[UnreadArticle]
    more: bool


class Marking(Struct, forbid_unknown_fields=True):
    """Articles to mark as `read`, or as unread."""

    articles: Annotated[list[Id], Meta(max_length=500)]
    read: bool = True


class Marked(Struct):
    """How many of the articles there are, and were marked."""

    marked: int


class MarkedAll(Struct):
    """Up to when everything is read."""

    until: Time


@views.get("/unread")
@needs(Role.READER)
@spec.validate(resp=answers(UnreadList, 400, 404), tags=["reading"], operation_id="listUnread")
def unread(query: UnreadQuestion) -> UnreadList:
    """List what you have not read of a search, newest first. 404 where that is switched off."""
    reading.require_reading()
    found = reading.unread(query.q, query.filters(datetime.now(UTC)), query.limit)
    articles = [each.article for each in library().store.articles.tagged(found.ids)]
    return UnreadList(
        [
            UnreadArticle(each.id, each.url, each.title, each.source, iso(each.published))
            for each in articles
        ],
        found.more,
    )


@views.post("/unread")
@needs(Role.READER)
@spec.validate(resp=answers(Marked, 404), tags=["reading"], operation_id="markRead")
def mark(query: Nothing, json: Marking) -> Marked:  # noqa: ARG001 - read by spectree
    """Mark articles as read or unread, for you alone."""
    reading.require_reading()
    return Marked(reading.mark(json.articles, read=json.read))


@views.post("/unread/all")
@needs(Role.READER)
@spec.validate(resp=answers(MarkedAll, 404), tags=["reading"], operation_id="markAllRead")
def mark_all(query: Nothing) -> MarkedAll:  # noqa: ARG001 - read by spectree
    """Mark all that there is as read, for you alone."""
    reading.require_reading()
    return MarkedAll(iso(reading.mark_all()) or "")
