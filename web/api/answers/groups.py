"""Groups of articles: topics, stories, clusters."""

from __future__ import annotations

from msgspec import Struct

from web.api.answers.basic import Time


class TopicSummary(Struct):
    """A topic of the taxonomy and how many articles have it."""

    slug: str
    name: str
    description: str
    articles: int


class TopicList(Struct):
    """All topics, largest first."""

    total: int
    items: list[TopicSummary]


class StorySummary(Struct):
    """A story: one event, told by two articles or more; `first` and `last` are when."""

    id: str
    name: str
    articles: int
    sources: int
    first: Time
    last: Time


class StoryList(Struct):
    """Stories, those of the most sources first; `total` is how many there are in all."""

    total: int
    stories: list[StorySummary]


class ClusterSummary(Struct):
    """A cluster of articles within a topic, and the terms that tell it from its neighbours."""

    id: str
    topic: str
    name: str
    articles: int
    terms: list[str]


class ClusterList(Struct):
    """Clusters, largest first."""

    total: int
    items: list[ClusterSummary]
