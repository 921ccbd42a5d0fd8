"""Feeds over the API: added, checked, changed, removed and listed, against a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from models.accounts import Role
from models.feed import Feed
from slugline.setting_sections import FetchSettings
from tests.feed_host import FeedHost, Page, feed_host, rss
from tests.web.accounts_of import add_token, add_user
from tests.web.sample_site import TALKS, Site, open_site

OPML = (
    '<opml version="2.0"><body><outline text="Coast">'
    '<outline type="rss" text="Harbour" xmlUrl="https://ann:s3cret@harbour.example/rss"/>'
    '<outline type="rss" text="File" xmlUrl="file:///etc/passwd"/>'
    "</outline></body></opml>"
)


class Api:
    """The API as an admin, an editor and a reader use it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.tokens = {}
        for role in Role:
            add_user(site.store, f"the-{role}", role)
            self.tokens[role] = add_token(site.store, f"the-{role}", role)

    def __call__(
        self, method: str, path: str, *, role: Role = Role.ADMIN, **how: Any
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        return self.site.client.open(f"/api/v1{path}", method=method, headers=headers, **how)

    def add(self, url: str, **more: Any) -> Any:
        answer = self("POST", "/feeds", json={"url": url, **more})
        assert answer.status_code == 201, answer.text
        return answer.json


@pytest.fixture
def host() -> Iterator[FeedHost]:
    with feed_host() as served:
        served.pages["/rss"] = Page(rss("Harbour Dispatch"))
        links = "".join(
            f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}">'
            for name in ("rss", "second")
        )
        served.pages["/second"] = Page(rss("Second", site="https://second.example"))
        page = f"<html><head>{links}</head><body>News</body></html>".encode()
        served.pages["/"] = Page(page, headers={"Content-Type": "text/html"})
        yield served


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with open_site(tmp_path, fetch=FetchSettings(allow_private=True)) as site:
        yield Api(site)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Api]:
    with open_site(tmp_path) as site:
        yield Api(site)


def test_a_feed_is_found_behind_a_page_added_checked_and_removed(api: Api, host: FeedHost) -> None:
    offered: Any = api("POST", "/feeds/discover", json={"url": host.url("/")}).json
    assert [each["url"] for each in offered["items"]] == [host.url("/rss"), host.url("/second")]
    assert not api.site.store.feeds.subscribed(), "looking subscribes to nothing"
    answer = api("POST", "/feeds", json={"url": host.url("/"), "labels": ["coast"]})
    assert answer.status_code == 201
    added: Any = answer.json
    (feed,) = added["items"]
    assert (added["added"], feed["labels"], feed["health"]) == (1, ["coast"], "good")
    assert added["checks"][0]["new"] == 3
    assert api("GET", answer.location.removeprefix("/api/v1")).json == feed
    host.pages["/rss"] = Page(rss("Harbour Dispatch", articles=5))
    checked: Any = api("POST", f"/feeds/{feed['id']}/check").json
    assert (checked["new"], checked["unchanged"], checked["error"]) == (2, 3, "")
    assert api("DELETE", f"/feeds/{feed['id']}").status_code == 200
    assert not api.site.store.feeds.subscribed()
    assert api("DELETE", f"/feeds/{feed['id']}").status_code == 404
    again = api("POST", f"/feeds/{feed['id']}/check")
    assert (again.status_code, again.mimetype) == (400, "application/problem+json")


def test_all_feeds_of_a_page_are_taken_where_asked_for(api: Api, host: FeedHost) -> None:
    added = api.add(host.url("/"), all=True)
    assert added["added"] == 2
    assert api.add(host.url("/rss"))["added"] == 0, "known already"


def test_every_change_has_who_and_when(api: Api, host: FeedHost) -> None:
    feed = api.add(host.url("/rss"))["items"][0]
    changed: Any = api("PATCH", f"/feeds/{feed['id']}", json={"labels": ["b", " b "]}).json
    assert changed["labels"] == ["b"]
    api("DELETE", f"/feeds/{feed['id']}")
    entries = api.site.store.journal.entries(kinds="feed-")
    assert [entry.kind for entry in entries] == ["feed-removed", "feed-changed", "feed-added"]
    assert {entry.who for entry in entries} == {"the-admin"}
    assert {entry.subject for entry in entries} == {host.url("/rss")}


