"""The lists of users, as far as removing articles is concerned."""

from __future__ import annotations

import sqlalchemy as sa

STARRED = "Starred"
"""The list that a star puts things on."""
OF_ARTICLES = ("article", "passage")
"""Kinds of items whose subject is an article."""

# By name: a store without lists has no such tables.
lists = sa.table("lists", sa.column("number"), sa.column("name"))
list_items = sa.table(
    "list_items", sa.column("list"), sa.column("kind"), sa.column("subject"), sa.column("quote")
)


def has_lists(connection: sa.Connection) -> bool:
    """Say whether this store keeps lists."""
    return sa.inspect(connection).has_table("list_items")


def take_off_lists(connection: sa.Connection, ids: list[str]) -> None:
    """Take articles, and passages quoted from them, off all lists."""
    if has_lists(connection):
        on = list_items.c
        connection.execute(
            sa.delete(list_items).where(on.kind.in_(OF_ARTICLES), on.subject.in_(ids))
        )
