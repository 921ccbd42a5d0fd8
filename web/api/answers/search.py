"""What searches find: one, a batch of them, several beside each other."""

from __future__ import annotations

from msgspec import Struct, field

from web.api.answers.article import Entity, Topic
from web.api.answers.basic import Time


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
