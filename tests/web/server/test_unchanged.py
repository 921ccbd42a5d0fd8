"""A reload of what has not changed costs nothing, and never shows what is no longer so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.accounts import Role
from search.engine import Engine
from store.store import Store
from tests.web.accounts_of import add_token, add_user, sign_in
from tests.web.sample_site import RECALL, TALKS, World, entry, open_world, put, tag
from web.preferences.reader import COOKIE
from web.server import unchanged

PAGES = ("/", "/search?q=dam", "/topics/politics", f"/articles/{TALKS.id}", "/api/v1/search?q=dam")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(unchanged, "EVERY", 10**9)  # no minute ends during a test
    with open_world(tmp_path) as opened:
        yield opened


def again(client: FlaskClient, address: str, first: TestResponse, **headers: str) -> TestResponse:
    given = {"If-None-Match": first.headers["ETag"], **headers}
    return client.get(address, headers=given)


@pytest.mark.parametrize("address", PAGES)
def test_a_reload_asks_neither_for_articles_nor_for_a_search(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.client.get(address)  # which may count days, and keep that
    first = world.client.get(address)
    assert first.status_code == 200
    asked: list[str] = []
    sa.event.listen(
        world.store._database.engine,
        "before_cursor_execute",
        lambda *given: asked.append(str(given[2])),
    )

    def refuse(*_: object) -> None:
        raise AssertionError("a search")

    monkeypatch.setattr(world.library.searcher, "search", refuse)
    second = again(world.client, address, first)
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Cache-Control"] == "private, no-cache"
    assert "X-Frame-Options" in second.headers
    assert not [statement for statement in asked if "articles" in statement]


def test_it_is_kept_apart_by_reader(world: World) -> None:
    first = world.client.get("/search?q=dam")
    assert {"Cookie", "Authorization", "Accept-Language"} <= set(first.vary)
    assert again(world.client, "/search?q=dam", first).status_code == 304
    polish = {"Accept-Language": "pl"}
    assert again(world.client, "/search?q=dam", first, **polish).status_code == 200
    other = world.client.get("/search?q=match", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    world.client.set_cookie(COOKIE, "list=compact&zone=Europe/Warsaw")
    assert again(world.client, "/search?q=dam", first).status_code == 200


def test_a_correction_shows_at_the_next_reload(world: World) -> None:
    address = f"/articles/{RECALL.id}"
    found = [world.client.get(page) for page in (address, "/search?q=dam", "/topics/economy")]
    world.store.tags.correct(world.store.articles.get(RECALL.id), "politics", fits=True)
    assert again(world.client, address, found[0]).status_code == 200
    assert "Politics" in again(world.client, address, found[0]).text


def test_what_another_process_writes_shows_at_the_next_reload(world: World, tmp_path: Path) -> None:
    first = world.client.get(f"/articles/{TALKS.id}")
    with Store.at(tmp_path / "store.sqlite") as other:
        changed = entry("talks", "Radomir Kask leaves", TALKS.summary, day=5)
        put(other, changed)
        tag(other, changed, ("politics", 0.9))
    second = again(world.client, f"/articles/{TALKS.id}", first)
    assert "Radomir Kask leaves" in second.text


def test_what_only_the_index_took_in_shows_at_the_next_reload(world: World) -> None:
    first = world.client.get("/search?q=dam")
    engine: Engine = world.library.engine
    engine.write([], [TALKS.id])
    second = again(world.client, "/search?q=dam", first)
    assert second.status_code == 200
    assert TALKS.id not in second.text


def test_nobody_gets_304_for_what_they_may_not_see(world: World) -> None:
    first = world.client.get("/search?q=dam")
    add_user(world.store, "ada", Role.EDITOR)
    stranger = again(world.client, "/search?q=dam", first)
    assert stranger.status_code == 303
    sign_in(world.client, "ada")
    mine = world.client.get("/search?q=dam")
    assert again(world.client, "/search?q=dam", mine).status_code == 304
    assert again(world.client.application.test_client(), "/search?q=dam", mine).status_code == 303

    token = add_token(world.store, "ada", Role.READER)
    asked = {"Authorization": f"Bearer {token}"}
    clean = world.client.application.test_client()
    clean.get("/api/v1/search?q=dam", headers=asked)  # which notes that the token was used
    listed = clean.get("/api/v1/search?q=dam", headers=asked)
    assert again(clean, "/api/v1/search?q=dam", listed, **asked).status_code == 304
    assert again(clean, "/api/v1/search?q=dam", listed).status_code == 401


def test_the_same_content_is_not_sent_again_whatever_was_written(world: World) -> None:
    first = world.client.get("/help")
    put(world.store, entry("new", "Something else"))
    second = again(world.client, "/help", first)
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] != first.headers["ETag"]


def test_health_is_looked_at_each_time(world: World) -> None:
    first = world.client.get("/healthz")
    assert not unchanged._first_parts(first.headers["ETag"])


def test_a_new_start_and_another_minute_make_answers_anew(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = unchanged._first_parts(world.client.get("/topics").headers["ETag"])
    second = unchanged._first_parts(world.client.get("/topics").headers["ETag"])
    assert first == second
    monkeypatch.setattr(unchanged, "EVERY", 1e-6)
    third = unchanged._first_parts(world.client.get("/topics").headers["ETag"])
    assert set(third) != set(first)
