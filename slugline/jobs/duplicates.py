"""The job that groups near-duplicates among new articles, a few days at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from models.duplicates import Repetition
from slugline.jobs.holder import the_only_one
from slugline.progress import ProgressBar
from store.store import Store

STRETCH = timedelta(days=8)
"""Days compared at once, besides the window: memory grows with them, not with the archive."""


def group_duplicates(store: Store, bar: ProgressBar) -> int:
    """Group the articles that wait for it with what they repeat; return how many were grouped.

    Killed on the way, it begins again with all that waited: what is grouped already stays so. One
    process does it at a time.
    """
    if not store.duplicates.due()[0]:
        return 0  # asked without a write, since most often there is none
    with the_only_one(store, "duplicates"):
        return _group(store, bar)


def _group(store: Store, bar: ProgressBar) -> int:
    from ingest.duplicate_rules import Text
    from ingest.duplicates import WINDOW, find_pairs, group
    from ingest.urls import outlet_of

    days, cursor = store.duplicates.due()
    grouped = 0
    for since, until in stretches(days, WINDOW):
        texts = [
            Text(
                one.id,
                outlet_of(one.url, one.source),
                one.title,
                one.summary,
                one.moment,
            )
            for one in store.duplicates.compared(since, until)
        ]
        found = [
            Repetition(pair.second, pair.first, pair.reason, pair.share)
            for repeated in group(find_pairs(texts), texts)
            for pair in repeated.members
        ]
        grouped += store.duplicates.put(found)
        bar(1, f"{since:%Y-%m-%d}")
    if days:
        store.duplicates.mark_compared(cursor)
    return grouped


def stretches(days: Sequence[date], window: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Yield spans of time in which every article of these days meets all within `window` of it."""
    at = 0
    while at < len(days):
        first = days[at]
        while at < len(days) and days[at] < first + STRETCH:
            at += 1
        begin = datetime.combine(first, time(), tzinfo=UTC)
        end = datetime.combine(days[at - 1] + timedelta(days=1), time(), tzinfo=UTC)
        yield begin - window, end + window
