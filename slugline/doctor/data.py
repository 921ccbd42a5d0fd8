"""Checks of the data in a home: the store, the index, and the feeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from search.engine import Engine
from slugline.doctor.finding import Finding
from slugline.settings import Settings
from store.store import Store

AHEAD = timedelta(hours=1)
"""So far the latest work may lie in the future before the clock is doubted."""


def store(settings: Settings, opened: Store) -> Finding:
    """Read all of the store; raises StoreError where that can't be."""
    place = _place(settings)
    articles = opened.articles.count()
    due = opened.tags.count_due()
    if faults := opened.faults():
        return Finding(
            "store",
            False,
            f"{place}: {articles:,} articles; {'; '.join(faults)}",
            "Restore a backup into another home with `slugline restore`, or export what can "
            "still be read with `slugline export`.",
        )
    state = f"{place}: {articles:,} articles, {due:,} not tagged yet"
    return Finding("store", True, state, "Run `slugline tag`." if due else "")


def index(opened: Store, engine: Engine) -> Finding:
    """Compare store and index id by id, as far as no change waits in the queue."""
    from search.health import compare

    if warning := engine.warning():
        return Finding("index", False, warning, "Then run `slugline doctor` again.")
    engine.check()
    waiting = opened.changes.count()
    reader = opened.changes.reader()
    indexed = list(engine.ids())
    compared = compare(opened.articles.ids(), indexed)
    if waiting:
        state = f"{len(indexed):,} articles; {waiting:,} changes wait"
        return Finding("index", True, state, "Run `slugline index`.")
    if not compared.agrees:
        state = (
            f"{len(compared.missing):,} articles of the store are missing, "
            f"{len(compared.surplus):,} are no longer in it"
        )
        return Finding("index", False, state, "Run `slugline index --rebuild`.")
    state = f"{len(indexed):,} articles, the same as in the store"
    if reader and reader != engine.name:
        state += f"; what changes goes to the {reader} index"
        return Finding("index", True, state, f"`slugline index` makes {engine.name} its reader.")
    return Finding("index", True, state)


def feeds(opened: Store, now: datetime) -> Finding:
    """Look at how the feeds fare: failing ones are their hosts' to mend, all of them are ours."""
    found = [feed for feed in opened.feeds.subscribed() if not feed.gone]
    failing = [feed for feed in found if feed.error]
    unusual = opened.feeds.unusual(now)
    if not found:
        return Finding("feeds", True, "none are followed", "`slugline feeds add URL` follows one.")
    state = f"{len(found):,} followed, {len(failing):,} failing, {len(unusual):,} unusual"
    cure = "`slugline feeds list --failing` says which and why." if failing or unusual else ""
    if len(failing) == len(found) > 1:
        return Finding("feeds", False, state, f"All fail: is this machine online? {cure}")
    return Finding("feeds", True, state, cure)


def clock(opened: Store, now: datetime) -> Finding:
    """Hold the clock against the latest check of a feed: work of the future tells that it lies."""
    latest = max((feed.checked for feed in opened.feeds.subscribed() if feed.checked), default=now)
    state = f"{now:%Y-%m-%d %H:%M} UTC"
    if latest > now + AHEAD:
        return Finding(
            "clock",
            False,
            f"{state}, but a feed was checked at {latest:%Y-%m-%d %H:%M}",
            "Set the clock of this machine (timedatectl set-ntp true). Feeds are due again by it.",
        )
    return Finding("clock", True, state)


def now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


def _place(settings: Settings) -> str:
    """Say where the store is, without a password."""
    from store.database import shown_url

    return shown_url(settings.store_url)
