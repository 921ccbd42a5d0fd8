"""Brings the search index up to the store: what the change queue names, or everything anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from models.batches import batches
from models.errors import EngineError
from models.tags import TaggedArticle
from search.document import Document, to_document
from search.engine import Engine

BATCH = 20_000
"""Changes that are indexed together: one commit of the engine."""
READ = 500
"""Articles that are read from the store together."""

Progress = Callable[[int], object]
"""Called with the number of articles that were just indexed."""


class AChange(Protocol):
    """A change of the queue: `seq` is larger the later it came."""

    @property
    def seq(self) -> int:
        """The change's place in the order of changes."""

    @property
    def article_id(self) -> str:
        """The article that changed or went."""


Change = TypeVar("Change", bound=AChange)
Done = Callable[[Sequence[Change]], object]
"""Called with changes that are indexed; takes them off the queue."""


class Changes(Protocol[Change]):
    """The store's queue of what the index has yet to hear of."""

    def pending(self, limit: int) -> tuple[Change, ...]:
        """Return the oldest changes, `limit` at most."""

    def done(self, finished: Iterable[Change]) -> None:
        """Take exactly these off the queue."""


class Articles(Protocol):
    """The store's articles, as the index reads them."""

    def tagged(self, ids: Sequence[str]) -> list[TaggedArticle]:
        """Return the articles of these ids in this order, without those that are gone."""

    def ids(self) -> Iterator[str]:
        """Yield the ids of all articles."""


class Store(Protocol[Change]):
    """The store, as a rebuild reads it."""

    @property
    def articles(self) -> Articles:
        """The store's articles."""

    @property
    def changes(self) -> Changes[Change]:
        """The store's change queue."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What was done: `documents` are in the index now, `added` were written, `removed` went."""

    documents: int
    added: int
    removed: int


def drain(
    changes: Changes[Change],
    articles: Articles,
    engine: Engine,
    *,
    batch: int = BATCH,
    progress: Progress = lambda _: None,
    done: Done[Change] | None = None,
) -> Synced:
    """Index what the queue names until it is empty; a batch is one commit, then leaves the queue.

    `done` is called with each batch in the place of `changes.done`, and takes it off the queue.
    Killed at any moment it goes on where it was: at worst a batch is indexed twice, which changes
    nothing. A change that comes while its article is being indexed stays on the queue.
    """
    added = removed = 0
    while pending := changes.pending(batch):
        ids = list(dict.fromkeys(change.article_id for change in pending))
        gone = set(ids)
        engine.write(_seen(_documents(articles, ids), gone, progress), gone)
        (done or changes.done)(pending)
        added += len(ids) - len(gone)
        removed += len(gone)
    return Synced(engine.count(), added, removed)


def rebuild(
    store: Store[Change],
    engine: Engine,
    *,
    progress: Progress = lambda _: None,
    done: Done[Change] | None = None,
) -> Synced:
    """Index all articles anew beside the old index, which serves until the new one is complete.

    `done` as in `drain`.
    """
    try:
        before = set(engine.ids())
    except EngineError:  # what can't be read is what a rebuild is for
        before = set()
    covered = store.changes.pending(2**31)
    added = 0

    def documents() -> Iterator[Document]:
        nonlocal added
        for document in _documents(store.articles, store.articles.ids()):
            before.discard(document.id)
            yield document
            added += 1
            progress(1)

    engine.replace(documents())
    (done or store.changes.done)(covered)
    return Synced(engine.count(), added, len(before))


def _seen(
    documents: Iterable[Document], unseen: set[str], progress: Progress
) -> Iterator[Document]:
    """Yield documents on, taking the id of each from those not seen yet."""
    number = 0
    for document in documents:
        unseen.discard(document.id)
        yield document
        number += 1
        if number == READ:
            progress(number)
            number = 0
    if number + len(unseen):
        progress(number + len(unseen))  # what is gone is done with, too


def _documents(articles: Articles, ids: Iterable[str]) -> Iterator[Document]:
    for some in batches(ids, READ):
        yield from map(to_document, articles.tagged(some))
