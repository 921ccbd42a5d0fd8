"""What a person asks of a search, and what they get: the same for page, API and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from models.article import Article, Copy
from models.stories import StoryName
from models.tags import EntityCount, TopicScore
from search.engine import Sort
from search.query.notices import Notice

Marked = tuple[tuple[str, bool], ...]
"""Plain text in pieces; True marks one that the query asked for. Whoever shows it escapes it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must also be.

    An article has many topics and entities, so it must have all that are named; it has one source
    and one language, so it must have any of those named, and be on any of `lists` (names or
    numbers). In all of them `a|b` is either of two, and `-a` is what an article must not have.
    `entities` are entity keys or names, `sources` publisher names or parts of their host. `since`
    is included, `until` is not.
    """

    topics: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One search as a person asks for it; `text` is in the query language, "" finds everything.

    `fold` puts articles that repeat a hit under it, `fold_stories` lists each story once, as its
    best hit; `offset` and `limit` count what is left. With `spellings`, a name finds its entity
    however articles spell it.
    """

    text: str = ""
    filters: Filters = Filters()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    facet_size: int = 20
    fold: bool = False
    fold_stories: bool = False
    spellings: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A found article, with its title and the best part of its text marked.

    `copies` are the articles that repeat it, where the search folds; `story` is the one that it
    tells with others.
    """

    article: Article
    topics: tuple[TopicScore, ...]
    entities: tuple[EntityCount, ...]
    score: float
    title: Marked
    snippet: Marked
    copies: tuple[Copy, ...] = ()
    story: StoryName | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that hits can be narrowed to: what to filter by, what to show, how many there are."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class EntityOffer:
    """An entity that the words of a search name, and how many articles mention it."""

    key: str
    name: str
    type: str
    articles: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found; `total`, `strict`, `partial` and `folded` as in `search.engine.Answer`.

    `suggestion` is a query that finds more, where a word was probably mistyped, else ""; `notices`
    say how the query was read where it was not taken as written. `entities` are those that its
    words name; the articles that mention `spellings_of` are hits however they spell it.
    """

    total: int
    strict: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    suggestion: str = ""
    partial: str = ""
    seconds: float = 0.0
    folded: int = 0
    notices: tuple[Notice, ...] = ()
    entities: tuple[EntityOffer, ...] = ()
    spellings_of: EntityOffer | None = None

    @property
    def listed(self) -> int:
        """How many hits there are on all pages."""
        return self.total - self.folded


class Searches(Protocol):
    """What answers searches; `search.searcher.Searcher` is one."""

    def search(self, request: Request) -> Results:
        """Return one page of what a request finds; raises `QueryError` and `EngineError`."""
