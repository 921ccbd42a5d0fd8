"""Corrections in the pages and over the API: done, seen at once in search, undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Access, Role
from tests.web.accounts_of import add_token, add_user, form_token, send, sign_in
from tests.web.sample_site import KASK, ORLOVA, TALKS, TWIN, Site, open_site
from web.context import WebSettings


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A public library, and its client signed in as an editor."""
    with open_site(tmp_path, WebSettings(access=Access.PUBLIC)) as opened:
        for role in Role:
            add_user(opened.store, f"the-{role}", role)
        sign_in(opened.client, "the-editor")
        yield opened


def found(site: Site, **filters: str) -> int:
    answer: Any = site.client.get("/api/v1/search", query_string={"limit": "1", **filters}).json
    return int(answer.get("total", 0))  # a name that is nowhere is no question


def correct(site: Site, page: str, **fields: str) -> None:
    answer = send(site.client, page, "/corrections", next=page, **fields)
    assert (answer.status_code, answer.location) == (303, page), answer.text


def undo_button(html: str) -> str:
    address = re.search(r'action="(/changes/\d+/undo)"', html)
    assert address
    return address[1]


ARTICLE = f"/articles/{TALKS.id}"
ENTITY = f"/entities/{KASK.key}"


@pytest.mark.parametrize(
    ("page", "fields", "filters", "change"),
    [
        (ARTICLE, {"kind": "topic", "article": TALKS.id, "topic": "sport"}, {"topic": "sport"}, 1),
        (
            ARTICLE,
            {"kind": "topic", "article": TALKS.id, "topic": "politics", "fits": "false"},
            {"topic": "politics"},
            -1,
        ),
        (ENTITY, {"kind": "entity-hide", "entity": KASK.key}, {"entity": KASK.key}, -1),
    ],
)
def test_a_correction_is_seen_at_once_in_search_and_undone_with_one_click(
    site: Site, page: str, fields: dict[str, str], filters: dict[str, str], change: int
) -> None:
    before = found(site, **filters)
    correct(site, page, **fields)
    after = found(site, **filters)
    assert after > before if change > 0 else after < before
    assert "Undo" in site.text(page), "where it was done"
    said = site.text("/changes")
    assert "the-editor" in said
    undone = send(site.client, "/changes", undo_button(said), next=page)
    assert undone.status_code == 303
    assert found(site, **filters) == before
    assert "undone by" in site.text("/changes")


def test_a_new_name_is_found_at_once(site: Site) -> None:
    correct(site, ENTITY, kind="entity-name", entity=KASK.key, name="Zork")
    assert found(site, q="entity:zork") == 3
    send(site.client, "/changes", undo_button(site.text("/changes")))
    assert "Zork" not in site.text(ENTITY)
    assert site.store.entities.find("zork") == ()


def test_a_removed_mention_is_no_longer_marked(site: Site) -> None:
    assert site.text(ARTICLE).count('class="entity person"') >= 2
    fields = {"article": TALKS.id, "field": "title", "start": "0", "end": "12"}
    correct(site, ARTICLE, kind="mention", **fields)
    heading = site.text(ARTICLE).split("<h1")[1].split("</h1>")[0]
    assert "Radomir Kask" in heading
    assert "entity person" not in heading


def test_merging_and_separating_in_the_pages(site: Site) -> None:
    correct(site, ENTITY, kind="entity-merge", entity=KASK.key, into="Mira Orlova")
    assert site.client.get(ENTITY).location == f"/entities/{ORLOVA.key}"
    page = f"/entities/{ORLOVA.key}"
    assert "Separate Radomir Kask" in site.text(page)
    correct(site, page, kind="entity-split", entity=KASK.key)
    assert site.client.get(ENTITY).status_code == 200


def test_a_near_duplicate_is_parted_where_it_is_shown(site: Site) -> None:
    page = f"/articles/{TWIN.id}"
    assert "It does not repeat it" in site.text(page)
    correct(site, page, kind="duplicate", article=TWIN.id)
    assert "This repeats" not in site.text(page)
    send(site.client, "/changes", undo_button(site.text("/changes")))
    assert "This repeats" in site.text(page)


