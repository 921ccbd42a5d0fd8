"""Saved searches: kept, shared, followed by a secret feed, and gone with their user."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from models.accounts import Role
from models.errors import UsageError
from models.saved import SavedSearch
from slugline.logs import redacted
from store.people import saved_searches
from tests.conftest import run_slugline
from tests.web.accounts_of import (
    add_token,
    as_user,
    form_token,
    private_site,
    send,
)
from tests.web.sample_site import RECALL, TALKS, Site
from web.context import WebSettings
from web.saved.question import question_of, read_question

SEARCH = "/search?q=dam&topic=politics"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A private library, and its client signed in as ada, an editor."""
    with private_site(tmp_path) as opened:
        yield opened


def save(site: Site, name: str = "Dams", **fields: str) -> SavedSearch:
    html = site.text(SEARCH)
    question = html.split('name="question" value="')[1].split('"')[0].replace("&amp;", "&")
    answer = send(site.client, SEARCH, "/saved", name=name, question=question, **fields)
    assert answer.status_code == 303, answer.text
    return site.store.saved.seen_by("ada")[0]


def test_a_search_is_saved_where_it_is_shown_and_asks_the_same(site: Site) -> None:
    kept = save(site)
    assert kept.question == "q=dam&topic=politics"
    assert "/search?q=dam&amp;topic=politics" in site.text("/saved")
    assert "Dams" in site.text("/saved")


def test_its_feed_needs_no_sign_in_and_has_what_the_search_finds(site: Site) -> None:
    kept = save(site)
    reader = site.client.application.test_client()
    feed = feedparser.parse(reader.get(f"/saved/{kept.secret}/feed.atom").data)
    assert feed.feed.title == "Dams"
    assert f"urn:slugline:{TALKS.id}" in [entry.id for entry in feed.entries]
    assert f"urn:slugline:{RECALL.id}" not in [entry.id for entry in feed.entries]
    as_json: Any = reader.get(f"/saved/{kept.secret}/feed.json").get_json(force=True)
    assert len(as_json["items"]) == len(feed.entries)
    for other in ("x", kept.secret[:-1], kept.secret + "x", "%00", kept.secret.upper()):
        assert reader.get(f"/saved/{other}/feed.atom").status_code == 404
    assert reader.get("/search.atom?q=dam").status_code == 303, "nothing else is open"


def test_a_new_address_ends_the_old_one_and_keeps_the_feeds_id(site: Site) -> None:
    kept = save(site)
    before = feedparser.parse(site.client.get(f"/saved/{kept.secret}/feed.atom").data)
    send(site.client, "/saved", f"/saved/{kept.number}/renew")
    assert site.client.get(f"/saved/{kept.secret}/feed.atom").status_code == 404
    fresh = site.store.saved.get(kept.number)
    after = feedparser.parse(site.client.get(f"/saved/{fresh.secret}/feed.atom").data)
    assert after.feed.id == before.feed.id


def test_others_see_what_is_shared_and_change_none_of_it(site: Site) -> None:
    save(site, name="Mine")
    shared = next(each for each in [save(site, name="All's", shared="yes")] if each.name == "All's")
    bea = as_user(site, "bea")
    page = bea.get("/saved").text
    assert "All&#39;s" in page
    assert "Mine" not in page
    token = form_token(bea, "/account")
    for act in ("remove", "renew"):
        answer = bea.post(f"/saved/{shared.number}/{act}", data={"csrf_token": token})
        assert answer.status_code == 404
    assert site.store.saved.get(shared.number).secret == shared.secret


def test_readers_save_nothing_but_see_what_is_shared(site: Site) -> None:
    save(site, shared="yes")
    rob = as_user(site, "rob")
    assert "Dams" in rob.get("/saved").text
    assert "Save this search" not in rob.get(SEARCH).text
    fields = {"csrf_token": form_token(rob, "/account"), "name": "x", "question": "q=dam"}
    assert rob.post("/saved", data=fields).status_code == 403


