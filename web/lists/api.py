"""Lists: made, filled with notes, read and removed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint, url_for
from msgspec import Meta, Struct, field

from export.record import iso
from models.accounts import Role
from models.lists import Item, ItemKind, KeptList, NewItem
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Nothing
from web.context import library

views = Blueprint("lists", __name__)

Tag = Annotated[str, Meta(min_length=1, max_length=50)]
Place = Annotated[int, Meta(ge=0, le=10_000_000)]


class WantedList(Struct, forbid_unknown_fields=True):
    """A list to make; `shared`: for all users to see and fill."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    shared: bool = False


class WantedItem(Struct, forbid_unknown_fields=True):
    """A thing to put on a list, or to give another note.

    `subject` is the id of an article or story, or the key of an entity. A passage also takes
    `field` (title, summary or body), `start` and `end` in characters.
    """

    kind: ItemKind
    subject: Annotated[str, Meta(min_length=1, max_length=300)]
    note: Annotated[str, Meta(max_length=10_000)] = ""
    tags: Annotated[list[Tag], Meta(max_length=20)] = field(default_factory=list)
    field: Annotated[str, Meta(max_length=10)] = ""
    start: Place = 0
    end: Place = 0


class ListItem(Struct):
    """A thing on a list; `quote` are the words of a passage."""

    number: int
    kind: ItemKind
    subject: str
    note: str
    tags: list[str]
    field: str
    start: int
    end: int
    quote: str
    who: str
    made: Time


class ListAnswer(Struct):
    """A list; anybody who knows the addresses reads the feeds."""

    number: int
    owner: str
    name: str
    shared: bool
    made: Time
    total: int
    atom: str
    json_feed: str


class ListChange(Struct, forbid_unknown_fields=True):
    """Whether all users see the list."""

    shared: bool


class StarQuestion(Struct, forbid_unknown_fields=True):
    """What is to be `starred`, or no longer: an article, a story (ids) or an entity (key)."""

    kind: ItemKind
    subject: Annotated[str, Meta(min_length=1, max_length=200)]
    starred: bool = True


class StarAnswer(Struct):
    """Whether a thing is starred now."""

    kind: ItemKind
    subject: str
    starred: bool


class ListWithItems(Struct):
    """A list with what is on it, the newest first."""

    about: ListAnswer
    items: list[ListItem]


class ListOfLists(Struct):
    """Your lists and those that others share, by name."""

    total: int
    items: list[ListAnswer]


@views.get("/lists")
@needs(Role.READER)
@spec.validate(resp=answers(ListOfLists), tags=["lists"], operation_id="listLists")
def lists(query: Nothing) -> ListOfLists:  # noqa: ARG001 - read by spectree
    """List lists."""
    found = [_list(each) for each in library().store.lists.seen_by(visitor().name)]
    return ListOfLists(len(found), found)


@views.post("/lists")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ListAnswer, 400), tags=["lists"], operation_id="addList")
def add(query: Nothing, json: WantedList) -> ListAnswer:  # noqa: ARG001 - read by spectree
    """Make a list."""
    who, now = visitor().name, datetime.now(UTC)
    return _list(library().store.lists.add(who, json.name, shared=json.shared, who=who, now=now))


@views.get("/lists/<int:number>")
@needs(Role.READER)
@spec.validate(resp=answers(ListWithItems, 404), tags=["lists"], operation_id="getList")
def one(number: int, query: Nothing) -> ListWithItems:  # noqa: ARG001 - read by spectree
    """Read a list with its notes."""
    here = library().store.lists
    found = here.get(number, visitor().name)
    return ListWithItems(_list(found), [_item(each) for each in here.items(number)])


@views.patch("/lists/<int:number>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ListAnswer, 404), tags=["lists"], operation_id="changeList")
def change(number: int, query: Nothing, json: ListChange) -> ListAnswer:  # noqa: ARG001 - read by spectree
    """Share one of your lists with all users, or no longer; its feeds get other addresses."""
    who = visitor().name
    return _list(library().store.lists.share(number, who, shared=json.shared, who=who))


@views.post("/stars")
@needs(Role.EDITOR)
@spec.validate(resp=answers(StarAnswer, 400, 404), tags=["lists"], operation_id="star")
def star(query: Nothing, json: StarQuestion) -> StarAnswer:  # noqa: ARG001 - read by spectree
    """Star a thing, or take its star away."""
    here, who = library().store.lists, visitor().name
    if (json.subject in here.starred(who, json.kind, [json.subject])) is not json.starred:
        here.star(who, json.kind, json.subject, who=who, now=datetime.now(UTC))
    return StarAnswer(json.kind, json.subject, json.starred)


@views.post("/lists/<int:number>/items")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ListItem, 400, 404), tags=["lists"], operation_id="putOnList")
def put(number: int, query: Nothing, json: WantedItem) -> ListItem:  # noqa: ARG001 - read by spectree
    """Put a thing on a list, or change its note and tags."""
    who = visitor().name
    new_item = NewItem(
        json.kind, json.subject, json.note, tuple(json.tags), json.field, json.start, json.end
    )
    return _item(library().store.lists.put(number, who, new_item, who=who, now=datetime.now(UTC)))


@views.delete("/lists/items/<int:item>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ListItem, 404), tags=["lists"], operation_id="takeOffList")
def take(item: int, query: Nothing) -> ListItem:  # noqa: ARG001 - read by spectree
    """Take a thing off its list."""
    return _item(library().store.lists.take(item, visitor().name, who=visitor().name))


@views.delete("/lists/<int:number>")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ListAnswer, 404), tags=["lists"], operation_id="removeList")
def remove(number: int, query: Nothing) -> ListAnswer:  # noqa: ARG001 - read by spectree
    """Remove one of your lists with all that is on it."""
    return _list(library().store.lists.remove(number, visitor().name, who=visitor().name))


def _list(found: KeptList) -> ListAnswer:
    def feed(endpoint: str) -> str:
        return url_for(endpoint, secret=found.secret, _external=True)

    return ListAnswer(
        found.number,
        found.owner,
        found.name,
        found.shared,
        iso(found.made) or "",
        found.items,
        feed("lists.list_atom"),
        feed("lists.list_json"),
    )


def _item(item: Item) -> ListItem:
    return ListItem(
        number=item.number,
        kind=item.kind,
        subject=item.subject,
        note=item.note,
        tags=list(item.tags),
        field=item.field,
        start=item.start,
        end=item.end,
        quote=item.quote,
        who=item.who,
        made=iso(item.made) or "",
    )
