"""Stars and lists for templates, looked up once per page and only for signed-in users."""

from __future__ import annotations

from flask import g

from models.accounts import Role
from models.lists import STARRED, Item, ItemKind, KeptList
from web.accounts.access import reader_of_lists, visitor
from web.context import library


def may_keep() -> bool:
    """Say whether the visitor may star things and put them on lists."""
    return visitor().may(Role.EDITOR)


def is_starred(kind: str, subject: str) -> bool:
    """Say whether the visitor has starred a thing."""
    if "starred" not in g:
        here, who = library().store.lists, visitor().name
        mine = [one for one in here.seen_by(who) if one.owner == who and one.name == STARRED]
        g.starred = here.has(mine[0].number) if mine else frozenset()
    found: frozenset[tuple[str, str]] = g.starred
    return (kind, subject) in found


def lists_of_visitor() -> tuple[KeptList, ...]:
    """Return the lists that the visitor sees, none without sign-in."""
    reader = reader_of_lists()
    return library().store.lists.seen_by(reader) if reader else ()


def lists_to_choose() -> tuple[KeptList, ...]:
    """Return the lists that the visitor may put things on."""
    return library().store.lists.seen_by(visitor().name)


def on_lists(subject: str) -> tuple[tuple[KeptList, Item], ...]:
    """Return where a thing is on the lists that the visitor sees."""
    return library().store.lists.on(visitor().name, subject)


GLOBALS = {
    "may_keep": may_keep,
    "is_starred": is_starred,
    "lists_to_choose": lists_to_choose,
    "on_lists": on_lists,
    "ITEM_KINDS": tuple(ItemKind),
}
