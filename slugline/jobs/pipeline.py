"""The main job: ingest | tag | index, each stage reading what is due from the store.

    sources -> ingest -> store.articles -> tag -> store.tags -> change queue -> index

A stage works in batches, one transaction per batch, and reports its progress through callbacks. It
can be killed at any moment; started again, it resumes where it stopped.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from ingest.clean import capped
from ingest.parsing.limits import why_failed
from models.article import Rejection
from models.errors import SluglineError, SourceError, UnstorableError
from models.feed import shown_address
from models.revisions import Outcome
from models.tags import Due
from slugline.jobs.duplicates import group_duplicates
from slugline.jobs.holder import LeaseHolder
from slugline.jobs.names import settle_names
from slugline.progress import ProgressBar, no_bar
from store.store import Store

if TYPE_CHECKING:
    from ingest.parsed_source import ParsedSource
    from search.engine import Engine
    from slugline.jobs.executors import Executor


log = logging.getLogger(__name__)

Reader = Callable[[str], "Iterable[ParsedSource]"]
"""Reads a source by its location and yields its parts."""


class IngestListener(Protocol):
    """Is told of each entry that was rejected, and of each that was altered."""

    def rejected(self, rejection: Rejection) -> None:
        """Called with an entry or source that was rejected."""

    def noted(self, note: Rejection) -> None:
        """Called with an entry that was accepted with alterations."""


class NoListener:
    """A listener that ignores everything, for callers that only need the counts."""

    def rejected(self, rejection: Rejection) -> None:
        """Ignore a rejection."""

    def noted(self, note: Rejection) -> None:
        """Ignore a note."""


@dataclass(frozen=True, slots=True)
class IngestResult:
    """The result of ingest; every entry that was read is counted exactly once.

    `sources` is the number of publishers. `new` to `rejected` count entries: `duplicates` had been
    read in this run before, `unchanged` were in the store. `grouped` counts new articles that are
    near-duplicates of others. `unread` names the sources that could not be read at all; `rejected`
    counts these too.
    """

    sources: int
    new: int
    updated: int
    unchanged: int
    duplicates: int
    rejected: int
    seconds: float
    grouped: int = 0
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagResult:
    """The result of tagging; `set_aside` are articles that crashed every worker that took them."""

    articles: int
    mentions: int
    seconds: float
    articles_per_second: float
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexResult:
    """The result of indexing; `documents` is the number of documents in the index afterwards.

    `rebuilt` says whether the index was rebuilt: on request, because it was damaged, or because it
    is the first of this engine.
    """

    engine: str
    documents: int
    added: int
    removed: int
    rebuilt: bool
    seconds: float


def ingest(
    store: Store, sources: Sequence[str], read: Reader, listener: IngestListener, bar: ProgressBar
) -> IngestResult:
    """Read sources one part at a time, store their entries, and group near-duplicates."""
    began, now = time.perf_counter(), datetime.now(UTC)
    publishers: set[str] = set()
    counts: Counter[Outcome | str] = Counter()
    unread = []
    for source in sources:
        try:
            for part in read(source):
                counts.update(_take(store, part, now, listener))
                publishers |= {entry.source for entry in part.entries}
                publishers |= {one.article.source for one in part.exported}
                bar(1, part.name.rsplit("/", 1)[-1][:60])
        except Exception as error:  # whatever a source does to its reader, the others are read
            if isinstance(error, SluglineError) and not isinstance(error, SourceError):
                raise
            shown = shown_address(source)
            unread.append(shown)
            counts["rejected"] += 1
            listener.rejected(_unread(shown, error))
    grouped = group_duplicates(store, bar)
    return IngestResult(
        sources=len(publishers),
        new=counts[Outcome.NEW],
        updated=counts[Outcome.UPDATED],
        unchanged=counts[Outcome.UNCHANGED],
        duplicates=counts[Outcome.SEEN],
        rejected=counts["rejected"],
        grouped=grouped,
        seconds=time.perf_counter() - began,
        unread=tuple(unread),
    )


def _take(
    store: Store, part: ParsedSource, now: datetime, listener: IngestListener
) -> Counter[Outcome | str]:
    """Store the entries of one feed or file, and report what was rejected."""
    counts: Counter[Outcome | str] = Counter(rejected=part.rejected)
    for rejection in part.rejections:
        listener.rejected(rejection)
    for note in part.notes:
        listener.noted(note)
    if part.exported:
        counts.update(store.exported.put(part.exported))
        return counts
    try:
        counts.update(store.articles.put(part.entries, part.feed, now))
    except (ValueError, UnstorableError):
        for entry in part.entries:  # one of them is at fault; the others are stored
            try:
                counts.update(store.articles.put([entry], part.feed, now))
            except (ValueError, UnstorableError) as error:
                counts["rejected"] += 1
                where = f"{part.name}, {capped(entry.title, 80)!r}"
                listener.rejected(Rejection(where, f"can't be stored ({error})"))
    return counts


def _unread(source: str, error: Exception) -> Rejection:
    if isinstance(error, SourceError):
        return Rejection(error.place or source, error.reason)
    return Rejection(source, why_failed(error))


def tag(
    store: Store,
    executor: Executor,
    batch: int,
    bar: ProgressBar,
    *,
    ended: Callable[[], bool] = lambda: False,
) -> TagResult:
    """Tag all articles that are due, in the order of arrival.

    Several processes can tag at the same time: each batch is leased first, so that no other process
    takes it too. This one waits for the batches of others, and takes over those of a process that
    has died. At the end, names to which articles gave several types get a single one.
    """
    began = time.perf_counter()
    articles = mentions = 0
    with LeaseHolder(store) as holder:
        while not ended() and (first := _next_batch(store, batch, holder, ended)):
            for tags in executor.tag(_batches(store, first, batch, holder, ended)):
                articles += store.tags.put(tags)
                mentions += sum(len(one.mentions) for one in tags)
                bar(len(tags))
    settle_names(store, ended=ended)
    seconds = time.perf_counter() - began
    return TagResult(
        articles=articles,
        mentions=mentions,
        seconds=seconds,
        articles_per_second=articles / seconds if articles else 0.0,
        set_aside=executor.set_aside,
    )


def _next_batch(
    store: Store, size: int, holder: LeaseHolder, ended: Callable[[], bool]
) -> tuple[Due, ...]:
    """Claim a batch, waiting for those of other processes; return () when nothing is due."""
    while not (claimed := store.tags.claim(size, holder.name, holder.lasts)):
        if ended() or not store.tags.count_due():
            return ()
        holder.wait_for_others()
    return claimed


def _batches(
    store: Store, first: tuple[Due, ...], size: int, holder: LeaseHolder, ended: Callable[[], bool]
) -> Iterator[tuple[Due, ...]]:
    claimed = first
    while claimed:
        yield claimed
        if ended():
            return
        claimed = store.tags.claim(size, holder.name, holder.lasts)


def index(store: Store, engine: Engine, *, rebuild: bool, bar: ProgressBar) -> IndexResult:
    """Update the search index from the change queue, or rebuild it from the store.

    It is rebuilt on request (`rebuild`), and where the index is missing, damaged, or of an engine
    that has not read this queue before.
    """
    from models.errors import DamagedIndexError
    from search.sync import drain
    from search.sync import rebuild as rebuild_index
    from slugline.factory import open_searcher
    from web.alerts.arrivals import Arrivals

    done = Arrivals(store, open_searcher(store, engine)).finish
    began = time.perf_counter()
    foreign = store.changes.reader() != engine.name
    try:
        anew = rebuild or foreign or (not engine.count() and store.articles.count() > 0)
        if not anew:
            synced = drain(store.changes, store.articles, engine, progress=bar, done=done)
    except DamagedIndexError as error:
        log.warning("The %s index is damaged; rebuilding it from the store.", engine.name)
        log.info("%s", error)
        anew = True
    if anew:
        synced = rebuild_index(store, engine, progress=bar, done=done)
    if foreign:
        store.changes.read_by(engine.name)
    return IndexResult(
        engine=engine.name,
        documents=synced.documents,
        added=synced.added,
        removed=synced.removed,
        rebuilt=anew,
        seconds=time.perf_counter() - began,
    )


def catch_up(store: Store, engine: Engine) -> None:
    """Index pending changes, so that searches see the current state of the store."""
    if store.changes.count() or store.changes.reader() != engine.name:
        index(store, engine, rebuild=False, bar=no_bar)
