"""Checks feeds: asks for those given, takes what they hold, and keeps how each is doing.

    feeds -> ask (in threads) -> store.articles -> verdict -> store.feeds

Articles are stored before the feed's health: killed in between, a feed is only asked once more.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from models.article import Rejection
from models.errors import ConfigError, SourceError, UnstorableError
from models.feed import Checked, Feed
from models.revisions import Outcome
from slugline.feeds.verdict import Reply, put_off, seconds_asked, verdict
from slugline.jobs.pipeline import Ingested, Remarks
from slugline.settings import Settings
from store.store import Store

if TYPE_CHECKING:
    from ingest.fetching.fetch import Asker
    from ingest.parsed_source import ParsedSource
    from ingest.schedule import Bounds
    from slugline.feeds.full_text import PageReader

REFUSALS = 2
"""How often a server says "too many requests" until its other feeds wait: the first time it may
mean that feed alone."""
TOGETHER = 50
"""Feeds whose health is written in one transaction."""


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """What the check of one feed came to.

    `status` is the HTTP status of the answer, None where there was none. The counts are of entries,
    as in `Ingested`. `moved_from` is the address before, "" where the feed stayed where it was;
    `error` says why the check failed, "" where it went well.
    """

    url: str
    title: str
    status: int | None
    new: int
    updated: int
    unchanged: int
    duplicates: int
    rejected: int
    error: str
    failures: int
    gone: bool
    moved_from: str
    next_check: datetime | None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a round of checks did: its sum, and each feed as it answered."""

    ingested: Ingested
    feeds: tuple[FeedCheck, ...]