def test_a_removed_user_takes_searches_and_feeds_along(site: Site) -> None:
    kept = save(site)
    site.store.users.remove("ada", who="a test", now=datetime.now(UTC))
    reader = site.client.application.test_client()
    assert reader.get(f"/saved/{kept.secret}/feed.atom").status_code == 404
    assert site.store.saved.all() == ()


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("", "q=dam"),
        ("x" * 101, "q=dam"),
        ("x", "q=" + "x" * 3000),
        ("x", "since=nonsense"),
        ("x", "&".join(f"topic=t{n}" for n in range(300))),
    ],
)
def test_what_makes_no_sense_is_not_saved(site: Site, name: str, question: str) -> None:
    answer = send(site.client, SEARCH, "/saved", name=name, question=question)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert site.store.saved.all() == ()


def test_a_name_with_every_trick_stays_text(site: Site) -> None:
    trick = "\"><img src=x onerror=alert(1)><script>alert(2)</script>]]>{{ 7*7 }}'"
    kept = save(site, name=trick)
    assert "<img" not in site.text("/saved")
    feed = feedparser.parse(site.client.get(f"/saved/{kept.secret}/feed.atom").data)
    assert feed.feed.title == trick


def test_nobody_saves_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_searches, "MOST", 2)
    save(site)
    save(site)
    answer = send(site.client, SEARCH, "/saved", name="x", question="q=dam")
    assert answer.status_code == 400
    assert "remove one first" in answer.text


def test_the_api_saves_lists_and_removes(site: Site) -> None:
    client = site.client.application.test_client()
    headers = {"Authorization": f"Bearer {add_token(site.store, 'ada', Role.EDITOR)}"}
    asked = {"name": "Dams", "q": "dam", "topic": ["politics", "economy"], "shared": True}
    made: Any = client.post("/api/v1/saved", json=asked, headers=headers).json
    assert made["question"] == "q=dam&topic=politics&topic=economy"
    assert feedparser.parse(client.get(made["atom"]).data).feed.title == "Dams"
    listed: Any = client.get("/api/v1/saved", headers=headers).json
    assert listed == {"total": 1, "items": [made]}
    bea = {"Authorization": f"Bearer {add_token(site.store, 'bea', Role.EDITOR)}"}
    address = f"/api/v1/saved/{made['number']}"
    assert client.delete(address, headers=bea).status_code == 404
    assert client.delete(address, headers=headers).status_code == 200
    assert client.get(made["atom"]).status_code == 404
    small = {"Authorization": f"Bearer {add_token(site.store, 'ada', Role.READER)}"}
    assert client.post("/api/v1/saved", json=asked, headers=small).status_code == 403


def test_a_question_is_kept_in_its_one_form() -> None:
    settings = WebSettings()
    kept = question_of({"topic": ["a"], "q": "  dam  ", "page": "7", "sort": "newest"}, settings)
    assert kept == question_of({"q": "dam", "topic": "a"}, settings)
    state = read_question(kept, settings)
    assert (state.text, state.topics, state.page) == ("dam", ("a",), 1)
    with pytest.raises(UsageError):
        question_of({"until": "whenever"}, settings)


def test_the_secret_stands_in_no_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    kept = save(site)
    with caplog.at_level(logging.DEBUG, logger="web"):
        site.client.get(f"/saved/{kept.secret}/feed.atom")
    assert kept.secret in caplog.text, "the request is logged"
    assert kept.secret not in redacted(caplog.text)
    assert kept.secret not in repr(kept)


def test_the_command_line_saves_for_a_user(tmp_path: Path) -> None:
    assert run_slugline("users", "add", "ada", "--no-password", home=tmp_path).status == 0
    made = run_slugline("saved", "add", "ada", "Dams", "dam", "--topic", "x", home=tmp_path)
    assert made.status == 0, made.err
    listed = run_slugline("saved", "list", "--json", home=tmp_path).json["saved"]
    assert [(each["owner"], each["question"]) for each in listed] == [("ada", "q=dam&topic=x")]
    number = str(listed[0]["number"])
    assert run_slugline("saved", "remove", number, home=tmp_path).status == 0
    assert run_slugline("saved", "remove", number, home=tmp_path).status == 1
    assert run_slugline("saved", "add", "nobody", "Dams", home=tmp_path).status == 1
