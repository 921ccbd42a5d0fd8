"""Corrections in the pages and over the API: done, seen at once in search, undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Access, Role
from tests.web.accounts_of import add_token, add_user, form_token, send, sign_in
from tests.web.sample_site import KASK, ORLOVA, TALKS, TWIN, World, open_world
from web.context import WebSettings


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A public library, and its client signed in as an editor."""
    with open_world(tmp_path, WebSettings(access=Access.PUBLIC)) as opened:
        for role in Role:
            add_user(opened.store, f"the-{role}", role)
        sign_in(opened.client, "the-editor")
        yield opened


def found(world: World, **filters: str) -> int:
    answer: Any = world.client.get("/api/v1/search", query_string={"limit": "1", **filters}).json
    return int(answer.get("total", 0))  # a name that is nowhere is no question


def correct(world: World, page: str, **fields: str) -> None:
    answer = send(world.client, page, "/corrections", next=page, **fields)
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
    world: World, page: str, fields: dict[str, str], filters: dict[str, str], change: int
) -> None:
    before = found(world, **filters)
    correct(world, page, **fields)
    after = found(world, **filters)
    assert after > before if change > 0 else after < before
    assert "Undo" in world.text(page), "where it was done"
    said = world.text("/changes")
    assert "the-editor" in said
    undone = send(world.client, "/changes", undo_button(said), next=page)
    assert undone.status_code == 303
    assert found(world, **filters) == before
    assert "undone by" in world.text("/changes")


def test_a_new_name_is_found_at_once(world: World) -> None:
    correct(world, ENTITY, kind="entity-name", entity=KASK.key, name="Zork")
    assert found(world, q="entity:zork") == 3
    send(world.client, "/changes", undo_button(world.text("/changes")))
    assert "Zork" not in world.text(ENTITY)
    assert world.store.entities.find("zork") == ()


def test_a_removed_mention_is_no_longer_marked(world: World) -> None:
    assert world.text(ARTICLE).count('class="entity person"') >= 2
    fields = {"article": TALKS.id, "field": "title", "start": "0", "end": "12"}
    correct(world, ARTICLE, kind="mention", **fields)
    heading = world.text(ARTICLE).split("<h1")[1].split("</h1>")[0]
    assert "Radomir Kask" in heading
    assert "entity person" not in heading


def test_merging_and_separating_in_the_pages(world: World) -> None:
    correct(world, ENTITY, kind="entity-merge", entity=KASK.key, into="Mira Orlova")
    assert world.client.get(ENTITY).location == f"/entities/{ORLOVA.key}"
    page = f"/entities/{ORLOVA.key}"
    assert "Separate Radomir Kask" in world.text(page)
    correct(world, page, kind="entity-split", entity=KASK.key)
    assert world.client.get(ENTITY).status_code == 200


def test_a_near_duplicate_is_parted_where_it_is_shown(world: World) -> None:
    page = f"/articles/{TWIN.id}"
    assert "It does not repeat it" in world.text(page)
    correct(world, page, kind="duplicate", article=TWIN.id)
    assert "This repeats" not in world.text(page)
    send(world.client, "/changes", undo_button(world.text("/changes")))
    assert "This repeats" in world.text(page)


def test_readers_and_visitors_see_no_forms_and_change_nothing(world: World) -> None:
    visitor = world.client.application.test_client()
    reader = world.client.application.test_client()
    sign_in(reader, "the-reader")
    fields = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    for client, status in ((visitor, 303), (reader, 403)):
        assert "/corrections" not in client.get(ARTICLE).text
        page = "/account" if client is reader else "/sign-in"
        token = form_token(client, page)
        answer = client.post("/corrections", data={"csrf_token": token, **fields})
        assert answer.status_code == status
        assert client.get("/changes").status_code == status
    assert world.store.journal.entries(10, kinds="topic") == ()


def test_a_form_of_another_site_changes_nothing(world: World) -> None:
    fields = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    assert world.client.post("/corrections", data=fields).status_code == 400
    assert world.store.journal.entries(10, kinds="topic") == ()


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
def test_what_makes_no_sense_is_refused_in_words(world: World, fields: dict[str, str]) -> None:
    answer = send(world.client, ARTICLE, "/corrections", **fields)
    assert answer.status_code in {400, 404}, answer.status_code
    assert "Traceback" not in answer.text
    kinds = {entry.kind for entry in world.store.journal.entries()}
    assert kinds <= {"user-added"}


def test_a_name_with_every_trick_stays_text(world: World) -> None:
    trick = "\"><img src=x onerror=alert(1)></title><script>alert(2)</script>{{ 7*7 }}'`"
    correct(world, ENTITY, kind="entity-name", entity=KASK.key, name=trick)
    for page in (ENTITY, "/changes", ARTICLE, "/entities", "/search?q=dam"):
        html = world.text(page)
        assert "<img" not in html, page
        assert "<script>alert" not in html, page
        assert "{{ 7*7 }}" in html or "onerror" not in html, page


def api(world: World, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_token(world.store, f'the-{role}', role)}"}


def test_the_api_corrects_and_undoes(world: World) -> None:
    client, headers = world.client.application.test_client(), api(world, Role.EDITOR)
    asked = {"kind": "topic", "article": TALKS.id, "topic": "sport", "fits": True}
    before = found(world, topic="sport")
    made: Any = client.post("/api/v1/corrections", json=asked, headers=headers).json
    assert (made["who"], made["indexed"], made["undone"]) == ("the-editor", True, None)
    assert found(world, topic="sport") == before + 1
    listed: Any = client.get("/api/v1/changes?limit=1", headers=headers).json
    assert [each["number"] for each in listed["items"]] == [made["number"]]
    address = f"/api/v1/changes/{made['number']}/undo"
    undone: Any = client.post(address, headers=headers).json
    assert undone["undone_by"] == "the-editor"
    assert found(world, topic="sport") == before
    again = client.post(address, headers=headers)
    assert again.status_code == 400
    assert "undone before" in str(again.json)


def test_a_token_of_too_small_a_scope_changes_nothing(world: World) -> None:
    client = world.client.application.test_client()
    small = add_token(world.store, "the-admin", Role.READER)
    asked = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    for headers, status in (({"Authorization": f"Bearer {small}"}, 403), ({}, 401)):
        answer = client.post("/api/v1/corrections", json=asked, headers=headers)
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"
        assert client.get("/api/v1/changes", headers=headers).status_code == status
    assert world.store.journal.entries(10, kinds="topic") == ()


def test_a_cookie_alone_changes_nothing_over_the_api(world: World) -> None:
    asked = {"kind": "topic", "article": TALKS.id, "topic": "sport"}
    answer = world.client.post("/api/v1/corrections", json=asked)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert world.store.journal.entries(10, kinds="topic") == ()