def check(
    store: Store,
    feeds: Sequence[Feed],
    asker: Asker,
    bounds: Bounds,
    remarks: Remarks,
    *,
    at_once: int,
    pages: PageReader | None = None,
    told: Callable[[FeedCheck], None] = lambda _check: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Refreshed:
    """Check feeds, at most `at_once` at a time and one of each host; `told` hears of each.

    A server that twice says "too many requests" is left alone: its other feeds wait as long as it
    asks. `pages` reads what feeds link to, of those that are to be kept with their full text. Once
    `stopping` says so no feed is asked any more; those under way are still taken.
    """
    from ingest.fetching.parallel import in_round
    from ingest.urls import host_of

    began = time.perf_counter()
    context = _Recorder(store, bounds, remarks, datetime.now(UTC))
    by_url = {feed.url: feed for feed in feeds}
    refused: Counter[str] = Counter()
    asked_for: dict[str, float] = {}

    def asked(url: str) -> Reply | None:
        if stopping():
            return None
        host = host_of(url)
        if refused[host] >= REFUSALS:
            return Reply(put_off=asked_for[host])
        reply = ask(by_url[url], asker)
        if seconds := seconds_asked(reply):
            refused[host] += 1
            asked_for[host] = seconds
        if reply.part and by_url[url].full_text:
            return _with_pages(reply, reply.part, pages, asker, stopping)
        return reply

    checks = []
    try:
        for url, reply in in_round(by_url, asked, at_once=at_once):
            if isinstance(reply, SourceError):
                raise reply
            if reply is None:
                continue
            if reply.put_off:
                context.put_off(by_url[url], reply.put_off)
            else:
                checks.append(context.settle(by_url[url], reply))
                told(checks[-1])
    finally:
        context.write()
    return Refreshed(context.summed(time.perf_counter() - began, checks), tuple(checks))


def ask(feed: Feed, asker: Asker) -> Reply:
    """Ask for a feed, unless unchanged, and read it; whatever goes wrong is in the reply."""
    from ingest.feeds import read_feed
    from ingest.fetching.fetch import Validators, phrase
    from ingest.parsed_source import UnreadableError

    try:
        answer = asker.fetch(feed.address, Validators(feed.etag, feed.modified))
        bare = replace(answer, body=b"")
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Reply(bare)
        if answer.status != HTTPStatus.OK:
            return Reply(bare, error=f"answered {phrase(answer.status)}")
        part = read_feed(answer.body, feed.url, feed.url, answer.content_type)
    except UnreadableError as error:
        return Reply(bare, error=str(error))
    except SourceError as error:
        return Reply(error=error.reason.removesuffix("."))
    except Exception as error:  # whatever a feed does to its reader, it costs no other feed
        return Reply(error=f"can't be read ({type(error).__name__}: {error})")
    return Reply(bare, _as_known(feed, part))


def _with_pages(
    reply: Reply,
    part: ParsedSource,
    pages: PageReader | None,
    asker: Asker,
    stopping: Callable[[], bool],
) -> Reply:
    """Read the pages behind a feed's news, in the host's turn."""
    if pages is None:
        missing = "has no full text: that needs pip install 'slugline[fulltext]'"
        return replace(
            reply, part=replace(part, notes=(*part.notes, Rejection(part.name, missing)))
        )
    read = pages.read(part, asker, stopping)
    return replace(reply, part=replace(part, notes=(*part.notes, *read.notes)), texts=read.texts)


def _as_known(feed: Feed, part: ParsedSource) -> ParsedSource:
    """Let entries without links keep the ids they had before their feed moved."""
    named = replace(part.feed, url=feed.url)
    if not feed.first_url:
        return replace(part, feed=named)
    entries = tuple(
        entry if entry.canonical_url else replace(entry, feed=feed.first_url)
        for entry in part.entries
    )
    return replace(part, feed=named, entries=entries)


class _Recorder:
    """Takes replies one by one, and writes how feeds are doing some at a time."""

    def __init__(self, store: Store, bounds: Bounds, remarks: Remarks, now: datetime) -> None:
        self._store = store
        self._bounds = bounds
        self._remarks = remarks
        self._now = now
        self._unwritten: list[tuple[str, Checked]] = []
        self._publishers: set[str] = set()

    def settle(self, feed: Feed, reply: Reply) -> FeedCheck:
        """Store what a feed brought, and decide how it is doing."""
        outcomes: Counter[str] = Counter()
        if reply.part is not None:
            try:
                outcomes.update(self._take(reply.part))
                self._store.full_text.put(reply.texts)
            except (ValueError, UnstorableError) as error:
                reply = replace(reply, part=None, error=f"can't be stored: {error}")
        now, chance = datetime.now(UTC), random.random()  # noqa: S311 - spreads feeds, hides nothing
        checked = verdict(feed, reply, now, self._bounds, chance)
        if checked.error:
            self._remarks.rejected(Rejection(feed.url, checked.error))
        self._unwritten.append((feed.url, checked))
        if len(self._unwritten) >= TOGETHER:
            self.write()
        return FeedCheck(
            url=checked.url,
            title=(reply.part.feed.title if reply.part else "") or feed.title,
            status=reply.answer.status if reply.answer else None,
            new=outcomes[Outcome.NEW],
            updated=outcomes[Outcome.UPDATED],
            unchanged=outcomes[Outcome.UNCHANGED],
            duplicates=outcomes[Outcome.SEEN],
            rejected=reply.part.rejected if reply.part else 0,
            error=checked.error,
            failures=checked.failures,
            gone=checked.gone,
            moved_from=feed.url if checked.url != feed.url else "",
            next_check=checked.next_check,
        )

    def put_off(self, feed: Feed, seconds: float) -> None:
        """Let a feed wait whose server asked for time."""
        self._remarks.noted(Rejection(feed.url, f"put off for {seconds:.0f} s, as its server asks"))
        self._unwritten.append((feed.url, put_off(feed, datetime.now(UTC), seconds)))

    def _take(self, part: ParsedSource) -> Counter[Outcome]:
        outcomes = self._store.articles.put(part.entries, part.feed, self._now)
        self._publishers |= {entry.source for entry in part.entries}
        for rejection in part.rejections:
            self._remarks.rejected(rejection)
        for note in part.notes:
            self._remarks.noted(note)
        return outcomes

    def write(self) -> None:
        """Write how the feeds are doing that were settled since the last time."""
        waiting, self._unwritten = self._unwritten, []
        if waiting:
            self._store.feeds.record(waiting)

    def summed(self, seconds: float, checks: Sequence[FeedCheck]) -> Ingested:
        """Return the sum of all checks, a feed that failed counted as one rejection."""
        return Ingested(
            sources=len(self._publishers),
            new=sum(check.new for check in checks),
            updated=sum(check.updated for check in checks),
            unchanged=sum(check.unchanged for check in checks),
            duplicates=sum(check.duplicates for check in checks),
            rejected=sum(check.rejected + bool(check.error) for check in checks),
            seconds=seconds,
            unread=tuple(check.url for check in checks if check.error),
        )


def bounds_of(settings: Settings) -> Bounds:
    """Return the bounds that settings give; raises ConfigError where they leave nothing between."""
    from ingest.schedule import Bounds

    shortest, longest = settings.fetch.shortest_interval, settings.fetch.longest_interval
    if not 0 < shortest <= longest:
        raise ConfigError(
            f"fetch.shortest_interval is {shortest} s and fetch.longest_interval {longest} s; the "
            "first must be more than 0 and not more than the second."
        )
    at_least, at_most = timedelta(seconds=shortest), timedelta(seconds=longest)
    return Bounds(at_least, at_most, retry=at_least)