def test_why_a_feed_fails_is_said(api: Api, host: FeedHost) -> None:
    feed = api.add(host.url("/rss"))["items"][0]
    host.pages["/rss"] = Page(status=500)
    checked: Any = api("POST", f"/feeds/{feed['id']}/check").json
    assert (checked["status"], checked["failures"]) == (500, 1)
    failing: Any = api("GET", "/feeds?failing=true").json
    assert [each["error"] for each in failing["items"]] == [checked["error"]] != [""]
    assert failing["items"][0]["health"] == "wavering"


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
def test_only_admins_change_feeds(api: Api, host: FeedHost, role: Role) -> None:
    number = api.add(host.url("/rss"))["items"][0]["id"]
    for method, path, body in (
        ("POST", "/feeds", {"url": host.url("/second")}),
        ("POST", "/feeds/discover", {"url": host.url("/second")}),
        ("POST", f"/feeds/{number}/check", None),
        ("PATCH", f"/feeds/{number}", {"labels": []}),
        ("DELETE", f"/feeds/{number}", None),
        ("POST", "/feeds/archived", None),
    ):
        assert api(method, path, role=role, json=body).status_code == 403, (method, path)
    assert api("POST", "/feeds/opml", role=role, data=OPML).status_code == 403
    subscribed: Any = api("GET", "/feeds?subscribed=true", role=role).json
    assert subscribed["total"] == 1
    assert host.paths() == ["/rss"]


@pytest.mark.parametrize(
    "address", ["/rss", "/to-private", "http://localhost:{port}/rss", "http://[::1]:{port}/rss"]
)
def test_the_guard_refuses_addresses_of_this_machine(
    guarded: Api, host: FeedHost, address: str
) -> None:
    url = host.url(address) if address.startswith("/") else address.format(port=host.port)
    for path in ("/feeds", "/feeds/discover"):
        answer = guarded("POST", path, json={"url": url})
        assert answer.status_code == 422, answer.text
        assert answer.mimetype == "application/problem+json"
    assert host.paths() == [], "nobody was asked"
    guarded.site.store.feeds.subscribe([Feed(url=host.url("/rss"))])
    number = guarded.site.store.feeds.get(host.url("/rss")).number
    checked: Any = guarded("POST", f"/feeds/{number}/check").json
    assert checked["error"]
    assert checked["status"] is None


@pytest.mark.parametrize(
    "url", ["ftp://harbour.example", "harbour", "javascript:alert(1)", "https://"]
)
def test_what_is_not_an_address_is_refused_in_words(guarded: Api, url: str) -> None:
    answer = guarded("POST", "/feeds", json={"url": url})
    assert answer.status_code in {400, 422}
    problem: Any = answer.json
    assert problem["detail"]


def test_a_login_in_an_address_is_never_shown(guarded: Api) -> None:
    answer = guarded("POST", "/feeds", json={"url": "https://ann:s3cret@127.0.0.1:1/rss"})
    assert answer.status_code == 422
    assert "s3cret" not in answer.text
    assert guarded("POST", "/feeds/opml", data=OPML).status_code == 200
    assert guarded.site.store.feeds.get("https://harbour.example/rss").login == "ann:s3cret"
    for path in ("/feeds", "/feeds/opml", "/changes"):
        assert "s3cret" not in guarded("GET", path).text


def test_opml_comes_in_and_goes_out(guarded: Api) -> None:
    found: Any = guarded("POST", "/feeds/opml?label=Own", data=OPML).json
    assert (found["feeds"], found["added"], found["known"]) == (2, 1, 0)
    assert found["rejected"] == [{"where": "file:///etc/passwd", "reason": "is not a web address"}]
    out = guarded("GET", "/feeds/opml")
    assert out.mimetype == "text/x-opml"
    assert out.text.count("https://harbour.example/rss") == 2, "under each of its two labels"
    again: Any = guarded("POST", "/feeds/opml", data=out.data).json
    assert (again["added"], again["known"]) == (0, 1)
    listed: Any = guarded("GET", "/feeds?label=Coast").json
    (feed,) = listed["items"]
    assert feed["labels"] == ["Coast", "Own"]
    broken = guarded("POST", "/feeds/opml", data=b"\x00\xff<not opml")
    assert (broken.status_code, broken.mimetype) == (422, "application/problem+json")


def test_the_feeds_of_an_archive_are_listed_and_subscribed_to(guarded: Api) -> None:
    listed: Any = guarded("GET", "/feeds/archived?least=1").json
    assert TALKS.feed in listed["items"]
    assert not guarded.site.store.feeds.subscribed()
    one: Any = guarded("POST", f"/feeds/archived?source={TALKS.feed}").json
    assert (one["added"], one["items"]) == (1, [TALKS.feed])
    assert guarded.site.store.feeds.get(TALKS.feed).subscribed


def test_a_slow_server_takes_no_more_than_two_threads(api: Api, host: FeedHost) -> None:
    host.pages["/slow"] = Page(rss("Slow"), delay=2)
    statuses: list[int] = []

    def ask() -> None:
        client = api.site.client.application.test_client()
        headers = {"Authorization": f"Bearer {api.tokens[Role.ADMIN]}"}
        body = {"url": host.url("/slow")}
        statuses.append(
            client.post("/api/v1/feeds/discover", json=body, headers=headers).status_code
        )

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 503, 503, 503]
