"""Checking feeds against a real server on this machine that moves, ends, stalls and refuses."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ingest.fetching.address import networks
from ingest.fetching.fetch import PoliteFetcher, Timeouts
from ingest.parsing.pool import InProcess
from ingest.schedule import IntervalBounds
from models.article import Rejection
from models.feed import Feed, FeedCheck
from slugline.feeds.check import CheckResult, FeedChecker
from store.store import Store
from tests.feed_host import FeedHost, Page, feed_host, rss

BOUNDS = IntervalBounds(timedelta(minutes=15), timedelta(hours=6))


class Heard:
    def __init__(self) -> None:
        self.rejections: list[Rejection] = []

    def rejected(self, rejection: Rejection) -> None:
        self.rejections.append(rejection)

    def noted(self, note: Rejection) -> None:
        pass


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as served:
        yield served


@pytest.fixture
def fetcher() -> Iterator[PoliteFetcher]:
    opened = PoliteFetcher(
        allowed=networks(["127.0.0.0/8"]), timeouts=Timeouts(connect=1, read=1, whole=1)
    )
    yield opened
    opened.close()


def checked(store: Store, fetcher: PoliteFetcher, *urls: str, at_once: int = 4) -> CheckResult:
    store.feeds.subscribe([Feed(url=url) for url in urls])
    feeds = [store.feeds.get(url) for url in urls]
    return FeedChecker(store, fetcher, InProcess(), BOUNDS, at_once=at_once).check(feeds, Heard())


def result(refreshed: CheckResult) -> FeedCheck:
    (one,) = refreshed.feeds
    return one


def test_what_has_not_changed_is_neither_sent_nor_read_again(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    host.pages["/a"] = Page(rss("Harbour Post"), etag='"1"')
    first = checked(store, fetcher, host.url("/a"))
    again = checked(store, fetcher, host.url("/a"))
    assert (first.ingested.new, first.ingested.sources) == (3, 1)
    assert (again.ingested.new, again.ingested.unchanged) == (0, 0)
    assert [one.status for one in (*first.feeds, *again.feeds)] == [200, 304]
    assert dict(host.statuses) == {200: 1, 304: 1}
    host.pages["/a"] = Page(rss("Harbour Post", articles=4), etag='"2"')
    assert checked(store, fetcher, host.url("/a")).ingested.new == 1


def test_what_came_cut_off_is_asked_for_whole_again(
    store: Store, host: FeedHost, fetcher: PoliteFetcher
) -> None:
    """Its server says of the whole that it has not changed, and we have a part of it."""
    whole = rss("Harbour Post")
    host.pages["/a"] = Page(whole[: whole.rindex(b"<item>") + 20], etag='"1"')
    assert result(checked(store, fetcher, host.url("/a"))).new == 2
    host.pages["/a"] = Page(whole, etag='"1"')
    again = result(checked(store, fetcher, host.url("/a")))
    assert (again.status, again.new) == (200, 1)


@pytest.mark.parametrize("status", [301, 308])
def test_a_feed_that_moved_for_good_is_fetched_at_its_new_address_from_then_on(
    store: Store, fetcher: PoliteFetcher, host: FeedHost, status: int
) -> None:
    host.pages["/old"] = Page(rss("Harbour Post", links=False))
    checked(store, fetcher, host.url("/old"))
    host.pages["/new"] = host.pages["/old"]
    host.pages["/old"] = Page(status=status, headers={"Location": "/new"})
    moved = checked(store, fetcher, host.url("/old"))
    assert (result(moved).url, result(moved).moved_from) == (host.url("/new"), host.url("/old"))
    host.asked.clear()
    again = checked(store, fetcher, host.url("/new"))
    assert host.paths() == ["/new"]
    assert (again.ingested.new, again.ingested.unchanged) == (0, 3), "no article came twice"
    (feed,) = store.feeds.all()
    ids = list(store.articles.ids())
    assert {one.article.feed for one in store.articles.tagged(ids)} == {feed.url}


def test_a_feed_that_is_elsewhere_for_now_stays_where_it_is(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    host.pages["/new"] = Page(rss("Harbour Post"))
    host.pages["/old"] = Page(status=302, headers={"Location": "/new"})
    assert result(checked(store, fetcher, host.url("/old"))).url == host.url("/old")


def test_a_move_to_something_other_than_a_feed_is_not_followed(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    host.pages["/login"] = Page(b"<html><body>Please log in.</body></html>")
    host.pages["/old"] = Page(status=301, headers={"Location": "/login"})
    one = result(checked(store, fetcher, host.url("/old")))
    assert (one.url, one.moved_from) == (host.url("/old"), "")
    assert "is not a feed" in one.error


def test_a_feed_that_is_gone_is_no_longer_asked(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    host.pages["/gone"] = Page(status=410)
    one = result(checked(store, fetcher, host.url("/gone")))
    assert (one.gone, one.next_check) == (True, None)
    assert store.feeds.due(datetime.now(UTC) + timedelta(days=999)) == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    store: Store, fetcher: PoliteFetcher, host: FeedHost, status: int
) -> None:
    host.pages["/busy"] = Page(status=status, headers={"Retry-After": "7200"})
    one = result(checked(store, fetcher, host.url("/busy")))
    assert str(status) in one.error
    assert one.next_check is not None
    assert one.next_check - datetime.now(UTC) > timedelta(seconds=7_190)
    assert store.feeds.due(datetime.now(UTC) + timedelta(seconds=7_100)) == []


def test_a_server_that_says_too_many_twice_is_not_asked_for_its_other_feeds(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    paths = ("/1", "/2", "/3", "/4")
    for path in paths:
        host.pages[path] = Page(status=429, headers={"Retry-After": "7200"})
    host.pages["/other"] = Page(rss("Other Post"))
    urls = [host.url(path) for path in paths]
    done = checked(store, fetcher, *urls, host.url("/other", "127.0.0.2"))
    assert host.statuses == {429: 2, 200: 1}
    assert len(done.feeds) == 3
    assert sorted(store.feeds.get(url).failures for url in urls) == [0, 0, 1, 1]
    assert store.feeds.due(datetime.now(UTC) + timedelta(seconds=7_100)) == []
    assert sum(store.feeds.get(url).checked is None for url in urls) == 2


def test_one_busy_feed_costs_no_other_of_its_host_its_articles(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    host.pages["/1"] = Page(status=429, headers={"Retry-After": "7200"})
    host.pages["/2"] = Page(status=503, headers={"Retry-After": "7200"})
    host.pages["/3"] = Page(rss("Harbour Post"))
    done = checked(store, fetcher, *(host.url(path) for path in ("/1", "/2", "/3")))
    assert done.ingested.new == 3


def test_a_failing_feed_costs_no_other_feed_its_articles(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    host.pages["/good"] = Page(rss("Harbour Post"))
    host.pages["/text"] = Page(b"\x00\xff this is no feed <rss")
    host.pages["/slow"] = Page(rss("Slow Post", site="https://slow.example"), delay=3)
    refused = "http://127.0.0.9:9/rss"
    urls = [
        host.url("/good"),
        host.url("/text", "127.0.0.2"),
        host.url("/slow", "127.0.0.3"),
        host.url("/none", "127.0.0.4"),
        refused,
    ]
    heard = Heard()
    store.feeds.subscribe([Feed(url=url) for url in urls])
    feeds = [store.feeds.get(url) for url in urls]
    began = time.monotonic()
    done = FeedChecker(store, fetcher, InProcess(), BOUNDS, at_once=5).check(feeds, heard)
    assert time.monotonic() - began < 2.5, "no feed waits for a slow one of another host"
    assert done.ingested.new == 3
    assert set(done.ingested.unread) == set(urls[1:])
    assert {rejection.where for rejection in heard.rejections} == set(urls[1:])
    errors = {one.url: one.error for one in done.feeds}
    assert "takes too long" in errors[urls[2]]
    assert "404" in errors[urls[3]]
    assert all(store.feeds.get(url).failures == 1 for url in urls[1:])


def test_feeds_of_one_host_are_never_fetched_at_the_same_time(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
    for n in range(4):
        host.pages[f"/{n}"] = Page(rss(f"Post {n}"), delay=0.03)
    checked(store, fetcher, *(host.url(f"/{n}", name) for n in range(4) for name in hosts))
    assert host.busiest.pop("all") > 1
    assert dict(host.busiest) == dict.fromkeys(hosts, 1)


def test_no_more_feeds_are_fetched_at_once_than_may_be(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    urls = [host.url("/a", f"127.0.0.{n}") for n in range(1, 9)]
    host.pages["/a"] = Page(rss("Post"), delay=0.03)
    checked(store, fetcher, *urls, at_once=2)
    assert host.busiest["all"] == 2


def test_once_stopped_no_further_feed_is_asked_and_those_under_way_are_taken(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    for n in range(6):
        host.pages[f"/{n}"] = Page(rss(f"Post {n}", site=f"https://post{n}.example"), delay=0.05)
    urls = [host.url(f"/{n}") for n in range(6)]
    store.feeds.subscribe([Feed(url=url) for url in urls])
    feeds = [store.feeds.get(url) for url in urls]
    checker = FeedChecker(store, fetcher, InProcess(), BOUNDS, at_once=2)
    done = checker.check(feeds, Heard(), stopping=lambda: len(host.asked) >= 2)
    assert len(done.feeds) == len(host.asked) == 2
    assert store.articles.count() == 6
    assert len(store.feeds.due(datetime.now(UTC))) == 4


def test_a_login_is_sent_and_goes_to_no_other_server(
    store: Store, fetcher: PoliteFetcher, host: FeedHost
) -> None:
    basic = "Basic " + base64.b64encode(b"ann:s3cret").decode()
    host.pages["/a"] = Page(rss("Harbour Post"), login=basic)
    store.feeds.subscribe([Feed(url=host.url("/a"), login="ann:s3cret")])
    assert checked(store, fetcher, host.url("/a")).ingested.new == 3
    elsewhere = host.url("/b", "127.0.0.2")
    host.pages["/a"] = Page(status=301, headers={"Location": elsewhere})
    host.pages["/b"] = Page(rss("Harbour Post"))
    checked(store, fetcher, host.url("/a"))
    checked(store, fetcher, elsewhere)
    sent = [headers.get("authorization") for path, headers in host.asked if path == "/b"]
    assert sent == [None, None]
    assert store.feeds.get(elsewhere).login == ""
