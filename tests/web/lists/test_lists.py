"""Lists: starred, noted, tagged, shared, followed; a note is text, whatever it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from models.accounts import Role
from models.errors import NotFoundError, UsageError
from models.lists import STARRED, ItemKind, KeptList, NewItem
from models.removal import RetentionRule
from store.people import lists
from tests.conftest import run_slugline
from tests.web.accounts_of import (
    add_token,
    as_user,
    form_token,
    private_site,
    send,
)
from tests.web.sample_site import KASK, RECALL, TALKS, Site

NOW = datetime(2025, 7, 1, tzinfo=UTC)
TRICKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<iframe src=javascript:alert(1)>",
    "</textarea><script>alert(1)</script>",
    "<style>@import'//evil.example'</style>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "{{ 7*7 }}{% raw %}${7*7}<%= 7*7 %>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr\x00ipt>alert(1)</scr\x00ipt>".replace("\x00", "\u200b"),
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u202e<b onmouseover=alert(1)>x",
    "<!--><script>alert(1)</script-->",
    "]]><script>alert(1)</script>",
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A private library, and its client signed in as ada, an editor."""
    with private_site(tmp_path) as opened:
        yield opened


def make(site: Site, name: str = "Dams", *, shared: bool = False) -> KeptList:
    return site.store.lists.add("ada", name, shared=shared, who="ada", now=NOW)


def put(site: Site, here: KeptList, **fields: str) -> int:
    asked = {"kind": "article", "subject": TALKS.id, "list": str(here.number)} | fields
    return send(site.client, "/lists", "/lists/items", **asked).status_code


def test_a_star_on_a_hit_and_on_its_page_goes_on_and_off(site: Site) -> None:
    page = site.text("/search?q=dam")
    assert f'value="{TALKS.id}"' in page
    assert 'aria-pressed="false"' in page
    where = f"/articles/{TALKS.id}"
    fields = {"kind": "article", "subject": TALKS.id, "next": "/search?q=dam"}
    answer = send(site.client, where, "/star", **fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=dam")
    assert 'aria-pressed="true"' in site.text("/search?q=dam")
    assert 'aria-pressed="true"' in site.text(where)
    assert 'aria-pressed="true"' not in as_user(site, "bea").get(where).text
    (starred,) = site.store.lists.seen_by("ada")
    assert (starred.name, starred.shared, starred.items) == (STARRED, False, 1)
    send(site.client, where, "/star", **fields)
    assert site.store.lists.items(starred.number) == ()


def test_articles_passages_entities_and_stories_are_kept_with_notes(site: Site) -> None:
    here = make(site)
    assert put(site, here, note="Ask the ministry.", tags="water, law") == 303
    assert put(site, here, passage="the dam would be shared", note="The core.") == 303
    assert put(site, here, kind="entity", subject=KASK.key) == 303
    page = site.text(f"/lists/{here.number}")
    for part in ("Ask the ministry.", "water", "<p>the dam would be shared</p>", "Radomir Kask"):
        assert part in page
    assert "Ask the ministry." in site.text(f"/articles/{TALKS.id}")
    assert put(site, here, note="Asked.") == 303
    notes = [item.note for item in site.store.lists.items(here.number)]
    assert notes == ["", "The core.", "Asked."], "the same thing is there once"
    passage = site.store.lists.items(here.number)[1]
    assert TALKS.summary[passage.start : passage.end] == passage.quote
    item = site.store.lists.items(here.number)[0]
    send(site.client, "/lists", f"/lists/items/{item.number}/remove")
    assert site.store.lists.get(here.number).items == 2


@pytest.mark.parametrize("trick", TRICKS)
def test_a_note_is_text_whatever_it_says(site: Site, trick: str) -> None:
    here = make(site, name=f"x{trick}"[:100])
    assert put(site, here, note=trick, tags=trick[:40]) == 303
    assert site.store.lists.items(here.number)[0].note == trick.strip()
    for address in (f"/lists/{here.number}", f"/articles/{TALKS.id}", "/lists"):
        page = site.text(address)
        for begun in ("<script>alert", "<img src", "<svg/", "<iframe", "<style>@", "<b on"):
            assert begun not in page, address
        assert "{{ 7*7 }}" in page or "7*7" not in trick
        assert 'href="javascript:' not in page
    feed = feedparser.parse(site.client.get(f"/lists/{here.secret}/feed.atom").data)
    assert feed.feed.title == here.name


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"note": "x" * 10_400}, 400),
        ({"tags": " ".join(f"t{n}" for n in range(30))}, 400),
        ({"tags": "x" * 60}, 400),
        ({"passage": "words that do not stand there"}, 400),
        ({"subject": "0" * 20}, 404),
        ({"kind": "entity", "subject": "person/nobody"}, 404),
        ({"kind": "story", "subject": "nothing"}, 404),
        ({"kind": "pigeon"}, 400),
        ({"list": "99"}, 404),
        ({"list": "x"}, 400),
    ],
)
def test_what_makes_no_sense_is_not_kept(site: Site, fields: dict[str, str], status: int) -> None:
    here = make(site)
    assert put(site, here, **fields) == status
    assert site.store.lists.items(here.number) == ()


