"""Feeds of every search, topic, entity, source, cluster and story, read back by feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import feedparser
import pytest

from ingest.opml import read_opml
from models.feed import Feed
from tests.web.sample_site import HOSTILE, KASK, RECALL, TALKS, Site, open_site
from web.pages.feeds import MOST

LINK = re.compile(r'<link rel="alternate" type="([^"]+)" title="[^"]*" href="([^"]+)">')
PAGES = [
    "/",
    "/search?q=dam",
    "/search?q=dam&topic=politics&sort=relevance&page=2",
    "/topics/politics",
    f"/entities/{KASK.key}",
    "/sources/Touchline",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        feed = Feed("https://one.example/rss", labels=("news",), login="ada:secret")
        opened.store.feeds.subscribe([feed])
        yield opened


def alternates(site: Site, page: str) -> dict[str, str]:
    html = site.client.get(page).text
    return {kind: unescape(address) for kind, address in LINK.findall(html)}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_leads_to_its_feeds_and_both_say_the_same(site: Site, page: str) -> None:
    found = alternates(site, page)
    assert set(found) == {"application/atom+xml", "application/feed+json"}
    answer = site.client.get(found["application/atom+xml"])
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert 1 <= len(feed.entries) <= MOST
    assert feed.feed.id.startswith("urn:slugline:")
    assert [link.rel for link in feed.feed.links] == ["self", "alternate"]
    for entry in feed.entries:
        assert entry.id.startswith("urn:slugline:")
        assert entry.link.startswith("http")
        assert entry.updated_parsed
    as_json: Any = site.client.get(found["application/feed+json"]).get_json(force=True)
    assert as_json["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in as_json["items"]] == [
        entry.id.removeprefix("urn:slugline:") for entry in feed.entries
    ]
    assert all(item["url"].startswith("http") for item in as_json["items"])
    assert as_json["feed_url"].startswith("http")


def test_a_feed_is_newest_first_and_has_what_the_search_finds(site: Site) -> None:
    feed = feedparser.parse(site.client.get("/search.atom?topic=economy").data)
    assert [entry.id for entry in feed.entries] == [
        f"urn:slugline:{RECALL.id}",
        f"urn:slugline:{TALKS.id}",
    ]
    newest, changed = feed.entries
    assert newest.title == RECALL.title
    assert newest.summary == RECALL.summary
    assert changed.updated > changed.published, "a new version is an update"
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)


def test_a_feed_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    first = site.client.get("/search.atom?q=dam")
    again = {"If-None-Match": first.headers["ETag"]}
    assert site.client.get("/search.atom?q=dam", headers=again).status_code == 304
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert site.client.get("/search.atom?q=dam", headers=since).status_code == 304


def test_the_id_of_a_feed_does_not_hang_on_where_it_stands(site: Site) -> None:
    ids = {
        feedparser.parse(site.client.get("/search.atom?q=dam", base_url=base).data).feed.id
        for base in ("http://localhost", "https://news.example")
    }
    assert len(ids) == 1
    other = feedparser.parse(site.client.get("/search.atom?q=ferry").data).feed.id
    assert other not in ids


def test_strangers_texts_stay_texts(site: Site) -> None:
    feed = feedparser.parse(site.client.get("/search.atom?q=evil").data)
    (entry,) = feed.entries
    assert entry.id == f"urn:slugline:{HOSTILE.id}"
    assert entry.link == f"http://localhost/articles/{HOSTILE.id}"
    assert entry.title_detail.type == "text/plain"
    assert "<script>" in entry.title


@pytest.mark.parametrize("address", ["/search.atom?q=(", "/search.json?q=" + "x" * 3000])
def test_an_unreadable_query_is_reported(site: Site, address: str) -> None:
    answer = site.client.get(address)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_a_feed_of_nothing_is_a_feed(site: Site) -> None:
    feed = feedparser.parse(site.client.get("/search.atom?q=nosuchword").data)
    assert not feed.bozo
    assert feed.entries == []
    assert feed.feed.updated


def test_sources_leave_as_opml_without_logins(site: Site) -> None:
    answer = site.client.get("/sources.opml")
    assert b"secret" not in answer.data
    (feed,) = read_opml(answer.data).feeds
    assert isinstance(feed, Feed)
    assert feed.url == "https://one.example/rss"
    assert "/sources.opml" in site.text("/sources")
