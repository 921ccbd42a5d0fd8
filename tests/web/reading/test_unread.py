"""Read and unread: off by default, kept for each user alone, by opening and by marking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.accounts import Role
from search.sync import drain
from tests.web.accounts_of import add_token, add_user, form_token, send, sign_in
from tests.web.sample_site import NOW, RECALL, TALKS, Site, entry, open_site, put
from web.context import WebSettings


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path, WebSettings(reading=True)) as opened:
        for name in ("ada", "bea"):
            add_user(opened.store, name, Role.READER)
        sign_in(opened.client, "ada")
        yield opened


def headers(site: Site, name: str = "ada") -> dict[str, str]:
    return {"Authorization": f"Bearer {add_token(site.store, name, Role.READER)}"}


def unread(site: Site, name: str = "ada", **question: Any) -> list[str]:
    found: Any = site.client.get(
        "/api/v1/unread", query_string={"limit": 100, **question}, headers=headers(site, name)
    ).json
    return [each["id"] for each in found["items"]]


def bea(site: Site) -> FlaskClient:
    client = site.client.application.test_client()
    sign_in(client, "bea")
    return client


def test_opening_an_article_marks_it_for_who_opens_it(site: Site) -> None:
    assert TALKS.id in unread(site)
    site.text(f"/articles/{TALKS.id}")
    assert TALKS.id not in unread(site)
    assert TALKS.id in unread(site, "bea")
    assert TALKS.title not in site.text("/unread?q=Kask")
    assert TALKS.id in bea(site).get("/unread?q=Kask").text


def test_the_page_lists_and_marks_what_a_search_finds(site: Site) -> None:
    page = site.text("/unread?topic=economy")
    assert RECALL.id in page
    data = {"csrf_token": form_token(site.client, "/unread"), "article": [RECALL.id, "none"]}
    assert site.client.post("/unread", data=data).status_code == 303
    assert RECALL.id not in site.text("/unread?topic=economy")
    assert site.client.post("/unread", data={"article": TALKS.id}).status_code == 400
    send(site.client, "/unread", "/unread", article=RECALL.id, unread="yes")
    assert RECALL.id in site.text("/unread?topic=economy")
    assert site.client.get("/unread?q=(").status_code in {200, 400}


def test_all_is_read_until_something_comes(site: Site) -> None:
    assert send(site.client, "/unread", "/unread", all="yes").status_code == 303
    assert unread(site) == []
    assert "Nothing is unread" in site.text("/unread")
    assert unread(site, "bea")
    later = entry("later", "Something new", day=29)
    put(site.store, later, now=NOW + timedelta(days=10_000))
    drain(site.store.changes, site.store.articles, site.library.engine)
    assert unread(site) == [later.id]
    marked = site.client.post(
        "/api/v1/unread", json={"articles": [TALKS.id], "read": False}, headers=headers(site)
    )
    assert marked.json == {"marked": 1}
    assert set(unread(site)) == {later.id, TALKS.id}, "said of one goes before said of all"
    assert site.client.post("/api/v1/unread/all", headers=headers(site)).status_code == 200
    assert unread(site) == [later.id], "it has not come yet by the clock"


def test_more_is_said_to_follow(site: Site) -> None:
    found: Any = site.client.get("/api/v1/unread?limit=3", headers=headers(site)).json
    assert (len(found["items"]), found["more"]) == (3, True)


def test_what_a_user_read_goes_with_the_user_and_the_article(site: Site) -> None:
    site.text(f"/articles/{TALKS.id}")
    site.store.removals.take_down(TALKS.id, who="x", why="y", now=NOW)
    site.store.users.remove("bea", who="x", now=NOW)
    assert TALKS.id not in unread(site)


def test_it_is_off_by_default(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        add_user(site.store, "ada", Role.READER)
        sign_in(site.client, "ada")
        assert site.client.get("/unread").status_code == 404
        assert "/unread" not in site.text("/search?q=dam")
        refused = site.client.get("/api/v1/unread", headers=headers(site))
        assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")
        site.text(f"/articles/{TALKS.id}")
        assert TALKS.id in site.store.reading.unread("ada", [TALKS.id])
