"""The queries of lists: which articles belong to one, and items from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from models.lists import Item, ItemKind
from store.entities.entity_tables import entities
from store.people.list_tables import list_items
from store.schema import articles
from store.stories.story_tables import story_articles
from store.tags.tag_tables import mentions


def articles_of(number: int) -> Sequence[sa.Select[Any]]:
    """Select the articles of a list with the items that make them so, in queries by kind."""
    columns = (
        articles.c.id,
        list_items.c.number,
        list_items.c.kind,
        list_items.c.note,
        list_items.c.tags,
        list_items.c.quote,
    )
    items, subject = list_items.c.kind, list_items.c.subject
    here = list_items.c.list == number
    by_itself = sa.select(*columns).join(list_items, subject == articles.c.id)
    of_story = (
        sa.select(*columns)
        .join(story_articles, story_articles.c.article == articles.c.number)
        .join(list_items, subject == story_articles.c.story)
    )
    with_entity = (
        sa.select(*columns)
        .join(mentions, mentions.c.article == articles.c.number)
        .join(entities, entities.c.number == mentions.c.entity)
        .join(list_items, subject == entities.c.key)
    )
    return (
        by_itself.where(here, items.in_((ItemKind.ARTICLE, ItemKind.PASSAGE))),
        of_story.where(here, items == ItemKind.STORY),
        with_entity.where(here, items == ItemKind.ENTITY),
    )


def item_of(row: Any) -> Item:
    """Return the item of a row of `list_items`."""
    return Item(
        number=row.number,
        list=row.list,
        kind=ItemKind(row.kind),
        subject=row.subject,
        made=row.made,
        who=row.who,
        note=row.note,
        tags=tuple(row.tags),
        field=row.field,
        start=row.start,
        end=row.end,
        quote=row.quote,
    )