def test_a_shared_list_is_filled_by_all_editors_and_changed_by_its_owner(site: Site) -> None:
    mine, ours = make(site, "Mine"), make(site, "Ours", shared=True)
    bea = as_user(site, "bea")
    assert "Ours" in bea.get("/lists").text
    assert "Mine" not in bea.get("/lists").text
    assert bea.get(f"/lists/{mine.number}").status_code == 404
    fields = {"csrf_token": form_token(bea, "/lists"), "kind": "article", "subject": RECALL.id}
    assert bea.post("/lists/items", data=fields | {"list": str(mine.number)}).status_code == 404
    assert bea.post("/lists/items", data=fields | {"list": str(ours.number)}).status_code == 303
    (item,) = site.store.lists.items(ours.number)
    assert item.who == "bea"
    for act in ("share", "remove"):
        assert bea.post(f"/lists/{ours.number}/{act}", data=fields).status_code == 404
    rob = as_user(site, "rob")
    assert RECALL.title in rob.get(f"/lists/{ours.number}").text
    assert "Put on a list" not in rob.get(f"/articles/{TALKS.id}").text
    fields["csrf_token"] = form_token(rob, "/account")
    assert rob.post("/star", data=fields).status_code == 403
    assert site.client.post("/star", data=fields | {"csrf_token": ""}).status_code == 400


def test_a_feed_of_a_list_is_read_by_whoever_has_its_address(site: Site) -> None:
    here = make(site)
    put(site, here)
    stranger = site.client.application.test_client()
    feed = feedparser.parse(stranger.get(f"/lists/{here.secret}/feed.atom").data)
    assert [entry.id for entry in feed.entries] == [f"urn:slugline:{TALKS.id}"]
    as_json: Any = stranger.get(f"/lists/{here.secret}/feed.json").get_json(force=True)
    assert len(as_json["items"]) == 1
    site.store.lists.share(here.number, "ada", shared=True, who="ada")
    assert stranger.get(f"/lists/{here.secret}/feed.atom").status_code == 404


def test_the_articles_of_a_list_are_those_of_its_stories_and_entities_too(site: Site) -> None:
    here = make(site)
    site.store.lists.put(here.number, "ada", NewItem(ItemKind.ENTITY, KASK.key), who="a", now=NOW)
    found = site.store.lists.article_ids(here.number)
    assert TALKS.id in found
    assert found == {
        one.article.id
        for one in site.store.articles.tagged(list(site.store.articles.ids()))
        if KASK.key in {entity.key for entity in one.entities}
    }


def test_retention_spares_what_is_listed_and_a_takedown_takes_it_off(site: Site) -> None:
    here = make(site)
    put(site, here, note="Keep it.")
    old = RetentionRule(days=1)
    site.store.removals.apply(old, who="a test", now=datetime(2030, 1, 1, tzinfo=UTC))
    assert TALKS.id in set(site.store.articles.ids())
    site.store.removals.take_down(TALKS.id, who="a test", why="asked for", now=NOW)
    assert site.store.lists.items(here.number) == ()


