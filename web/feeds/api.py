"""Feeds: subscribed to, checked, changed and removed; as OPML, in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint, Response, after_this_request, request, url_for
from msgspec import Meta, Struct, field

from export.record import iso
from ingest.opml import write_opml
from ingest.schedule import health
from models.accounts import Role
from models.feed import Feed, FeedCheck
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.answers.sources import FeedPage, FeedSummary
from web.api.openapi import answers, spec
from web.api.paging import cursor_of, offset_of
from web.api.questions import FeedQuestion, Nothing
from web.context import library
from web.feeds import subscriptions
from web.feeds.archived import ArchivedFeeds, feeds_of_archives

views = Blueprint("feeds", __name__)

Label = Annotated[str, Meta(min_length=1, max_length=subscriptions.LONGEST_LABEL)]
Labels = Annotated[list[Label], Meta(max_length=subscriptions.MOST_LABELS)]
Address = Annotated[str, Meta(min_length=1, max_length=2_000)]


class FeedAddress(Struct, forbid_unknown_fields=True):
    """The address of a feed, or of a page that links to its feeds."""

    url: Address


class NewFeed(FeedAddress, forbid_unknown_fields=True):
    """What to subscribe to at `url`: the first feed offered, or `all` of them."""

    all: bool = False
    labels: Labels = field(default_factory=list)
    full_text: bool = False


class FeedChange(Struct, forbid_unknown_fields=True):
    """What to change of a feed; null leaves it."""

    labels: Labels | None = None
    full_text: bool | None = None


class ArchivedQuestion(Struct, forbid_unknown_fields=True):
    """Which feeds of archives: of these titles or addresses, with so many articles at the least."""

    source: Annotated[list[Address], Meta(max_length=100)] = field(default_factory=list)
    least: Annotated[int, Meta(ge=1, le=10**9)] = 1


class LabelQuestion(Struct, forbid_unknown_fields=True):
    """Labels for each feed of a file."""

    label: Labels = field(default_factory=list)


class FeedOffer(Struct):
    """A feed that an address offers; `known` where it is subscribed to already."""

    url: str
    title: str
    known: bool


class FeedOfferList(Struct):
    """The feeds that an address offers, the likeliest first."""

    items: list[FeedOffer]


class CheckedFeed(Struct):
    """What a check came to; its counts are of entries.

    `status` is that of HTTP, null without an answer. `error` says why it failed, else it is "".
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
    next_check: Time | None


class AddedFeedList(Struct):
    """The feeds subscribed to, how many of them are `added`, all offers, and the first check."""

    added: int
    items: list[FeedSummary]
    offered: list[FeedOffer]
    checks: list[CheckedFeed]


class UnreadOutline(Struct):
    """Something in a file that can't be subscribed to, and why."""

    where: str
    reason: str


class ImportedFeeds(Struct):
    """How many feeds there were, are new, and were known; what can't be subscribed to."""

    feeds: int
    added: int
    known: int
    rejected: list[UnreadOutline]


class ArchivedFeedList(Struct):
    """The feeds of archives that can be subscribed to; `known` are, others can't or ended."""

    items: list[str]
    added: int
    known: int
    unfit: list[str]
    unsubscribed: list[str]


@views.get("/feeds")
@spec.validate(resp=answers(FeedPage, 400), tags=["feeds"], operation_id="listFeeds")
def feeds(query: FeedQuestion) -> FeedPage:
    """List feeds and how each is doing, by address."""
    store, now = library().store, datetime.now(UTC)
    found = store.feeds.subscribed() if query.subscribed else list(store.feeds.all())
    if query.failing:
        found = [feed for feed in found if feed.failures or feed.gone]
    if query.label:
        found = [feed for feed in found if _labelled(feed, query.label)]
    identity = (query.subscribed, query.failing, query.label)
    offset = offset_of(query.cursor, *identity)
    pace, unusual = store.feeds.pace(now), store.feeds.unusual(now)
    page = [
        _summary(feed, pace.get(feed.url, 0.0), unusual.get(feed.url, ""))
        for feed in found[offset : offset + query.limit]
    ]
    beyond = offset + len(page)
    more = bool(page) and beyond < len(found)
    return FeedPage(len(found), page, cursor_of(beyond, *identity) if more else None)


@views.get("/feeds/<int:number>")
@spec.validate(resp=answers(FeedSummary, 404), tags=["feeds"], operation_id="getFeed")
def feed(number: int, query: Nothing) -> FeedSummary:  # noqa: ARG001 - read by spectree
    """Return one feed and how it is doing."""
    return _of(library().store.feeds.numbered(number))


@views.post("/feeds")
@needs(Role.ADMIN)
@spec.validate(
    resp=answers(AddedFeedList, 400, 422, status=201), tags=["feeds"], operation_id="addFeed"
)
def add(query: Nothing, json: NewFeed) -> tuple[AddedFeedList, int, dict[str, str]]:  # noqa: ARG001 - read by spectree
    """Subscribe to the feed at an address, or to those that its page links to, and check it."""
    done = subscriptions.add_feed(
        json.url,
        who=visitor().name,
        every=json.all,
        labels=json.labels,
        full_text=json.full_text,
    )
    answer = AddedFeedList(
        added=done.added,
        items=[_of(each) for each in done.feeds],
        offered=[FeedOffer(each.url, each.title, each.known) for each in done.offers],
        checks=[_checked(each) for each in done.checks],
    )
    place = url_for("api.feeds.feed", number=done.feeds[0].number)
    return answer, 201, {"Location": place}


