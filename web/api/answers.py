"""What the API answers with: the names of the export contract, as types."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct, field

T = TypeVar("T")

Time = Annotated[str, Meta(description="ISO 8601 in UTC", examples=["2025-06-01T12:00:00Z"])]


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


class Copy(Struct):
    """An article that repeats a hit."""

    id: str
    url: str
    source: str


class Hit(Struct):
    """A found article. `snippet` is plain text; `marks` are the (start, end) of words asked for."""

    id: str
    url: str
    title: str
    source: str
    language: str | None
    published: Time | None
    topics: list[Topic]
    entities: list[Entity]
    score: float
    snippet: str
    marks: list[tuple[int, int]]
    copies: list[Copy]


class FacetValue(Struct):
    """A value to narrow by, what to call it, and how many of the articles found have it."""

    value: str
    name: str
    count: int


class Notice(Struct):
    """How a search was read where it was not taken as written; `query` is offered in its place."""

    text: str
    query: str | None


class EntityOffer(Struct):
    """An entity that goes with a search or another entity; how many articles mention it."""

    key: str
    name: str
    type: str
    articles: int


class SearchAnswer(Struct):
    """One page of what a search found.

    `total` counts all that match, `strict` those with all the words, `folded` the copies that stand
    under a hit. `partial` says why an answer is incomplete, else it is null. `next` is the cursor
    of the next page, null on the last one. `entities` are those that the words name; articles that
    mention `spellings_of` are hits however they spell it.
    """

    total: int
    strict: int
    folded: int
    hits: list[Hit]
    facets: dict[str, list[FacetValue]]
    suggestion: str | None
    partial: str | None
    next: str | None
    notices: list[Notice] = field(default_factory=list)
    entities: list[EntityOffer] = field(default_factory=list)
    spellings_of: str | None = None


class BatchRow(Struct):
    """One query of a batch; `error` says why it was not answered, else it is null."""

    query: str
    total: int
    strict: int
    hits: list[Hit]
    error: str | None


class BatchAnswer(Struct):
    """The queries of a batch in their order."""

    items: list[BatchRow]


class Share(Struct):
    """The articles of a time, source or language that a search finds, and their share of all."""

    value: str
    count: int
    share: float


class ComparedSearch(Struct):
    """One of the searches that are compared."""

    query: str
    total: int
    share: float
    over_time: list[Share]
    sources: list[Share]
    languages: list[Share]


class Comparison(Struct):
    """Searches beside each other, counted `by` day, week or month."""

    by: str
    searches: list[ComparedSearch]


class Page(Struct, Generic[T]):
    """One page of a list of `total` items; `next` is the cursor of the next, null on the last."""

    total: int
    items: list[T]
    next: str | None


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


class EntitySummary(Struct):
    """An entity, its other names, and how many articles name it."""

    key: str
    name: str
    type: str
    articles: int
    country: str | None = None
    aliases: list[str] = field(default_factory=list)


class EntityPage(Page[EntitySummary]):
    """One page of entities, most named first."""


class Companion(Struct):
    """An entity named in the same articles as another.

    `together` counts those articles, `strength` is the log-likelihood of that beyond chance.
    """

    key: str
    name: str
    type: str
    together: int
    strength: float


class EntityAnswer(Struct):
    """An entity, the company it keeps, and what belongs to it without being it (`related`).

    `wikidata` is its item there (Q142), known for countries.
    """

    key: str
    name: str
    type: str
    articles: int
    country: str | None
    aliases: list[str]
    companions: list[Companion]
    related: list[EntityOffer] = field(default_factory=list)
    wikidata: str | None = None


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
