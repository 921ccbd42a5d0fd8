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
from tests.web.sample_site import NOW, RECALL, TALKS, World, entry, open_world, put
from web.context import WebSettings


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WebSettings(reading=True)) as opened:
        for name in ("ada", "bea"):
            add_user(opened.store, name, Role.READER)
        sign_in(opened.client, "ada")
        yield opened


def headers(world: World, name: str = "ada") -> dict[str, str]:
    return {"Authorization": f"Bearer {add_token(world.store, name, Role.READER)}"}


def unread(world: World, name: str = "ada", **question: Any) -> list[str]:
    found: Any = world.client.get(
        "/api/v1/unread", query_string={"limit": 100, **question}, headers=headers(world, name)
    ).json
    return [each["id"] for each in found["items"]]


def bea(world: World) -> FlaskClient:
    client = world.client.application.test_client()
    sign_in(client, "bea")
    return client


def test_opening_an_article_marks_it_for_who_opens_it(world: World) -> None:
    assert TALKS.id in unread(world)
    world.text(f"/articles/{TALKS.id}")
    assert TALKS.id not in unread(world)
    assert TALKS.id in unread(world, "bea")
    assert TALKS.title not in world.text("/unread?q=Kask")
    assert TALKS.id in bea(world).get("/unread?q=Kask").text


def test_the_page_lists_and_marks_what_a_search_finds(world: World) -> None:
    page = world.text("/unread?topic=economy")
    assert RECALL.id in page
    data = {"csrf_token": form_token(world.client, "/unread"), "article": [RECALL.id, "none"]}
    assert world.client.post("/unread", data=data).status_code == 303
    assert RECALL.id not in world.text("/unread?topic=economy")
    assert world.client.post("/unread", data={"article": TALKS.id}).status_code == 400
    send(world.client, "/unread", "/unread", article=RECALL.id, unread="yes")
    assert RECALL.id in world.text("/unread?topic=economy")
    assert world.client.get("/unread?q=(").status_code in {200, 400}


def test_all_is_read_until_something_comes(world: World) -> None:
    assert send(world.client, "/unread", "/unread", all="yes").status_code == 303
    assert unread(world) == []
    assert "Nothing is unread" in world.text("/unread")
    assert unread(world, "bea")
    later = entry("later", "Something new", day=29)
    put(world.store, later, now=NOW + timedelta(days=10_000))
    drain(world.store.changes, world.store.articles, world.library.engine)
    assert unread(world) == [later.id]
    marked = world.client.post(
        "/api/v1/unread", json={"articles": [TALKS.id], "read": False}, headers=headers(world)
    )
    assert marked.json == {"marked": 1}
    assert set(unread(world)) == {later.id, TALKS.id}, "said of one goes before said of all"
    assert world.client.post("/api/v1/unread/all", headers=headers(world)).status_code == 200
    assert unread(world) == [later.id], "it has not come yet by the clock"


def test_more_is_said_to_follow(world: World) -> None:
    found: Any = world.client.get("/api/v1/unread?limit=3", headers=headers(world)).json
    assert (len(found["items"]), found["more"]) == (3, True)


def test_what_a_user_read_goes_with_the_user_and_the_article(world: World) -> None:
    world.text(f"/articles/{TALKS.id}")
    world.store.removals.take_down(TALKS.id, who="x", why="y", now=NOW)
    world.store.users.remove("bea", who="x", now=NOW)
    assert TALKS.id not in unread(world)


def test_it_is_off_by_default(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        add_user(world.store, "ada", Role.READER)
        sign_in(world.client, "ada")
        assert world.client.get("/unread").status_code == 404
        assert "/unread" not in world.text("/search?q=dam")
        refused = world.client.get("/api/v1/unread", headers=headers(world))
        assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")
        world.text(f"/articles/{TALKS.id}")
        assert TALKS.id in world.store.reading.unread("ada", [TALKS.id])
