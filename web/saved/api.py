"""Saved searches: kept, listed and removed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint, url_for
from msgspec import Meta, Struct, field

from export.record import iso
from models.accounts import Role
from models.saved import SavedSearch
from search.query.fields import MAX_LENGTH
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Moment, Nothing, Values
from web.context import app_context, library
from web.saved.question import question_of

views = Blueprint("saved", __name__)


class SavedQuestion(Struct, forbid_unknown_fields=True):
    """A search to save: its `name`, and the filters of a search. `shared`: for all users to see."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    shared: bool = False
    q: Annotated[str, Meta(max_length=MAX_LENGTH)] = ""
    topic: Values = field(default_factory=list)
    entity: Values = field(default_factory=list)
    source: Values = field(default_factory=list)
    lang: Values = field(default_factory=list)
    list: Values = field(default_factory=list)
    since: Moment = ""
    until: Moment = ""


class Saved(Struct):
    """A saved search. `question` is the query string of its page; anybody may read the feeds."""

    number: int
    owner: str
    name: str
    question: str
    shared: bool
    made: Time
    atom: str
    json_feed: str


class SavedList(Struct):
    """Your saved searches and those that others share, by name."""

    total: int
    items: list[Saved]


@views.get("/saved")
@needs(Role.READER)
@spec.validate(resp=answers(SavedList), tags=["saved"], operation_id="listSaved")
def saved(query: Nothing) -> SavedList:  # noqa: ARG001 - read by spectree
    """List saved searches."""
    found = [_saved(each) for each in library().store.saved.seen_by(visitor().name)]
    return SavedList(len(found), found)


@views.post("/saved")
@needs(Role.EDITOR)
@spec.validate(resp=answers(Saved, 400), tags=["saved"], operation_id="saveSearch")
def save(query: Nothing, json: SavedQuestion) -> Saved:  # noqa: ARG001 - read by spectree
    """Save a search, and get the addresses of its feeds."""
    here, who = app_context(), visitor().name
    names = ("q", "topic", "entity", "source", "lang", "list", "since", "until")
    asked = {name: getattr(json, name) for name in names if getattr(json, name)}
    return _saved(
        here.library.store.saved.add(
            who,
            json.name,
            question_of(asked, here.settings),
            shared=json.shared,
            who=who,
            now=datetime.now(UTC),
        )
    )


@views.delete("/saved/<int:number>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(Saved, 404), tags=["saved"], operation_id="removeSaved")
def remove(number: int, query: Nothing) -> Saved:  # noqa: ARG001 - read by spectree
    """Remove one of your saved searches, with its feeds."""
    return _saved(library().store.saved.remove(number, visitor().name, who=visitor().name))


@views.post("/saved/<int:number>/renew")
@needs(Role.EDITOR)
@spec.validate(resp=answers(Saved, 404), tags=["saved"], operation_id="renewSaved")
def renew(number: int, query: Nothing) -> Saved:  # noqa: ARG001 - read by spectree
    """Give the feeds of one of your saved searches other addresses; the old ones end at once."""
    return _saved(library().store.saved.renew(number, visitor().name, who=visitor().name))


def _saved(search: SavedSearch) -> Saved:
    def feed(endpoint: str) -> str:
        return url_for(endpoint, secret=search.secret, _external=True)

    return Saved(
        search.number,
        search.owner,
        search.name,
        search.question,
        search.shared,
        iso(search.made) or "",
        feed("saved.saved_atom"),
        feed("saved.saved_json"),
    )