@views.post("/feeds/discover")
@needs(Role.ADMIN)
@spec.validate(resp=answers(FeedOfferList, 400, 422), tags=["feeds"], operation_id="discoverFeeds")
def discover(query: Nothing, json: FeedAddress) -> FeedOfferList:  # noqa: ARG001 - read by spectree
    """Name the feeds that an address offers, without subscribing to any."""
    found = subscriptions.feed_service().find(json.url)
    return FeedOfferList([FeedOffer(each.url, each.title, each.known) for each in found])


@views.route("/feeds/<int:number>", methods=["PATCH"])
@needs(Role.ADMIN)
@spec.validate(resp=answers(FeedSummary, 400, 404), tags=["feeds"], operation_id="changeFeed")
def change(number: int, query: Nothing, json: FeedChange) -> FeedSummary:  # noqa: ARG001 - read by spectree
    """Change a feed's labels, or whether the pages that it links to are read."""
    changed = subscriptions.change_feed(
        number, who=visitor().name, labels=json.labels, full_text=json.full_text
    )
    return _of(changed)


@views.delete("/feeds/<int:number>")
@needs(Role.ADMIN)
@spec.validate(resp=answers(FeedSummary, 404), tags=["feeds"], operation_id="removeFeed")
def remove(number: int, query: Nothing) -> FeedSummary:  # noqa: ARG001 - read by spectree
    """Unsubscribe from a feed; its articles stay."""
    return _of(subscriptions.remove_feed(number, who=visitor().name))


@views.post("/feeds/<int:number>/check")
@needs(Role.ADMIN)
@spec.validate(resp=answers(CheckedFeed, 400, 404), tags=["feeds"], operation_id="checkFeed")
def check(number: int, query: Nothing) -> CheckedFeed:  # noqa: ARG001 - read by spectree
    """Ask for a feed now, and take what is new."""
    return _checked(subscriptions.check_feed(number))


@views.get("/feeds/opml")
@spec.validate(resp=answers(None), tags=["feeds"], operation_id="exportFeeds")
def export_opml(query: Nothing) -> Response:  # noqa: ARG001 - read by spectree
    """Give the feeds that are subscribed to as OPML, without their logins."""
    text = write_opml(library().store.feeds.subscribed())

    @after_this_request
    def file(_empty: Response) -> Response:
        return Response(text, mimetype="text/x-opml")

    return Response(status=200)


@views.post("/feeds/opml")
@needs(Role.ADMIN)
@spec.validate(resp=answers(ImportedFeeds, 400, 422), tags=["feeds"], operation_id="importFeeds")
def import_opml(query: LabelQuestion) -> ImportedFeeds:
    """Subscribe to the feeds of an OPML file, the body of the request. Nothing is fetched yet."""
    data = request.get_data(cache=False)
    listed, added = subscriptions.import_opml(data, who=visitor().name, labels=query.label)
    rejected = [UnreadOutline(each.where, each.reason) for each in listed.rejections]
    return ImportedFeeds(listed.found, added, len(listed.feeds) - added, rejected)


@views.get("/feeds/archived")
@needs(Role.ADMIN)
@spec.validate(resp=answers(ArchivedFeedList), tags=["feeds"], operation_id="listArchivedFeeds")
def archived(query: ArchivedQuestion) -> ArchivedFeedList:
    """List the feeds that archived articles came from and that can be subscribed to."""
    found = feeds_of_archives(
        library().store, sources=tuple(query.source), least=query.least, labels=()
    )
    return _archived(found, 0)


@views.post("/feeds/archived")
@needs(Role.ADMIN)
@spec.validate(
    resp=answers(ArchivedFeedList), tags=["feeds"], operation_id="subscribeArchivedFeeds"
)
def subscribe_archived(query: ArchivedQuestion) -> ArchivedFeedList:
    """Subscribe to the feeds that archived articles came from. Nothing is fetched yet."""
    found, added = subscriptions.subscribe_archived(
        who=visitor().name, sources=query.source, least=query.least
    )
    return _archived(found, added)


def _of(feed: Feed) -> FeedSummary:
    feeds, now = library().store.feeds, datetime.now(UTC)
    return _summary(feed, feeds.pace(now).get(feed.url, 0.0), feeds.unusual(now).get(feed.url, ""))


def _summary(feed: Feed, pace: float, unusual: str) -> FeedSummary:
    return FeedSummary(
        id=feed.number,
        url=feed.url,
        title=feed.title,
        language=feed.language or None,
        labels=list(feed.labels),
        subscribed=feed.subscribed,
        full_text=feed.full_text,
        health=str(health(feed)) if feed.subscribed else None,
        checked=iso(feed.checked),
        succeeded=iso(feed.succeeded),
        next_check=iso(feed.next_check),
        failures=feed.failures,
        error=feed.error,
        gone=feed.gone,
        articles_a_day=round(pace, 2),
        unusual=unusual,
    )


def _checked(one: FeedCheck) -> CheckedFeed:
    return CheckedFeed(
        url=one.url,
        title=one.title,
        status=one.status,
        new=one.new,
        updated=one.updated,
        unchanged=one.unchanged,
        duplicates=one.duplicates,
        rejected=one.rejected,
        error=one.error,
        failures=one.failures,
        gone=one.gone,
        moved_from=one.moved_from,
        next_check=iso(one.next_check),
    )


def _archived(found: ArchivedFeeds, added: int) -> ArchivedFeedList:
    return ArchivedFeedList(
        items=[feed.url for feed in found.wanted],
        added=added,
        known=found.known,
        unfit=list(found.unfit),
        unsubscribed=list(found.unsubscribed),
    )


def _labelled(feed: Feed, label: str) -> bool:
    return any(own == label or own.startswith(f"{label}/") for own in feed.labels)
