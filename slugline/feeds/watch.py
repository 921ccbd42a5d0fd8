"""Keeps a home up to date: checks feeds when they are due, then tags and indexes.

    due feeds -> check -> tag -> index -> wait for the next due feed, or to be stopped

A round takes a bounded number of feeds and a bounded time, so that news is found soon after it came
however many feeds there are. Each part works in batches that are kept whole: stopped or killed at
any moment, the next watch goes on where this one was.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from models.alerts import State
from models.article import Rejection
from models.errors import EngineError, StoreError
from models.feed import Feed, FeedCheck
from models.wording import counted
from slugline.alerts.send import dispatch
from slugline.factory import (
    load_tagger,
    open_fetcher,
    open_reader,
    open_search_engine,
)
from slugline.feeds.check import bounds_of, feed_checker
from slugline.feeds.full_text import page_reader
from slugline.jobs import pipeline
from slugline.jobs.duplicates import group_duplicates
from slugline.jobs.executors import Executor, InProcess
from slugline.jobs.holder import LOOK_AGAIN, LeaseHolder
from slugline.jobs.stories import find_stories
from slugline.jobs.work import rule_of
from slugline.progress import no_bar
from slugline.settings import Settings
from store.store import Store
from web.retention.plan import apply_rule

FEEDS_A_ROUND = 20_000
SECONDS_A_PART = 60.0
"""How long the checking and the tagging of one round go on to begin something new."""
LOOK_EVERY = 10.0
"""Seconds between two looks for feeds that another process has added."""
AFTER_TROUBLE = 30.0
"""Seconds until the next try where store or index did not answer."""

RETAIN_EVERY = 3600.0
"""Seconds between two looks for what retention no longer keeps."""
WHO = "watch"
"""Who removes articles by retention, as the record has it."""
GROUP_PAUSE = 20
"""How many times as long as it took the next grouping waits."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Listener:
    """Where `watch` reports to: `news` and `trouble` always, `detail` only with --verbose."""

    news: Say
    trouble: Say
    detail: Say

    def rejected(self, rejection: Rejection) -> None:
        """Report an entry that was rejected, as a detail."""
        self.detail(f"Rejected: {rejection.where}: {rejection.reason}")

    def noted(self, note: Rejection) -> None:
        """Report an entry that was accepted with alterations, as a detail."""
        self.detail(f"Noted: {note.where}: {note.reason}")


