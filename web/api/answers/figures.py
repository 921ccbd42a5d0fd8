"""Figures of the whole archive: what rises, how much there is."""

from __future__ import annotations

from msgspec import Struct


class Rise(Struct):
    """Something in more of the news now than before.

    `now` and `before` count articles of each stretch of days, `ratio` compares its shares of all
    articles, `score` is the log-likelihood, `sources` counts publishers, `days` articles a day.
    """

    key: str
    name: str
    now: int
    before: int
    ratio: float
    score: float
    sources: int
    days: list[int]


class TrendsAnswer(Struct):
    """What rises, by kind: topic, cluster and entity. Dates are days in UTC, ends included."""

    before: str | None
    since: str | None
    until: str | None
    articles_now: int
    articles_before: int
    rises: dict[str, list[Rise]]


class IndexState(Struct):
    """The search index."""

    engine: str
    documents: int


class StatsAnswer(Struct):
    """How much there is, under the names of `slugline stats`."""

    articles: int
    feeds: int
    sources: int
    entities: int
    mentions: int
    topics: dict[str, int]
    languages: dict[str, int]
    index: IndexState
