"""The pages of lists: what is kept, with notes; and the forms that keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from export.formats.feeds import atom, json_feed
from models.accounts import Role
from models.errors import NotFoundError, UsageError
from models.lists import Item, ItemKind, NewItem
from web.accounts.access import needs, open_to_all, visitor
from web.accounts.pages import own_address
from web.context import library
from web.pages.feeds import MOST, Writer, feed_of
from web.tables import table_of
from web.translation.localization import gettext

pages = Blueprint("lists", __name__)

LONGEST_FIELD = 10_500
COLUMNS = ("kind", "id", "title", "quote", "note", "tags", "who", "made")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A thing on a list as its page shows it; `address` is "" where it is gone since."""

    item: Item
    title: str
    address: str = ""


@pages.get("/lists")
@needs(Role.READER)
def lists() -> str | Response:
    """Show one's own lists, and those that others share."""
    found = library().store.lists.seen_by(visitor().name)
    table = table_of(
        "lists",
        ("name", "owner", "shared", "things"),
        lambda: ((each.name, each.owner, each.shared, each.items) for each in found),
    )
    return table or render_template("lists.html", lists=found)


@pages.post("/lists")
@needs(Role.EDITOR)
def add() -> AnyResponse:
    """Make a list."""
    who = visitor().name
    try:
        made = library().store.lists.add(
            who,
            _field("name"),
            shared="shared" in request.form,
            who=who,
            now=datetime.now(UTC),
        )
    except UsageError as error:
        raise BadRequest(str(error)) from None
    return redirect(url_for("lists.one", number=made.number), 303)


@pages.get("/lists/<int:number>")
@needs(Role.READER)
def one(number: int) -> str | Response:
    """Show what is on a list."""
    here = library().store.lists
    found = here.get(number, visitor().name)
    things = shown(here.items(number))
    table = table_of(
        f"list-{number}",
        COLUMNS,
        lambda: (
            (
                *(str(each.item.kind), each.item.subject, each.title, each.item.quote),
                *(each.item.note, each.item.tags, each.item.who, each.item.made),
            )
            for each in things
        ),
    )
    return table or render_template("list.html", list=found, items=things)


@pages.post("/lists/<int:number>/share")
@needs(Role.EDITOR)
def share(number: int) -> AnyResponse:
    """Share a list with all users, or no longer; its feed gets another address."""
    who, shared = visitor().name, "shared" in request.form
    library().store.lists.share(number, who, shared=shared, who=who)
    flash(gettext("The list is shared.") if shared else gettext("The list is private."))
    return redirect(url_for("lists.one", number=number), 303)


@pages.post("/lists/<int:number>/remove")
@needs(Role.EDITOR)
def remove(number: int) -> AnyResponse:
    """Remove a list with all that is on it."""
    library().store.lists.remove(number, visitor().name, who=visitor().name)
    flash(gettext("The list is removed."))
    return redirect(url_for("lists.lists"), 303)


@pages.post("/lists/items")
@needs(Role.EDITOR)
def put() -> AnyResponse:
    """Put a thing on a list with a note, or change its note; words of a passage are looked up."""
    who = visitor().name
    number = _field("list")
    try:
        if not (number.isascii() and number.isdigit()):
            raise UsageError("Choose a list.")
        new_item = NewItem(
            _kind(),
            _field("subject"),
            request.form.get("note", "")[:LONGEST_FIELD],
            tuple(_field("tags").replace(",", " ").split()),
        )
        if words := _field("passage"):
            new_item = passage_of(new_item, words)
        library().store.lists.put(int(number), who, new_item, who=who, now=datetime.now(UTC))
    except UsageError as error:
        raise BadRequest(str(error)) from None
    flash(gettext("It is on the list."))
    return _back()


@pages.post("/lists/items/<int:item>/remove")
@needs(Role.EDITOR)
def take(item: int) -> AnyResponse:
    """Take a thing off its list."""
    gone = library().store.lists.take(item, visitor().name, who=visitor().name)
    flash(gettext("It is off the list."))
    return redirect(url_for("lists.one", number=gone.list), 303)


@pages.post("/star")
@needs(Role.EDITOR)
def star() -> AnyResponse:
    """Star a thing, or take its star away."""
    who = visitor().name
    try:
        kind = _kind()
        on = library().store.lists.star(
            who, kind, _field("subject"), who=who, now=datetime.now(UTC)
        )
    except UsageError as error:
        raise BadRequest(str(error)) from None
    flash(gettext("Starred.") if on else gettext("The star is gone."))
    return _back()


@pages.get("/lists/<secret>/feed.atom")
@open_to_all
def list_atom(secret: str) -> Response:
    """Give the articles of a list as an Atom feed, to whoever knows the address."""
    return _feed(secret, atom)


@pages.get("/lists/<secret>/feed.json")
@open_to_all
def list_json(secret: str) -> Response:
    """Give the articles of a list as a JSON Feed."""
    return _feed(secret, json_feed)


def _feed(secret: str, writer: Writer) -> Response:
    here = library().store.lists
    found = here.of_secret(secret)
    kinds = (ItemKind.ARTICLE, ItemKind.PASSAGE)
    ids = [item.subject for item in here.items(found.number) if item.kind in kinds]
    page = url_for("lists.one", number=found.number, _external=True)
    newest = list(dict.fromkeys(ids))[:MOST]
    return feed_of(newest, writer, found.name, f"list {found.number}", page)


def passage_of(new_item: NewItem, words: str) -> NewItem:
    """Return the item for the passage with these words; raises UsageError, NotFoundError."""
    article = library().store.articles.get(new_item.subject)
    for field in ("title", "summary", "body"):
        at = getattr(article, field).find(words)
        if at >= 0:
            end = at + len(words)
            return NewItem(
                ItemKind.PASSAGE, new_item.subject, new_item.note, new_item.tags, field, at, end
            )
    raise UsageError("These words do not stand in the article. Copy them from it.")


def shown(items: tuple[Item, ...]) -> list[ItemRow]:
    """Return what is on a list with what it is called; what is gone since is named by its id."""
    store = library().store
    ids = [item.subject for item in items if item.kind in (ItemKind.ARTICLE, ItemKind.PASSAGE)]
    titles = {one.article.id: one.article.title for one in store.articles.tagged(ids)}
    keys = [item.subject for item in items if item.kind is ItemKind.ENTITY]
    names = store.entities.names(keys) if keys else {}
    found = []
    for item in items:
        if item.subject in titles:
            address = url_for("article.article", article_id=item.subject)
            found.append(ItemRow(item, titles[item.subject] or "(no title)", address))
        elif item.subject in names:
            kind, _, slug = item.subject.partition("/")
            address = url_for("entities.entity", kind=kind, slug=slug)
            found.append(ItemRow(item, names[item.subject], address))
        elif item.kind is ItemKind.STORY:
            found.append(_story(item))
        else:
            found.append(ItemRow(item, item.subject))
    return found


def _story(item: Item) -> ItemRow:
    try:
        story = library().store.stories.get(item.subject)
    except NotFoundError:
        return ItemRow(item, item.subject)
    return ItemRow(item, story.name, url_for("stories.story", story_id=story.id))


def _back() -> AnyResponse:
    return redirect(own_address(request.form.get("next", "")), 303)


def _field(name: str) -> str:
    return " ".join(request.form.get(name, "")[:LONGEST_FIELD].split())


def _kind() -> ItemKind:
    try:
        return ItemKind(_field("kind"))
    except ValueError:
        raise UsageError(f"Choose one of {', '.join(ItemKind)}.") from None
