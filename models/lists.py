"""Lists that people keep: articles, passages, entities and stories, with notes and tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

STARRED = "Starred"
"""The list that a star puts things on; each user has one of their own."""


class ItemKind(StrEnum):
    """What can be put on a list; a passage is a span of an article's field."""

    ARTICLE = "article"
    PASSAGE = "passage"
    ENTITY = "entity"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list of a user. A `shared` one is seen and filled by all who may keep anything.

    Whoever knows the `secret` reads its feed without signing in.
    """

    number: int
    owner: str
    name: str
    shared: bool
    made: datetime
    items: int = 0
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a list. `subject` is the id of an article or story, or the key of an entity.

    A passage is `quote`, the characters from `start` to `end` of the article's `field`. `note` is
    plain text; `tags` are single words of one's own.
    """

    number: int
    list: int
    kind: ItemKind
    subject: str
    made: datetime
    who: str
    note: str = ""
    tags: tuple[str, ...] = ()
    field: str = ""
    start: int = 0
    end: int = 0
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ListNote:
    """What a list says of an article: the note of the article itself, or of what is in it."""

    list: str
    kind: ItemKind
    note: str
    tags: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to put on a list, or the new note and tags of one that is there; as in `Item`."""

    kind: ItemKind
    subject: str
    note: str = ""
    tags: tuple[str, ...] = ()
    field: str = ""
    start: int = 0
    end: int = 0