def test_lists_and_what_is_on_them_have_limits(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    here = make(site)
    with pytest.raises(UsageError, match="already"):
        make(site, "DAMS")
    monkeypatch.setattr(lists, "MOST", 1)
    with pytest.raises(UsageError, match="remove one first"):
        make(site, "Other")
    monkeypatch.setattr(lists, "MOST_ITEMS", 1)
    assert put(site, here) == 303
    assert put(site, here, subject=RECALL.id) == 400
    assert put(site, here, note="the same again") == 303


def test_a_removed_user_takes_lists_along(site: Site) -> None:
    here = make(site)
    put(site, here)
    site.store.users.remove("ada", who="a test", now=NOW)
    with pytest.raises(NotFoundError):
        site.store.lists.get(here.number)


def test_the_api_makes_fills_reads_and_removes(site: Site) -> None:
    client = site.client.application.test_client()
    headers = {"Authorization": f"Bearer {add_token(site.store, 'ada', Role.EDITOR)}"}
    made: Any = client.post("/api/v1/lists", json={"name": "Dams"}, headers=headers).json
    address = f"/api/v1/lists/{made['number']}"
    wish = {"kind": "passage", "subject": TALKS.id, "field": "title", "start": 0, "end": 12}
    item: Any = client.post(
        f"{address}/items", json=wish | {"note": "Who?", "tags": ["name"]}, headers=headers
    ).json
    assert item["quote"] == TALKS.title[:12].strip()
    read: Any = client.get(address, headers=headers).json
    assert read["items"] == [item]
    assert read["about"]["total"] == 1
    bea = {"Authorization": f"Bearer {add_token(site.store, 'bea', Role.EDITOR)}"}
    assert client.get(address, headers=bea).status_code == 404
    off = f"/api/v1/lists/items/{item['number']}"
    assert client.delete(off, headers=bea).status_code == 404
    assert client.delete(off, headers=headers).status_code == 200
    assert client.delete(address, headers=headers).status_code == 200
    listed: Any = client.get("/api/v1/lists", headers=headers).json
    assert listed["total"] == 0


def test_the_command_line_keeps_lists(site: Site, tmp_path: Path) -> None:
    made = run_slugline("lists", "add", "ada", "Dams", "--json", home=tmp_path)
    assert made.status == 0, made.err
    asked = ("lists", "put", "dams", TALKS.id, "--note", "Ask.", "--tag", "water")
    assert run_slugline(*asked, home=tmp_path).status == 0
    shown = run_slugline("lists", "show", "Dams", "--json", home=tmp_path).json
    (item,) = shown["items"]
    assert (item["note"], item["tags"], item["subject"]) == ("Ask.", ["water"], TALKS.id)
    listed = run_slugline("lists", "list", "--json", home=tmp_path).json["lists"]
    assert [(one["owner"], one["total"]) for one in listed] == [("ada", 1)]
    assert run_slugline("lists", "take", str(item["number"]), home=tmp_path).status == 0
    assert run_slugline("lists", "take", "999", home=tmp_path).status == 1
    assert run_slugline("lists", "remove", "Dams", home=tmp_path).status == 0
    assert run_slugline("lists", "show", "Dams", home=tmp_path).status == 1


def test_a_list_is_exported_with_its_notes_and_no_other(site: Site, tmp_path: Path) -> None:
    here, other = make(site), make(site, "Private")
    put(site, here, note="Ask the ministry.", tags="law")
    put(site, other, note="Not for others.")
    put(site, other, subject=RECALL.id)
    rows: dict[str, str] = {}
    for name in ("jsonl", "doccano", "labelstudio", "argilla", "jsonfeed", "conllu", "csv"):
        out = tmp_path / name
        asked = ("export", out, "--format", name, "--list", "Dams", "--json")
        done = run_slugline(*asked, home=tmp_path)
        assert done.status == 0, done.err
        assert done.json["articles"] == 1
        rows[name] = out.read_text(encoding="utf-8")
        assert "Not for others." not in rows[name]
    assert all("Ask the ministry." in text for name, text in rows.items() if name != "csv")
    (row,) = map(json.loads, rows["jsonl"].splitlines())
    expected = {"list": "Dams", "kind": "article", "note": "Ask the ministry."}
    assert row["lists"] == [expected | {"tags": ["law"], "quote": ""}]
    done = run_slugline("export", tmp_path / "x.jsonl", "--list", "nothing", home=tmp_path)
    assert done.status == 1


def test_pages_and_api_export_a_list_to_whoever_sees_it(site: Site) -> None:
    here = make(site)
    put(site, here, note="Ask the ministry.")
    assert f'href="/export?list={here.number}"' in site.text(f"/lists/{here.number}")
    assert "<strong>1 article</strong>" in site.text(f"/export?list={here.number}")
    for address in (f"/export/file?list={here.number}&rows=1", "/api/v1/exports/jsonl?list=Dams"):
        (row,) = map(json.loads, site.text(address).splitlines())
        assert (row["id"], row["lists"][0]["note"]) == (TALKS.id, "Ask the ministry.")
    bea, nobody = as_user(site, "bea"), site.client.application.test_client()
    for address in ("/export?list=Dams", "/export/file?list=Dams", "/api/v1/exports/csv?list=Dams"):
        assert bea.get(address).status_code == 404, "a private list"
        assert nobody.get(address).status_code in {303, 401, 404}
    site.store.lists.share(here.number, "ada", shared=True, who="ada")
    assert bea.get("/api/v1/exports/csv?list=Dams").status_code == 200
    assert nobody.get("/export?list=Dams").status_code in {303, 404}
