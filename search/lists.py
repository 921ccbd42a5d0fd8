"""What is on a list of a user, as a query: `list:ferries` finds the same with every engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.errors import NotFoundError, UnknownValueError, UsageError
from models.lists import Item, ItemKind, KeptList
from search.query.nodes import Ids, Node, Or, Term

FIELD = "list"
"""The field of the query language that names a list."""
_TERMS = {ItemKind.ENTITY: "entity", ItemKind.STORY: "story"}


class ListReader(Protocol):
    """The store's lists."""

    def named(self, name: str, user: str | None = None) -> KeptList:
        """Return the list of a name or number that a user sees (None: of anybody's)."""

    def items(self, number: int) -> Sequence[Item]:
        """Return what is on a list."""


def list_node(name: str, lists: ListReader, reader: str | None) -> Node:
    """Return the query of the articles of a list that a reader sees.

    Those on it, those with a passage on it, and those of its stories and with its entities.
    `reader` is the name of a user, "" for whoever has not signed in, and None for who may see all.
    Raises UnknownValueError where there is no such list for the reader, or several.
    """
    try:
        if reader == "":
            raise NotFoundError(f"There is no list {name[:100]!r} that everybody sees; sign in.")
        found = lists.named(name, reader)
    except (NotFoundError, UsageError) as error:
        raise UnknownValueError(str(error).rstrip("."), field=FIELD, value=name) from None
    items = lists.items(found.number)
    ids = sorted({item.subject for item in items if item.kind not in _TERMS})
    terms = [Term(item.subject, _TERMS[item.kind]) for item in items if item.kind in _TERMS]
    return Or((Ids(tuple(ids)), *terms)) if terms else Ids(tuple(ids))
