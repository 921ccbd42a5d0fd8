"""Stories: one event reported by several articles, with people's edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """What story detection reads of an article.

    `moment` is when it was published, or fetched if that is not known; aware and in UTC.
    `entities` are keys of canonical entities.
    """

    id: str
    title: str
    summary: str
    source: str
    language: str
    moment: datetime
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryName:
    """A story as an article names it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story as the store keeps it: two articles or more.

    `sources` counts publishers, `first` and `last` are when its articles were published.
    `merged_into` is the id of the story that took it in, else "".
    """

    id: str
    name: str
    articles: int
    sources: int
    first: datetime
    last: datetime
    named_by_person: bool = False
    pinned: bool = False
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story as it is told in a span of time.

    `articles` and `sources` are those of the span, `voices` the sources with a text of their own
    in it, `quick` the sources of the story's first six hours. `first`, `last` and `all_articles`
    are of the whole story.
    """

    id: str
    name: str
    first: datetime
    last: datetime
    pinned: bool
    all_articles: int
    articles: int
    sources: int
    voices: int
    quick: int = 0


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story, with what a page shows of it; `leader` is the one that it repeats."""

    id: str
    url: str
    title: str
    summary: str
    source: str
    language: str
    moment: datetime
    leader: str = ""


class Edit(StrEnum):
    """What was done to stories."""

    MERGE = "merge"
    SPLIT = "split"
    ADD = "add"
    RENAME = "rename"
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class StoryEdit:
    """A change of a story by a person or by the model; `number` names it for undoing.

    `other` is the story that took it in (merge) or that came of it (split), `articles` are those
    that moved, for `add` into the story; `name` is the name before (rename).
    """

    number: int
    kind: Edit
    story: str
    other: str
    articles: tuple[str, ...]
    name: str
    by_person: bool
    made: datetime
    undone: bool