class Watch:
    """Watches one home until `stop` is set.

    `counts` sums up all rounds: rounds, feeds, new, updated, unchanged, duplicates, rejected,
    grouped, tagged, removed, indexed, alerts.
    """

    def __init__(self, settings: Settings, store: Store, listener: Listener) -> None:
        self._settings = settings
        self._store = store
        self._listener = listener
        bounds_of(settings)  # what makes no sense is told before anything is fetched
        self._executor: Executor | None = None
        self._untagged = True
        self._group_at = 0.0
        self._retain_at = 0.0
        self._pages = page_reader(store)
        self.stop = threading.Event()
        self._reader = open_reader(settings, self.stop.is_set)
        self.counts: Counter[str] = Counter()

    def close(self) -> None:
        """End the processes that read feeds."""
        self._reader.close()

    def run(self) -> None:
        """Go round; trouble with store or index is told, and tried again.

        Raises ModelError where articles can't be tagged at all.
        """
        while not self.stop.is_set():
            try:
                self.round()
                seconds = self._until_due()
            except (EngineError, StoreError) as error:
                self._listener.trouble(f"{error} Trying again in {AFTER_TROUBLE:.0f} s.")
                seconds = AFTER_TROUBLE
            self.stop.wait(seconds)

    def once(self) -> None:
        """Take all that is due now, in as many rounds as that takes; trouble is raised."""
        until = datetime.now(UTC)
        while not self.stop.is_set():
            self.round()
            if not self._untagged and not self._more_due(until):
                return

    def round(self) -> None:
        """Check what is due, tag what came, index what changed."""
        self.counts["rounds"] += 1
        with LeaseHolder(self._store) as holder:
            due = self._store.feeds.claim(
                datetime.now(UTC), FEEDS_A_ROUND, holder.name, holder.lasts
            )
            if due:
                self._check(due)
        if time.monotonic() >= self._group_at:
            self._group()
        if due or self._untagged:
            self._tag()
        self._find_stories()
        if time.monotonic() >= self._retain_at:
            self._retain()
        self._index()
        self._send_alerts()

    def _more_due(self, until: datetime) -> bool:
        """Say whether feeds are due that no other watch of this store is at."""
        with LeaseHolder(self._store) as holder:
            return bool(self._store.feeds.claim(until, 1, holder.name, holder.lasts))

    def _until_due(self) -> float:
        if self._untagged:
            return 0.0
        due = self._store.feeds.next_due()
        left = (due - datetime.now(UTC)).total_seconds() if due else LOOK_EVERY
        return min(LOOK_EVERY, max(LOOK_AGAIN, left))

    def _check(self, due: list[Feed]) -> None:
        """Check the feeds that are due, and tell of news and trouble."""
        ended = self._ending()
        with closing(open_fetcher(self._settings)) as fetcher:
            checker = feed_checker(
                self._settings, self._store, fetcher, self._reader, pages=self._pages
            )
            checked = checker.check(due, self._listener, on_check=self._tell, stopping=ended)
        self.counts["feeds"] += len(checked.feeds)
        summed = checked.ingested
        for name in ("new", "updated", "unchanged", "duplicates", "rejected"):
            self.counts[name] += getattr(summed, name)
        said = f"Checked {len(checked.feeds)} of {len(due)} due feeds: {summed.new} new"
        said += f", {summed.updated} updated" if summed.updated else ""
        said += f", {len(summed.unread)} failed" if summed.unread else ""
        heard = summed.new or summed.updated or summed.unread
        tell = self._listener.news if heard else self._listener.detail
        tell(f"{said} ({summed.seconds:.1f} s).")

    def _tell(self, one: FeedCheck) -> None:
        if one.moved_from:
            self._listener.news(f"{one.moved_from} has moved to {one.url}.")
        if one.error:
            again = f"; next try at {one.next_check:%H:%M} UTC" if one.next_check else ""
            self._listener.trouble(f"{one.url}: {one.error}, {one.failures} in a row{again}.")
        else:
            self._listener.detail(
                f"{one.url}: {one.new} new, {one.updated} updated ({one.status})."
            )

    def _group(self) -> None:
        """Group what repeats another article; it compares whole days, so it is not always done."""
        began = time.monotonic()
        grouped = group_duplicates(self._store, no_bar)
        self.counts["grouped"] += grouped
        if grouped:
            self._listener.news(f"Grouped {counted(grouped, 'article')} with what they repeat.")
        self._group_at = time.monotonic() + GROUP_PAUSE * (time.monotonic() - began)

    def _tag(self) -> None:
        """Tag what is due while the round lasts; the models are loaded with the first news."""
        if self._executor is None:
            if not self._store.tags.count_due():
                self._untagged = False
                return
            tagger = load_tagger(self._settings)
            self._store.tags.make_due(tagger.stamp)
            self._executor = InProcess(tagger)
        if self._store.tags.count_due():
            batch = self._settings.nlp.batch
            tagged = pipeline.tag(self._store, self._executor, batch, no_bar, ended=self._ending())
            self.counts["tagged"] += tagged.articles
            self._listener.news(
                f"Tagged {counted(tagged.articles, 'article')} ({tagged.seconds:.1f} s)."
            )
        self._untagged = self._store.tags.count_due() > 0

    def _find_stories(self) -> None:
        """Assign tagged articles to stories; what is left over is done in the next round."""
        if not self._store.stories.detection.count_due():
            return
        found = find_stories(self._store, no_bar, ended=self._ending())
        self._listener.detail(f"Stories for {counted(found.articles, 'article')}.")

    def _retain(self) -> None:
        """Remove what the rule of retention no longer keeps, where settings have one."""
        self._retain_at = time.monotonic() + RETAIN_EVERY
        rule = rule_of(self._settings)
        if not rule.is_set:
            return
        removed = apply_rule(self._store, rule, WHO)
        self.counts["removed"] += removed
        if removed:
            self._listener.news(f"Retention removed {counted(removed, 'article')}.")

    def _index(self) -> None:
        if not self._store.changes.count():
            return
        with closing(open_search_engine(self._settings)) as engine:
            indexed = pipeline.index(self._store, engine, rebuild=False, bar=no_bar)
        self.counts["indexed"] += indexed.added
        self._listener.news(
            f"Indexed {counted(indexed.added, 'article')} ({indexed.seconds:.1f} s)."
        )

    def _send_alerts(self) -> None:
        """Send what alerts have to tell; what is not taken is tried again in a later round."""
        done = dispatch(self._store, self._settings.alerts, self._ending())
        self.counts["alerts"] += done[State.SENT]
        if done[State.SENT]:
            self._listener.news(f"Sent {counted(done[State.SENT], 'alert')}.")

    def _ending(self) -> Callable[[], bool]:
        """Return what says that nothing more is to be begun in this part of the round."""
        end = time.monotonic() + SECONDS_A_PART
        return lambda: self.stop.is_set() or time.monotonic() > end


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Set `stop` at the first SIGTERM or SIGINT of a block; the second one ends the process."""
    before: dict[int, Any] = {}

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        restore()

    def restore() -> None:
        while before:
            signal.signal(*before.popitem())

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, ask)
    try:
        yield
    finally:
        restore()
