"""A page is made once for all who are not known, and never shown to or from those who are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, Response, session

from models.accounts import Role
from search.engine import Engine
from search.request import Request, Results
from tests.web.accounts_of import add_user, sign_in
from tests.web.sample_site import TALKS, Site, entry, open_site, put, tag
from web.server import unchanged
from web.server.kept_pages import KEPT, KeptPages

PAGES = {
    **dict.fromkeys(("/", "/search?q=dam", "/topics/politics"), "articles.tagged"),
    **dict.fromkeys((f"/articles/{TALKS.id}", "/api/v1/search?q=dam"), "articles.tagged"),
    "/trends": "trends.last_day",
    "/clusters": "clusters.all",
}
"""Addresses, and what of the store each page is made from."""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(unchanged, "EVERY", 10**9)  # no minute ends during a test
    with open_site(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(("address", "read"), PAGES.items())
def test_a_second_stranger_gets_what_was_made_for_the_first(
    site: Site, address: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    part, _, method = read.partition(".")
    repository = type(getattr(site.store, part))
    reading = getattr(repository, method)

    def noted(*arguments: object, **options: object) -> object:
        made.append(arguments)
        return reading(*arguments, **options)

    monkeypatch.setattr(repository, method, noted)
    # The first answers may write what they counted, and so be of another state each.
    for _ in range(50):
        first, so_far = site.client.get(address), len(made)
        second = site.client.application.test_client().get(address)
        if len(made) == so_far:
            break
    assert made
    assert len(made) == so_far
    assert (second.status_code, second.data) == (200, first.data)
    own = {"X-Request-Id", "Date"}
    assert [pair for pair in second.headers if pair[0] not in own] == [
        pair for pair in first.headers if pair[0] not in own
    ]
    third = site.client.get(address, headers={"If-None-Match": second.headers["ETag"]})
    assert (third.status_code, third.data) == (304, b"")


def test_every_kept_page_is_one_of_the_site(site: Site) -> None:
    assert site.client.application.view_functions.keys() >= KEPT


def test_another_language_and_another_address_are_other_pages(site: Site) -> None:
    english = site.client.get("/search?q=dam")
    polish = site.client.get("/search?q=dam", headers={"Accept-Language": "pl"})
    assert 'lang="pl"' in polish.text
    assert polish.text != english.text
    assert site.client.get("/search?q=match").text != english.text
    assert site.client.get("/search?q=dam").text == english.text


def test_what_was_written_since_is_shown(site: Site) -> None:
    address = f"/articles/{TALKS.id}"
    assert "leaves" not in site.client.get(address).text
    changed = entry("talks", "Radomir Kask leaves", TALKS.summary, day=5)
    put(site.store, changed)
    tag(site.store, changed, ("politics", 0.9))
    assert "Radomir Kask leaves" in site.client.get(address).text
    engine: Engine = site.library.engine
    engine.write([], [TALKS.id])
    assert TALKS.id not in site.client.get("/search?q=dam").text


def test_who_is_known_gets_a_page_of_their_own(site: Site) -> None:
    site.client.get("/search?q=dam")
    add_user(site.store, "ada", Role.EDITOR)
    assert site.client.get("/search?q=dam").status_code == 303  # not what was made before
    sign_in(site.client, "ada")
    mine = site.client.get("/search?q=dam")
    assert "ada" in mine.text
    stranger = site.client.application.test_client()
    assert stranger.get("/search?q=dam").status_code == 303


def test_an_answer_that_was_cut_short_is_made_anew(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = site.library.searcher.search

    def cut(request: Request) -> Results:
        return replace(whole(request), partial="The search took too long.")

    monkeypatch.setattr(site.library.searcher, "search", cut)
    first = site.client.get("/search?q=dam")
    assert "took too long" in first.text
    monkeypatch.undo()
    again = site.client.get("/search?q=dam", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "took too long" not in again.text


def test_so_many_bytes_are_kept_and_nothing_that_begins_a_session() -> None:
    app = Flask("kept")
    app.secret_key = "of a test"  # noqa: S105 - it signs nothing
    kept = KeptPages(most_bytes=10)
    app.add_url_rule("/", "front.front", lambda: "")

    def found(made_from: str) -> bool:
        with app.test_request_context("/"):
            return kept.find(made_from, "") is not None

    with app.test_request_context("/"):
        for name, size in (("a", 4), ("b", 5), ("large", 11)):
            kept.keep(name, Response(b"x" * size))
    assert (found("a"), found("b"), found("large")) == (True, True, False)
    with app.test_request_context("/"):
        kept.keep("c", Response(b"x" * 5))
    assert (found("a"), found("b"), found("c")) == (False, True, True)
    with app.test_request_context("/"):
        session["begun"] = True
        kept.keep("session", Response(b"x"))
    assert not found("session")
    with app.test_request_context("/", headers={"Cookie": "theme=dark"}):
        assert kept.find("b", "") is None
    with app.test_request_context("/", headers={"Remote-User": "ada"}):
        assert kept.find("b", "Remote-User") is None
