"""The page of feeds: how each is doing, and for admins adding, changing, checking and removing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from ingest.schedule import Health, health
from models.accounts import Role
from models.errors import BusyError, SourceError, UsageError
from web.accounts.access import needs, visitor
from web.context import library
from web.feeds import subscriptions
from web.feeds.archived import feeds_of_archives
from web.tables import Row, table_of
from web.translation.localization import counted, gettext, number, translate_message

if TYPE_CHECKING:
    from models.feed import Feed
    from web.feeds.service import OfferedFeed

pages = Blueprint("subscriptions", __name__, url_prefix="/feeds")

ORDER = {Health.FAILING: 0, Health.ENDED: 1, Health.WAVERING: 2, Health.NEW: 3, Health.GOOD: 4}
"""What is to be looked at first."""
SHOWN_UNREAD = 5
COLUMNS = ("url", "title", "labels", "health", "articles_a_day", "checked", "next_check", "error")


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed with how it is doing, how many articles a day it brings, and what is odd about it."""

    feed: Feed
    health: Health
    pace: float
    unusual: str


@pages.get("")
def feeds() -> str | Response:
    """List the feeds that are subscribed to, those that fail first."""
    return table_of("feeds", COLUMNS, _rows) or _page()


@pages.post("")
@needs(Role.ADMIN)
def add() -> tuple[str, int] | Response:
    """Subscribe to what an address offers; of several feeds, the admin chooses."""
    address = request.form.get("url", "").strip()
    labels = request.form.get("labels", "").split(",")
    chosen = request.form.getlist("chosen")
    who = visitor().name
    try:
        if not chosen:
            offers = subscriptions.feed_service().find(address)
            if len(offers) > 1:
                return _page(address=address, offers=offers), 200
            chosen = [offer.url for offer in offers]
        added = 0
        for url in chosen[:50]:
            added += subscriptions.add_feed(url, who=who, labels=labels).added
    except (SourceError, UsageError, BusyError) as error:
        return _page(address=address, fault=str(error)), 400
    flash(
        gettext("{feeds} added.", feeds=counted(added, "feed"))
        if added
        else gettext("Already subscribed.")
    )
    return redirect(url_for("subscriptions.feeds"), 303)


@pages.post("/<int:number>")
@needs(Role.ADMIN)
def change(number: int) -> Response:
    """Check a feed now, unsubscribe from it, or change its labels."""
    acts: dict[str, Callable[[int], str]] = {"check": _check, "remove": _remove, "labels": _label}
    act = acts.get(request.form.get("act", ""))
    if act is None:
        raise BadRequest("A feed is checked, removed or labelled.")
    try:
        said = act(number)
    except (SourceError, UsageError, BusyError) as error:
        said = translate_message(str(error))
    flash(said)
    return redirect(url_for("subscriptions.feeds"), 303)


@pages.post("/opml")
@needs(Role.ADMIN)
def import_opml() -> tuple[str, int] | Response:
    """Subscribe to the feeds of an OPML file."""
    file = request.files.get("file")
    try:
        data = file.read() if file else b""
        if not data:
            raise UsageError("Choose an OPML file first.")
        listed, added = subscriptions.import_opml(data, who=visitor().name)
    except (SourceError, UsageError) as error:
        return _page(fault=str(error)), 400
    unread = "; ".join(
        f"{each.where} {translate_message(each.reason)}"
        for each in listed.rejections[:SHOWN_UNREAD]
    )
    feeds, found = counted(added, "feed"), number(listed.found)
    flash(gettext("{feeds} of {found} added; they are checked next.", feeds=feeds, found=found))
    if unread:
        refused = number(len(listed.rejections))
        flash(gettext("{number} can't be subscribed to: {unread}.", number=refused, unread=unread))
    return redirect(url_for("subscriptions.feeds"), 303)


@pages.post("/archived")
@needs(Role.ADMIN)
def subscribe_archived() -> Response:
    """Subscribe to the feeds that the articles of archives came from, all in one go."""
    _, added = subscriptions.subscribe_archived(who=visitor().name)
    flash(gettext("{feeds} added; they are checked next.", feeds=counted(added, "feed")))
    return redirect(url_for("subscriptions.feeds"), 303)


def _check(number: int) -> str:
    done = subscriptions.check_feed(number)
    if done.error:
        return f"{done.title or done.url}: {translate_message(done.error)}"
    return f"{done.title or done.url}: {counted(done.new, 'new article')}."


def _remove(number: int) -> str:
    feed = subscriptions.remove_feed(number, who=visitor().name)
    return gettext("Unsubscribed from {feed}. Its articles stay.", feed=feed.title or feed.url)


def _label(number: int) -> str:
    labels = request.form.get("labels", "").split(",")
    feed = subscriptions.change_feed(number, who=visitor().name, labels=labels)
    named = feed.title or feed.url
    if not feed.labels:
        return gettext("{feed} has no labels.", feed=named)
    return gettext("{feed} has the labels: {labels}.", feed=named, labels=", ".join(feed.labels))


def _lines() -> list[FeedLine]:
    """Return the feeds that are subscribed to, those that fail first."""
    now, repository = datetime.now(UTC), library().store.feeds
    pace, unusual = repository.pace(now), repository.unusual(now)
    lines = [
        FeedLine(feed, health(feed), pace.get(feed.url, 0.0), unusual.get(feed.url, ""))
        for feed in repository.subscribed()
    ]
    lines.sort(key=lambda line: (ORDER[line.health], line.feed.title.casefold(), line.feed.url))
    return lines


def _rows() -> list[Row]:
    """Return the feeds as rows; an address holds no login."""
    return [
        (
            *(line.feed.url, line.feed.title, line.feed.labels, str(line.health)),
            *(round(line.pace, 2), line.feed.checked, line.feed.next_check, line.feed.error),
        )
        for line in _lines()
    ]


def _page(address: str = "", offers: tuple[OfferedFeed, ...] = (), fault: str = "") -> str:
    here = library()
    admin = visitor().may(Role.ADMIN)
    waiting = feeds_of_archives(here.store, sources=(), least=1, labels=()).wanted if admin else ()
    return render_template(
        "feeds.html",
        lines=_lines(),
        address=address,
        offers=offers,
        fault=fault,
        fetches=here.feeds is not None,
        archived=waiting,
    )
