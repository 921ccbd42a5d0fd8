"""Checks feeds: fetches them, stores their entries, and records their health.

    feeds -> ask (in threads) -> store.articles -> ingest.schedule -> store.feeds

Articles are stored before the feed's health: killed in between, a feed is only asked once more.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.article import Rejection
from models.errors import ConfigError, SourceError, UnstorableError
from models.feed import Feed, FeedCheck, FeedState, is_mailbox
from models.revisions import Outcome
from slugline.factory import open_mailboxes
from slugline.feeds.ask import Reply, ask
from slugline.feeds.full_text import PageReader, page_reader
from slugline.feeds.mailboxes import Mailboxes, ask_mailbox
from slugline.jobs.pipeline import IngestListener, IngestResult
from slugline.settings import Settings
from store.store import Store

if TYPE_CHECKING:
    from ingest.fetching.fetch import Asker
    from ingest.parsed_source import ParsedSource
    from ingest.parsing.reader import Reader
    from ingest.schedule import IntervalBounds

REFUSALS = 2
"""How often a server says "too many requests" until its other feeds wait: the first time it may
mean that feed alone."""
TOGETHER = 50
"""Feeds whose health is written in one transaction."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a round of checks: the totals, and the check of each feed."""

    ingested: IngestResult
    feeds: tuple[FeedCheck, ...]


