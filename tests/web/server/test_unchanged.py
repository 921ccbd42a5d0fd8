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
from tests.web.sample_site import RECALL, TALKS, Site, entry, open_site, put, tag
from web.preferences.reader import COOKIE
from web.server import unchanged

PAGES = ("/", "/search?q=dam", "/topics/politics", f"/articles/{TALKS.id}", "/api/v1/search?q=dam")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(unchanged, "EVERY", 10**9)  # no minute ends during a test
    with open_site(tmp_path) as opened:
        yield opened


def again(client: FlaskClient, address: str, first: TestResponse, **headers: str) -> TestResponse:
    given = {"If-None-Match": first.headers["ETag"], **headers}
    return client.get(address, headers=given)


@pytest.mark.parametrize("address", PAGES)
def test_a_reload_asks_neither_for_articles_nor_for_a_search(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.client.get(address)  # which may count days, and keep that
    first = site.client.get(address)
    assert first.status_code == 200
    asked: list[str] = []
    sa.event.listen(
        site.store._database.engine,
        "before_cursor_execute",
        lambda *given: asked.append(str(given[2])),
    )

    def refuse(*_: object) -> None:
        raise AssertionError("a search")

    monkeypatch.setattr(site.library.searcher, "search", refuse)
    second = again(site.client, address, first)
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Cache-Control"] == "private, no-cache"
    assert "X-Frame-Options" in second.headers
    assert not [statement for statement in asked if "articles" in statement]


def test_it_is_kept_apart_by_reader(site: Site) -> None:
    first = site.client.get("/search?q=dam")
    assert {"Cookie", "Authorization", "Accept-Language"} <= set(first.vary)
    assert again(site.client, "/search?q=dam", first).status_code == 304
    polish = {"Accept-Language": "pl"}
    assert again(site.client, "/search?q=dam", first, **polish).status_code == 200
    other = site.client.get("/search?q=match", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    site.client.set_cookie(COOKIE, "list=compact&zone=Europe/Warsaw")
    assert again(site.client, "/search?q=dam", first).status_code == 200


def test_a_correction_shows_at_the_next_reload(site: Site) -> None:
    address = f"/articles/{RECALL.id}"
    found = [site.client.get(page) for page in (address, "/search?q=dam", "/topics/economy")]
    site.store.tags.correct(site.store.articles.get(RECALL.id), "politics", fits=True)
    assert again(site.client, address, found[0]).status_code == 200
    assert "Politics" in again(site.client, address, found[0]).text


def test_what_another_process_writes_shows_at_the_next_reload(site: Site, tmp_path: Path) -> None:
    first = site.client.get(f"/articles/{TALKS.id}")
    with Store.at(tmp_path / "store.sqlite") as other:
        changed = entry("talks", "Radomir Kask leaves", TALKS.summary, day=5)
        put(other, changed)
        tag(other, changed, ("politics", 0.9))
    second = again(site.client, f"/articles/{TALKS.id}", first)
    assert "Radomir Kask leaves" in second.text


def test_what_only_the_index_took_in_shows_at_the_next_reload(site: Site) -> None:
    first = site.client.get("/search?q=dam")
    engine: Engine = site.library.engine
    engine.write([], [TALKS.id])
    second = again(site.client, "/search?q=dam", first)
    assert second.status_code == 200
    assert TALKS.id not in second.text


def test_nobody_gets_304_for_what_they_may_not_see(site: Site) -> None:
    first = site.client.get("/search?q=dam")
    add_user(site.store, "ada", Role.EDITOR)
    stranger = again(site.client, "/search?q=dam", first)
    assert stranger.status_code == 303
    sign_in(site.client, "ada")
    mine = site.client.get("/search?q=dam")
    assert again(site.client, "/search?q=dam", mine).status_code == 304
    assert again(site.client.application.test_client(), "/search?q=dam", mine).status_code == 303

    token = add_token(site.store, "ada", Role.READER)
    asked = {"Authorization": f"Bearer {token}"}
    clean = site.client.application.test_client()
    clean.get("/api/v1/search?q=dam", headers=asked)  # which notes that the token was used
    listed = clean.get("/api/v1/search?q=dam", headers=asked)
    assert again(clean, "/api/v1/search?q=dam", listed, **asked).status_code == 304
    assert again(clean, "/api/v1/search?q=dam", listed).status_code == 401


def test_the_same_content_is_not_sent_again_whatever_was_written(site: Site) -> None:
    first = site.client.get("/help")
    put(site.store, entry("new", "Something else"))
    second = again(site.client, "/help", first)
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] != first.headers["ETag"]


def test_health_is_looked_at_each_time(site: Site) -> None:
    first = site.client.get("/healthz")
    assert not unchanged._first_parts(first.headers["ETag"])


def test_a_new_start_and_another_minute_make_answers_anew(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = unchanged._first_parts(site.client.get("/topics").headers["ETag"])
    second = unchanged._first_parts(site.client.get("/topics").headers["ETag"])
    assert first == second
    monkeypatch.setattr(unchanged, "EVERY", 1e-6)
    third = unchanged._first_parts(site.client.get("/topics").headers["ETag"])
    assert set(third) != set(first)
