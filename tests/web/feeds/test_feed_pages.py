"""The page of feeds: seen by all, changed by admins, through the fetcher's guard."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.accounts import Role
from models.feed import Feed
from slugline.setting_sections import FetchSettings
from tests.feed_host import FeedHost, Page, feed_host, rss
from tests.web.accounts_of import add_user, form_token, send, sign_in
from tests.web.sample_site import Site, open_site

OPML = b'<opml version="2.0"><body><outline type="rss" text="H" xmlUrl="https://h.example/rss"/></body></opml>'


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as served:
        links = "".join(
            f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}">'
            for name in ("rss", "second")
        )
        page = f"<html><head>{links}</head><body>News</body></html>".encode()
        served.pages["/"] = Page(page, headers={"Content-Type": "text/html"})
        served.pages["/rss"] = Page(rss("Harbour Dispatch"))
        served.pages["/second"] = Page(rss("Second", site="https://second.example"))
        yield served


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path, fetch=FetchSettings(allow_private=True)) as opened:
        add_user(opened.store, "ada", Role.ADMIN)
        add_user(opened.store, "rea", Role.READER)
        sign_in(opened.client, "ada")
        yield opened


def test_an_admin_chooses_among_the_feeds_that_an_address_offers(
    site: Site, host: FeedHost
) -> None:
    asked = send(site.client, "/feeds", "/feeds", url=host.url("/"))
    assert "This address offers several feeds" in asked.text
    send(site.client, "/feeds", "/feeds", url=host.url("/"), chosen=host.url("/second"))
    (feed,) = site.store.feeds.subscribed()
    page = site.text("/feeds")
    assert "1 feed added." in page
    assert feed.title == "Second"
    assert "good" in page


def test_a_feed_is_labelled_checked_and_removed(site: Site, host: FeedHost) -> None:
    send(site.client, "/feeds", "/feeds", url=host.url("/rss"), labels="coast, north")
    (feed,) = site.store.feeds.subscribed()
    assert feed.labels == ("coast", "north")
    here = f"/feeds/{feed.number}"
    send(site.client, "/feeds", here, act="labels", labels="south")
    assert site.store.feeds.numbered(feed.number).labels == ("south",)
    host.pages["/rss"] = Page(status=500)
    send(site.client, "/feeds", here, act="check")
    assert "500" in site.text("/feeds"), "why it fails"
    send(site.client, "/feeds", here, act="remove")
    assert site.store.feeds.subscribed() == []
    assert send(site.client, "/feeds", here, act="burn").status_code == 400


def test_a_list_of_feeds_comes_in_and_those_of_archives_are_followed_in_one_go(
    site: Site,
) -> None:
    token = form_token(site.client, "/feeds")
    file = (io.BytesIO(OPML), "feeds.opml")
    site.client.post("/feeds/opml", data={"csrf_token": token, "file": file})
    assert [feed.url for feed in site.store.feeds.subscribed()] == ["https://h.example/rss"]
    archived = [feed for feed in site.store.feeds.all() if not feed.subscribed]
    send(site.client, "/feeds", "/feeds/archived")
    assert len(site.store.feeds.subscribed()) > 1 <= len(archived)


def test_what_cannot_be_added_is_said(site: Site, host: FeedHost) -> None:
    answer = send(site.client, "/feeds", "/feeds", url=host.url("/nosuch"))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    token = form_token(site.client, "/feeds")
    assert site.client.post("/feeds/opml", data={"csrf_token": token}).status_code == 400


def test_a_reader_sees_the_feeds_and_changes_none(site: Site) -> None:
    site.store.feeds.subscribe([Feed("https://h.example/rss", title="H")])
    reader = site.client.application.test_client()
    sign_in(reader, "rea")
    page = reader.get("/feeds").text
    assert "https://h.example/rss" in page
    assert "Check now" not in page
    assert send(reader, "/account", "/feeds", url="https://h.example/").status_code == 403