class FeedChecker:
    """Checks feeds of a store, at most `at_once` at a time and one of each host.

    `pages` reads what feeds link to, of those that are to be kept with their full text, and
    `mailboxes` opens those that newsletters come to.
    """

    def __init__(
        self,
        store: Store,
        asker: Asker,
        reader: Reader,
        bounds: IntervalBounds,
        *,
        at_once: int,
        pages: PageReader | None = None,
        mailboxes: Mailboxes | None = None,
    ) -> None:
        self._store = store
        self._asker = asker
        self._reader = reader
        self._bounds = bounds
        self._at_once = at_once
        self._pages = pages
        self._mailboxes = mailboxes

    def check(
        self,
        feeds: Sequence[Feed],
        listener: IngestListener,
        *,
        on_check: Callable[[FeedCheck], None] = lambda _check: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> CheckResult:
        """Check feeds, and call `on_check` with each.

        A server that twice says "too many requests" is left alone: its other feeds wait as long as
        it asks. Once `stopping` says so no feed is asked any more; those under way are still taken.
        """
        from ingest.fetching.parallel import in_round

        began = time.perf_counter()
        recorder = _Recorder(self._store, self._bounds, listener, datetime.now(UTC))
        by_url = {feed.url: feed for feed in feeds}
        refusals = _Refusals()

        def asked(url: str) -> Reply | _Postponed | None:
            return None if stopping() else self._ask(by_url[url], refusals, stopping)

        checks = []
        try:
            for url, reply in in_round(by_url, asked, at_once=self._at_once):
                if isinstance(reply, SourceError):
                    raise reply
                if isinstance(reply, _Postponed):
                    recorder.postpone(by_url[url], reply.seconds)
                elif reply is not None:
                    checks.append(recorder.settle(by_url[url], reply))
                    on_check(checks[-1])
        finally:
            recorder.write()
        return CheckResult(recorder.summed(time.perf_counter() - began, checks), tuple(checks))

    def _ask(
        self, feed: Feed, refusals: _Refusals, stopping: Callable[[], bool]
    ) -> Reply | _Postponed | None:
        """Ask for a feed, in a thread of the round, unless its server wants to be left alone.

        Returns None where reading it was stopped.
        """
        from ingest.parsing.pool import StoppedError
        from ingest.schedule import seconds_asked
        from ingest.urls import host_of

        host = host_of(feed.url)
        if seconds := refusals.wait_of(host):
            return _Postponed(seconds)
        try:
            reply = (
                ask_mailbox(feed, self._mailboxes, self._reader)
                if is_mailbox(feed.url)
                else ask(feed, self._asker, self._reader)
            )
        except StoppedError:
            return None
        if seconds := seconds_asked(reply.answer):
            refusals.add(host, seconds)
        if reply.parsed and feed.full_text:
            return self._with_pages(reply, reply.parsed, stopping)
        return reply

    def _with_pages(
        self, reply: Reply, parsed: ParsedSource, stopping: Callable[[], bool]
    ) -> Reply:
        """Read the pages behind a feed's news, in the host's turn."""
        if self._pages is None:
            missing = "has no full text: that needs pip install 'slugline[fulltext]'"
            notes = (*parsed.notes, Rejection(parsed.name, missing))
            return replace(reply, parsed=replace(parsed, notes=notes))
        read = self._pages.read(parsed, self._asker, self._reader, stopping)
        notes = (*parsed.notes, *read.notes)
        return replace(reply, parsed=replace(parsed, notes=notes), texts=read.texts)


@dataclass(frozen=True, slots=True)
class _Postponed:
    """A feed that was not asked for, since its server wants to be left alone for so long."""

    seconds: float


class _Refusals:
    """Which servers said "too many requests" in a round, and for how long; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: Counter[str] = Counter()
        self._seconds: dict[str, float] = {}

    def add(self, host: str, seconds: float) -> None:
        """Remember a refusal, with the seconds that the server asks for."""
        with self._lock:
            self._times[host] += 1
            self._seconds[host] = seconds

    def wait_of(self, host: str) -> float:
        """Return the seconds that feeds of a host have to wait, 0 where it may be asked."""
        with self._lock:
            return self._seconds[host] if self._times[host] >= REFUSALS else 0.0


class _Recorder:
    """Takes replies one by one, and writes how feeds are doing some at a time."""

    def __init__(
        self, store: Store, bounds: IntervalBounds, listener: IngestListener, now: datetime
    ) -> None:
        self._store = store
        self._bounds = bounds
        self._listener = listener
        self._now = now
        self._unwritten: list[tuple[str, FeedState]] = []
        self._publishers: set[str] = set()

    def settle(self, feed: Feed, reply: Reply) -> FeedCheck:
        """Store what a feed brought, and decide how it is doing."""
        from ingest.schedule import FeedResponse, after_check

        outcomes: Counter[str] = Counter()
        if reply.parsed is not None:
            try:
                outcomes.update(self._take(reply.parsed))
                self._store.full_text.put(reply.texts)
            except (ValueError, UnstorableError) as error:
                reply = replace(reply, parsed=None, error=f"can't be stored: {error}")
        dates = [entry.published for entry in reply.parsed.entries] if reply.parsed else []
        visit = FeedResponse(reply.answer, reply.error, [date for date in dates if date])
        now, chance = datetime.now(UTC), random.random()  # noqa: S311 - spreads feeds, hides nothing
        checked = after_check(feed, visit, now, self._bounds, chance)
        if checked.error:
            self._listener.rejected(Rejection(feed.url, checked.error))
        self._unwritten.append((feed.url, checked))
        if len(self._unwritten) >= TOGETHER:
            self.write()
        return FeedCheck(
            url=checked.url,
            title=(reply.parsed.feed.title if reply.parsed else "") or feed.title,
            status=reply.answer.status if reply.answer else None,
            new=outcomes[Outcome.NEW],
            updated=outcomes[Outcome.UPDATED],
            unchanged=outcomes[Outcome.UNCHANGED],
            duplicates=outcomes[Outcome.SEEN],
            rejected=reply.parsed.rejected if reply.parsed else 0,
            error=checked.error,
            failures=checked.failures,
            gone=checked.gone,
            moved_from=feed.url if checked.url != feed.url else "",
            next_check=checked.next_check,
        )

    def postpone(self, feed: Feed, seconds: float) -> None:
        """Postpone the check of a feed, as its server asks."""
        from ingest.schedule import postpone

        self._listener.noted(
            Rejection(feed.url, f"put off for {seconds:.0f} s, as its server asks")
        )
        self._unwritten.append((feed.url, postpone(feed, datetime.now(UTC), seconds)))

    def _take(self, parsed: ParsedSource) -> Counter[Outcome]:
        outcomes = self._store.articles.put(parsed.entries, parsed.feed, self._now)
        self._publishers |= {entry.source for entry in parsed.entries}
        for rejection in parsed.rejections:
            self._listener.rejected(rejection)
        for note in parsed.notes:
            self._listener.noted(note)
        return outcomes

    def write(self) -> None:
        """Write how the feeds are doing that were settled since the last time."""
        waiting, self._unwritten = self._unwritten, []
        if waiting:
            self._store.feeds.record(waiting)

    def summed(self, seconds: float, checks: Sequence[FeedCheck]) -> IngestResult:
        """Return the sum of all checks, a feed that failed counted as one rejection."""
        return IngestResult(
            sources=len(self._publishers),
            new=sum(check.new for check in checks),
            updated=sum(check.updated for check in checks),
            unchanged=sum(check.unchanged for check in checks),
            duplicates=sum(check.duplicates for check in checks),
            rejected=sum(check.rejected + bool(check.error) for check in checks),
            seconds=seconds,
            unread=tuple(check.url for check in checks if check.error),
        )


def feed_checker(
    settings: Settings,
    store: Store,
    asker: Asker,
    reader: Reader,
    *,
    at_once: int | None = None,
    pages: PageReader | None = None,
    mailboxes: Mailboxes | None = None,
) -> FeedChecker:
    """Return what checks feeds as settings say; what is not given is opened by them.

    Raises ConfigError where the settings make no sense.
    """
    return FeedChecker(
        *(store, asker, reader, bounds_of(settings)),
        at_once=at_once or max(1, settings.fetch.at_once),
        pages=pages or page_reader(store),
        mailboxes=mailboxes or open_mailboxes(settings),
    )


def bounds_of(settings: Settings) -> IntervalBounds:
    """Return the bounds that settings give; raises ConfigError where they leave nothing between."""
    from ingest.schedule import IntervalBounds

    shortest, longest = settings.fetch.shortest_interval, settings.fetch.longest_interval
    if not 0 < shortest <= longest:
        raise ConfigError(
            f"fetch.shortest_interval is {shortest} s and fetch.longest_interval {longest} s; the "
            "first must be more than 0 and not more than the second."
        )
    at_least, at_most = timedelta(seconds=shortest), timedelta(seconds=longest)
    return IntervalBounds(at_least, at_most)
