"""The seam between Slugline and a search engine: one Protocol and what passes through it.

An engine ranks and counts; it stores no text for people. Hits are ids, which the store turns into
articles, so a hit is never staler than the store. `tests/search/engines/contract.py` is the suite
that every engine passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from search.document import Document
from search.query.nodes import ALL, Node

FACETS = ("topic", "entity", "person", "org", "place", "source", "lang", "cluster", "story", "day")
"""What hits can be counted by; `day` is the date histogram, keys like 2023-11-12."""


class Sort(StrEnum):
    """The order of hits; ties go to the newer, then to the smaller id, so pages never overlap.

    What has no date comes last, whether the newest or the oldest come first.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Question:
    """One search, as an engine gets it: filters are already part of `query`.

    `fold` leaves an article out of the hits where the one it repeats is a hit as well; `offset` and
    `limit` count what is left.
    """

    query: Node = ALL
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    facet_size: int = 20
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """An article that was found, and how well it fits (not comparable between engines)."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found.

    `total` is how many articles match, exact unless `partial` says why it is only a lower bound
    (a time or expansion limit was reached). `strict` is how many have all the words asked for; the
    rest of `total`, ranked below, have most of them; one that has all is never folded under one
    that has not. `folded` is how many of `total` were left out because the article they repeat is a
    hit. Facets map a facet to (value, count) pairs, largest first, for all that match, not only
    for this page.
    """

    total: int
    hits: tuple[Scored, ...]
    strict: int
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    partial: str = ""
    folded: int = 0


class Engine(Protocol):
    """A search engine. Raises `EngineError` where it can't be opened or doesn't answer."""

    name: str

    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        """Add or replace documents and remove ids, all of it or nothing; called by `sync`.

        `removed` is read only when all documents have been.
        """

    def search(self, question: Question) -> Answer:
        """Find, rank and count; raises `UnsupportedQueryError` for what it can't do."""

    def matching(self, query: Node) -> Iterator[str]:
        """Yield the ids of all that match, newest first, without a limit; called by exports."""

    def suggest(self, word: str) -> str:
        """Return the indexed word that was probably meant, or the two that were written as one.

        "" where there is none; called where little is found.
        """

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the commonest indexed words that begin so; called while someone types."""

    def ids(self) -> Iterator[str]:
        """Yield the ids of all that is indexed; called by `doctor`."""

    def count(self) -> int:
        """Return how many documents are indexed."""

    def replace(self, documents: Iterable[Document]) -> None:
        """Put documents in the place of all there are; until all are in, the old ones serve.

        Called by a rebuild, also where the index is damaged; whatever stops it leaves the old one.
        """

    def generation(self) -> str:
        """Return a text that differs once anything has been indexed; "" where that is not known.

        Called before each answer of the pages, so it is quick.
        """

    def check(self) -> None:
        """Read all that the index is made of; called by `doctor`.

        Raises `DamagedIndexError` that names what is not as it was written.
        """

    def warning(self) -> str:
        """Return what is not as it should be although it answers, and what to do; "" if nothing is.

        Called by `doctor`, `index` and `/readyz`.
        """

    def close(self) -> None:
        """Let go of files and connections."""