def test_readers_and_visitors_see_no_forms_and_change_nothing(site: Site) -> None:
    visitor = site.client.application.test_client()
    reader = site.client.application.test_client()
    sign_in(reader, "the-reader")
    fields = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    for client, status in ((visitor, 303), (reader, 403)):
        assert "/corrections" not in client.get(ARTICLE).text
        page = "/account" if client is reader else "/sign-in"
        token = form_token(client, page)
        answer = client.post("/corrections", data={"csrf_token": token, **fields})
        assert answer.status_code == status
        assert client.get("/changes").status_code == status
    assert site.store.journal.entries(10, kinds="topic") == ()


def test_a_form_of_another_site_changes_nothing(site: Site) -> None:
    fields = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    assert site.client.post("/corrections", data=fields).status_code == 400
    assert site.store.journal.entries(10, kinds="topic") == ()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "everything"},
        {"kind": "topic"},
        {"kind": "topic", "article": TALKS.id, "topic": "no-such-topic"},
        {"kind": "topic", "article": "x", "topic": "sport"},
        {"kind": "topic", "article": TALKS.id, "topic": "sport", "fits": "perhaps"},
        {"kind": "mention", "article": TALKS.id, "field": "title", "start": "-1", "end": "9" * 30},
        {"kind": "entity-name", "entity": KASK.key, "name": "x" * 400},
        {"kind": "entity-merge", "entity": KASK.key, "into": "nobody at all"},
        {"kind": "entity-type", "entity": KASK.key, "type": "robot"},
        {"kind": "story-split", "story": "x", "articles": "y"},
        {"kind": "story-add", "story": "x", "articles": "y"},
        {"kind": "story-add", "story": "x"},
        {"kind": "topic", "article": TALKS.id, "topic": "sport", "who": "somebody else"},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(site: Site, fields: dict[str, str]) -> None:
    answer = send(site.client, ARTICLE, "/corrections", **fields)
    assert answer.status_code in {400, 404}, answer.status_code
    assert "Traceback" not in answer.text
    kinds = {entry.kind for entry in site.store.journal.entries()}
    assert kinds <= {"user-added"}


def test_a_name_with_every_trick_stays_text(site: Site) -> None:
    trick = "\"><img src=x onerror=alert(1)></title><script>alert(2)</script>{{ 7*7 }}'`"
    correct(site, ENTITY, kind="entity-name", entity=KASK.key, name=trick)
    for page in (ENTITY, "/changes", ARTICLE, "/entities", "/search?q=dam"):
        html = site.text(page)
        assert "<img" not in html, page
        assert "<script>alert" not in html, page
        assert "{{ 7*7 }}" in html or "onerror" not in html, page


def api(site: Site, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_token(site.store, f'the-{role}', role)}"}


def test_the_api_corrects_and_undoes(site: Site) -> None:
    client, headers = site.client.application.test_client(), api(site, Role.EDITOR)
    asked = {"kind": "topic", "article": TALKS.id, "topic": "sport", "fits": True}
    before = found(site, topic="sport")
    made: Any = client.post("/api/v1/corrections", json=asked, headers=headers).json
    assert (made["who"], made["indexed"], made["undone"]) == ("the-editor", True, None)
    assert found(site, topic="sport") == before + 1
    listed: Any = client.get("/api/v1/changes?limit=1", headers=headers).json
    assert [each["number"] for each in listed["items"]] == [made["number"]]
    address = f"/api/v1/changes/{made['number']}/undo"
    undone: Any = client.post(address, headers=headers).json
    assert undone["undone_by"] == "the-editor"
    assert found(site, topic="sport") == before
    again = client.post(address, headers=headers)
    assert again.status_code == 400
    assert "undone before" in str(again.json)


def test_a_token_of_too_small_a_scope_changes_nothing(site: Site) -> None:
    client = site.client.application.test_client()
    small = add_token(site.store, "the-admin", Role.READER)
    asked = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    for headers, status in (({"Authorization": f"Bearer {small}"}, 403), ({}, 401)):
        answer = client.post("/api/v1/corrections", json=asked, headers=headers)
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"
        assert client.get("/api/v1/changes", headers=headers).status_code == status
    assert site.store.journal.entries(10, kinds="topic") == ()


def test_a_cookie_alone_changes_nothing_over_the_api(site: Site) -> None:
    asked = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    answer = site.client.post("/api/v1/corrections", json=asked)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert site.store.journal.entries(10, kinds="topic") == ()
