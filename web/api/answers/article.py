"""An article with all that is known of it."""

from __future__ import annotations

from msgspec import Struct

from web.api.answers.basic import Time


class StoryRef(Struct):
    """The story that an article tells with others."""

    id: str
    name: str


class Topic(Struct):
    """A topic of an article; `score` is from 0 to 1, `origin` is model, rule or person."""

    slug: str
    score: float
    origin: str


class Entity(Struct):
    """An entity of an article, and how often the article names it."""

    name: str
    type: str
    key: str
    count: int
    origin: str = "model"


class Mention(Struct):
    """A span of an article's `field`: `start` and `end` count characters."""

    field: str
    start: int
    end: int
    text: str
    label: str
    key: str | None


class Version(Struct):
    """An earlier state of an article."""

    number: int
    title: str
    summary: str
    seen: Time


class Article(Struct):
    """An article with all that is known of it, as `slugline export` writes it."""

    id: str
    url: str
    title: str
    summary: str
    body: str
    source: str
    feed: str
    section: str
    categories: list[str]
    language: str | None
    published: Time | None
    fetched: Time | None
    topics: list[Topic]
    cluster: str | None
    story: StoryRef | None
    entities: list[Entity]
    mentions: list[Mention]
    duplicate_of: str | None
    version: int
    versions: list[Version]
