"""Publishers and feeds."""

from __future__ import annotations

from msgspec import Struct

from web.api.answers.basic import Page, Time


class SourceSummary(Struct):
    """A publisher and how many articles of it there are."""

    name: str
    articles: int


class SourceList(Struct):
    """All publishers, largest first."""

    total: int
    items: list[SourceSummary]


class FeedSummary(Struct):
    """A feed and how it is doing; `failures` counts failed checks in a row.

    `health` is new, good, wavering, failing or ended, null where it is not subscribed to; `unusual`
    says where it is silent or flooded, else it is "".
    """

    id: int
    url: str
    title: str
    language: str | None
    labels: list[str]
    subscribed: bool
    full_text: bool
    health: str | None
    checked: Time | None
    succeeded: Time | None
    next_check: Time | None
    failures: int
    error: str
    gone: bool
    articles_a_day: float
    unusual: str


class FeedPage(Page[FeedSummary]):
    """One page of feeds, by address."""
