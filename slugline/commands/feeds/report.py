"""Reports of feeds, checks and subscriptions: as text for people, as JSON for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from models.wording import counted
from slugline.commands.stage_report import format_ingested, stage_as_dict

if TYPE_CHECKING:
    from models.feed import Feed
    from slugline.feeds.check import CheckResult
    from slugline.feeds.subscribe import FoundFeeds, Subscribed

_PRIVATE = {"login", "number", "first_url", "etag", "modified"}


def format_checks(checked: CheckResult) -> str:
    """Return what a round of checks did, as text."""
    quiet = sum(1 for one in checked.feeds if one.status == HTTPStatus.NOT_MODIFIED)
    failed = len(checked.ingested.unread)
    parts = [counted(len(checked.feeds), "feed")]
    parts += [f"{quiet:,} not changed"] if quiet else []
    parts += [f"{failed:,} failed"] if failed else []
    lines = [f"Checked: {', '.join(parts)}."]
    lines += [f"Moved: {one.moved_from} -> {one.url}" for one in checked.feeds if one.moved_from]
    if quiet + failed < len(checked.feeds):
        lines.append(format_ingested(checked.ingested))
    return "\n".join(lines)


def checks_as_dict(checked: CheckResult) -> dict[str, Any]:
    """Return the totals of a round of checks and the check of each feed, as JSON."""
    return stage_as_dict(checked.ingested) | {
        "feeds": [dataclasses.asdict(one) for one in checked.feeds]
    }


def feed_as_dict(feed: Feed) -> dict[str, Any]:
    """Return what may be told of a feed: all but its login and what it is asked with."""
    return {
        field.name: getattr(feed, field.name)
        for field in dataclasses.fields(feed)
        if field.name not in _PRIVATE
    } | {
        "health": _health(feed),
        "login": bool(feed.login),
        "selectors": dataclasses.asdict(feed.selectors) if feed.selectors else None,
    }


def _health(feed: Feed) -> str:
    from ingest.schedule import health

    return str(health(feed))


def name_of(feed: Feed) -> str:
    """Return what a person knows a feed by."""
    return f"{feed.title} ({feed.url})" if feed.title else feed.url


def format_feed(feed: Feed, pace: float, now: datetime, unusual: str = "") -> Iterator[str]:
    """Tell how a feed is doing, in one line, or two where it is not well."""
    if not feed.subscribed:
        yield f"{'not subscribed':<15} {pace:>7.1f} a day  {'':<14}  {name_of(feed)}"
        return
    state = _health(feed) + (f", {feed.failures}x" if feed.failures else "")
    due = "" if feed.gone else when(feed.next_check, now)
    yield f"{state:<15} {pace:>7.1f} a day  {due:<14}  {name_of(feed)}"
    if feed.error:
        last = f"last success {_ago(feed.succeeded, now)}" if feed.succeeded else "never fetched"
        yield f"{'':<15} {feed.error}; {last}"
    if unusual:
        yield f"{'':<15} {unusual}"


def format_left_out(count: int) -> Iterator[str]:
    """Say how many feeds a list leaves out because nobody subscribed to them, and what has them."""
    if count:
        what = counted(count, "feed is", "feeds are")
        yield f"{what} known but not subscribed to; `slugline feeds list --all` lists them."


def when(moment: datetime | None, now: datetime) -> str:
    """Say when a feed is due, in whole minutes, hours or days."""
    if moment is None or moment <= now:
        return "due now"
    return f"due in {_span(moment - now)}"


def _ago(moment: datetime, now: datetime) -> str:
    return f"{_span(now - moment)} ago"


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def subscription_as_dict(
    offered: FoundFeeds, subscribed: Subscribed, checked: CheckResult
) -> dict[str, Any]:
    """Return what a subscription did, under its contract names."""
    return checks_as_dict(checked) | {
        "added": subscribed.added,
        "known": len(subscribed.known),
        "failed": list(offered.failed),
        "offered": [
            {"url": offer.url, "title": offer.title, "taken": offer.url in one.taken}
            for one in offered.found
            for offer in one.offers
        ],
    }


def format_subscription(offered: FoundFeeds, subscribed: Subscribed, checked: CheckResult) -> str:
    """Return what a subscription did, as lines for the terminal."""
    lines = [
        f"{'Known already' if feed.url in subscribed.known else 'Subscribed'}: {name_of(feed)}"
        for feed in offered.taken.values()
    ]
    if offered.taken:
        lines += [format_ingested(checked.ingested), "`slugline watch` keeps them fresh."]
    return "\n".join(lines)
