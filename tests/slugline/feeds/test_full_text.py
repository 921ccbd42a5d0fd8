"""Full text behind feeds, against a real server on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import slugline.feeds.full_text
from ingest.fetching.address import networks
from ingest.fetching.fetch import PoliteFetcher, Timeouts
from ingest.parsing.pool import InProcess
from ingest.schedule import IntervalBounds
from models.article import Article, Rejection
from models.feed import Feed
from models.revisions import Outcome
from slugline.feeds.check import FeedChecker
from slugline.feeds.full_text import PageReader
from store.store import Store
from tests.conftest import make_entry
from tests.feed_host import FeedHost, Page, feed_host, rss
from tests.ingest.fetching.test_page_text import SENTENCE, article

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Heard:
    def __init__(self) -> None:
        self.notes: list[Rejection] = []

    def rejected(self, rejection: Rejection) -> None:
        pass

    def noted(self, note: Rejection) -> None:
        self.notes.append(note)


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as served:
        served.pages["/rss"] = Page(rss("Harbour Post", site=served.url("/world")))
        for n in (1, 2, 3):
            served.pages[f"/world/{n}"] = Page(article(f"{SENTENCE} Day {n}. "), headers=HTML)
        yield served


@pytest.fixture
def pages(store: Store) -> PageReader:
    return PageReader(store, pause=0.0)


def checked(store: Store, host: FeedHost, pages: PageReader | None) -> list[Rejection]:
    heard = Heard()
    fetcher = PoliteFetcher(allowed=networks(["127.0.0.0/8"]), timeouts=Timeouts(whole=2))
    store.feeds.subscribe([Feed(url=host.url("/rss"), full_text=True)])
    feed = store.feeds.get(host.url("/rss"))
    try:
        FeedChecker(store, fetcher, InProcess(), IntervalBounds(), at_once=2, pages=pages).check(
            [feed], heard
        )
    finally:
        fetcher.close()
    return heard.notes


def articles(store: Store) -> list[Article]:
    found = (one.article for one in store.articles.tagged(list(store.articles.ids())))
    return sorted(found, key=lambda article: article.title)


def test_full_text_stands_beside_the_summary_and_no_page_is_fetched_twice(
    store: Store, host: FeedHost, pages: PageReader
) -> None:
    assert checked(store, host, pages) == []
    for n, one in enumerate(articles(store), 1):
        assert one.summary == f"Ministers met for talks in Oslo on day {n}."
        assert f"Day {n}." in one.body
        assert SENTENCE.strip() in one.body
    asked = [path for path in host.paths() if path != "/rss"]
    assert sorted(asked) == ["/robots.txt", "/world/1", "/world/2", "/world/3"]
    host.asked.clear()
    checked(store, host, pages)
    assert host.paths() == ["/rss"]
    assert [one.version for one in articles(store)] == [1, 1, 1]
    assert all(one.body for one in articles(store))


def test_only_feeds_that_are_to_have_it_have_their_pages_fetched(
    store: Store, host: FeedHost, pages: PageReader
) -> None:
    checked(store, host, pages)
    host.pages["/other"] = Page(rss("Other", site=host.url("/other")))
    host.asked.clear()
    store.feeds.subscribe([Feed(url=host.url("/other"))])
    fetcher = PoliteFetcher(allowed=networks(["127.0.0.0/8"]))
    feed = store.feeds.get(host.url("/other"))
    FeedChecker(store, fetcher, InProcess(), IntervalBounds(), at_once=1, pages=pages).check(
        [feed], Heard()
    )
    fetcher.close()
    assert host.paths() == ["/other"]


def test_a_page_that_fails_is_noted_and_its_article_stays_with_its_summary(
    store: Store, host: FeedHost, pages: PageReader
) -> None:
    host.pages["/world/1"] = Page(status=500)
    host.pages["/world/2"] = Page(article(), headers=HTML, delay=3)
    notes = checked(store, host, pages)
    assert [one.body != "" for one in articles(store)] == [False, False, True]
    assert {note.where for note in notes} == {host.url("/world/1"), host.url("/world/2")}
    assert store.feeds.get(host.url("/rss")).error == ""


def test_where_robots_may_not_no_page_is_fetched(
    store: Store, host: FeedHost, pages: PageReader
) -> None:
    host.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /world")
    notes = checked(store, host, pages)
    assert sorted(host.paths()) == ["/robots.txt", "/rss"]
    assert len(notes) == len(articles(store)) == 3


def test_a_changed_article_has_its_page_read_again(
    store: Store, host: FeedHost, pages: PageReader
) -> None:
    checked(store, host, pages)
    changed = host.pages["/rss"].body.replace(b"Oslo, day 2", b"Bergen, day 2")
    host.pages["/rss"] = Page(changed)
    host.pages["/world/2"] = Page(article(f"{SENTENCE} Now in Bergen. "), headers=HTML)
    host.asked.clear()
    checked(store, host, pages)
    assert host.paths() == ["/rss", "/world/2"]
    (one,) = [one for one in articles(store) if one.version == 2]
    assert "Now in Bergen" in one.body


def test_no_more_pages_are_read_at_a_time_than_may_be_and_the_rest_is_noted(
    store: Store, host: FeedHost, pages: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slugline.feeds.full_text, "PAGES_A_CHECK", 2)
    (note,) = checked(store, host, pages)
    assert "1 articles stay with their summaries" in note.reason
    assert [one.body != "" for one in articles(store)] == [False, True, True], "the newest are read"


def test_pages_of_one_host_are_fetched_one_by_one_with_a_pause(
    store: Store, host: FeedHost
) -> None:
    began = time.monotonic()
    checked(store, host, PageReader(store, pause=0.2))
    assert time.monotonic() - began >= 0.4
    assert host.busiest["127.0.0.1"] == 1


def test_without_the_extra_it_is_noted_and_articles_come_as_ever(
    store: Store, host: FeedHost
) -> None:
    (note,) = checked(store, host, None)
    assert "slugline[fulltext]" in note.reason
    assert len(articles(store)) == 3


def test_what_a_feed_gives_in_full_is_not_asked_for(store: Store) -> None:
    whole = replace(make_entry(1), body="The whole text.")
    bare = replace(make_entry(2), url="", guid="2", canonical_url="")
    assert store.full_text.wanting([whole, bare, make_entry(3), make_entry(3)]) == [make_entry(3)]


def test_a_text_makes_no_version_and_never_replaces_one_of_the_feeds(store: Store) -> None:
    entry, whole = make_entry(1), replace(make_entry(2), body="The whole text.")
    now = datetime(2025, 6, 30, tzinfo=UTC)
    store.articles.put([entry, whole], Feed(url=entry.feed), now)
    store.changes.done(store.changes.pending(9))
    store.full_text.put({entry.id: "From the page.", whole.id: "From the page."})
    assert store.articles.get(entry.id).body == "From the page."
    assert store.articles.get(whole.id).body == "The whole text."
    assert store.changes.count() == 2
    outcomes = store.articles.put([entry, whole], Feed(url=entry.feed), now)
    assert outcomes.get(Outcome.UPDATED) is None
    assert store.articles.get(entry.id).version == 1
