"""The application context: the library and the settings that all views use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Protocol, cast

from flask import current_app

from models.accounts import Access
from models.removal import KEEP_ALL, RetentionRule
from search.query.fields import MAX_LENGTH
from web.accounts.outside import NOBODY, IdentityProvider
from web.indexing import Indexing

if TYPE_CHECKING:
    from nlp.topics.model import Why
    from nlp.topics.taxonomy import Topic
    from search.engine import Engine
    from search.request import Filters, Hit, Request, Results
    from store.store import Store
    from web.coverage import SourceGroup
    from web.feeds.service import FeedService

EXTENSION = "slugline"


class Searcher(Protocol):
    """What answers searches; `search.searcher.Searcher` is one.

    `search` raises `QueryError` for what can't be read, `EngineError` where there is no answer.
    """

    def search(self, request: Request) -> Results:
        """Return what a request finds."""

    def matching(self, text: str, filters: Filters, *, spellings: bool = False) -> Iterator[str]:
        """Yield the ids of all articles that a search finds, newest first.

        With `spellings` a name is found in its other spellings too.
        """

    def among(self, request: Request, ids: Sequence[str]) -> set[str]:
        """Return which of these articles have all that a request asks for."""

    def as_seen_by(self, user: str) -> Searcher:
        """Return what sees the lists of a user, whoever is asking."""

    def complete(self, text: str, limit: int) -> tuple[str, ...]:
        """Return how a query may go on whose last word is still being typed."""

    def similar(self, article_id: str, limit: int) -> tuple[Hit, ...]:
        """Return the articles that share most with one, best first."""


class Explainer(Protocol):
    """What says why an article has its topics; `nlp.topics.model.TopicModel` is one."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages (ISO 639-1) whose articles it has a say on."""

    def why(self, title: str, summary: str, language: str, most: int = 8) -> tuple[Why, ...]:
        """Return the words for and against each topic, the likeliest topic first."""


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that pages are made from. `topics` are those of the taxonomy, by slug.

    Without an `explainer` articles don't say why they have their topics. `coverage` are the groups
    of sources that the user defines. Without `feeds` no feed is asked for. `read_languages` are
    those (ISO 639-1) whose articles are read for all names; None where that is not known.
    """

    store: Store
    searcher: Searcher
    engine: Engine
    topics: Mapping[str, Topic]
    explainer: Explainer | None = None
    coverage: tuple[SourceGroup, ...] = ()
    feeds: FeedService | None = None
    read_languages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the pages behave; all caps are there so that no visitor can ask for endless work.

    `max_body` is in bytes; `rate_limit` is how often one address may ask ("" as often as it
    likes), such as "600 per minute". `max_exports` are sent at a time: each takes a thread for as
    long as its reader takes. `exports` is the directory with the files that jobs made,
    `retention` what the settings keep, `daily_hour` (UTC) when alerts of once a day are sent.
    `reading` keeps what each user has read. `outside` is who vouches for users, `cors` which sites'
    scripts may ask the API. `run` tells processes that serve together from any earlier ones.
    """

    page_size: int = 20
    max_pages: int = 500
    max_query: int = MAX_LENGTH
    max_filters: int = 20
    max_body: int = 1_000_000
    access: Access = Access.AUTO
    rate_limit: str = ""
    max_exports: int = 2
    daily_hour: int = 6
    exports: Path | None = None
    retention: RetentionRule = KEEP_ALL
    reading: bool = False
    outside: IdentityProvider = NOBODY
    cors: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True, slots=True)
class AppContext:
    """The library and the settings of one application.

    `exports` are the places of exports being sent, `indexing` keeps the index up after changes.
    """

    library: Library
    settings: WebSettings
    exports: BoundedSemaphore
    indexing: Indexing


def app_context() -> AppContext:
    """Return the context of the application that answers the current request."""
    return cast("AppContext", current_app.extensions[EXTENSION])


def library() -> Library:
    """Return the library of the application that answers the current request."""
    return app_context().library
