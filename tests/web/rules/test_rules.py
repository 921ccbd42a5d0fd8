"""Rules: previewed, applied to new articles, listed, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Role
from models.lists import STARRED, ItemKind
from models.rules import Action, Rule
from search.request import Request
from search.sync import drain
from store.people import lists
from tests.conftest import run_slugline
from tests.web.accounts_of import add_token, form_token, private_site, send, sign_in
from tests.web.sample_site import TALKS, TOPICS, Site, entry, put
from web.alerts.arrivals import Arrivals

SHARES = entry("shares", "Dam shares fall", "The dam company lost a tenth.", day=9)
GOALS = entry("goals", "Three goals by noon", "A match without a dam.", day=9)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A private library, and its client signed in as ada, an editor."""
    with private_site(tmp_path) as opened:
        yield opened


def rule(site: Site, action: Action, value: str = "", question: str = "q=dam") -> Rule:
    return site.store.rules.add(
        "ada",
        f"{action} dams",
        question,
        action,
        value,
        who="ada",
        now=datetime.now(UTC),
        topics=set(TOPICS),
    )


def come(site: Site) -> None:
    put(site.store, SHARES, GOALS, now=datetime.now(UTC) + timedelta(seconds=1))
    index(site)


def index(site: Site) -> None:
    here = site.library
    arrivals = Arrivals(here.store, here.searcher)
    drain(here.store.changes, here.store.articles, here.engine, done=arrivals.finish)


def found(site: Site, text: str = "dam") -> set[str]:
    return {hit.article.id for hit in site.library.searcher.search(Request(text)).hits}


def test_a_muted_article_is_hidden_from_searches_and_can_be_shown(site: Site) -> None:
    before = found(site)
    rule(site, Action.MUTE)
    come(site)
    assert found(site) == before | {GOALS.id} - {SHARES.id, GOALS.id}
    assert found(site, "topic:muted") == {SHARES.id, GOALS.id}
    assert SHARES.id in set(site.store.articles.ids())
    assert SHARES.title in site.text(f"/articles/{SHARES.id}")
    assert SHARES.title not in site.text("/search?q=dam")
    assert SHARES.title in site.text("/search?q=topic:muted")
    (hit, _) = site.store.rules.hits()
    site.store.rules.undo(hit.number, who="ada")
    index(site)
    assert hit.article_id in found(site), "shown again, and the rule is not applied twice"


def test_a_rule_leaves_what_was_there_before_it(site: Site) -> None:
    rule(site, Action.MUTE)
    site.store.changes.add_all()
    index(site)
    assert TALKS.id in found(site)
    assert site.store.rules.hits() == ()


def test_a_topic_is_given_listed_as_a_change_and_undone(site: Site) -> None:
    made = rule(site, Action.TOPIC, "economy")
    come(site)
    assert found(site, "topic:economy company") == {SHARES.id}
    assert site.store.rules.get(made.number).hits == 2
    assert site.store.journal.entries(1)[0].who == f"rule {made.number} of ada"
    assert site.store.rules.undo_all(made.number, who="bea") == 2
    index(site)
    assert SHARES.id not in found(site, "company") & found(site, "dam topic:economy")
    assert {hit.undone_by for hit in site.store.rules.hits()} == {"bea"}


@pytest.mark.parametrize(("action", "name"), [(Action.STAR, STARRED), (Action.TAG, "water")])
def test_what_is_starred_or_tagged_is_on_a_list(site: Site, action: Action, name: str) -> None:
    made = rule(site, action, "water")
    come(site)
    (kept,) = site.store.lists.seen_by("ada")
    assert (kept.name, kept.items) == (name, 2)
    assert site.store.lists.seen_by("bea") == ()
    tags = {item.tags for item in site.store.lists.items(kept.number)}
    assert tags == {("water",) if action is Action.TAG else ()}
    assert site.store.rules.undo_all(made.number, who="ada") == 2
    assert site.store.lists.items(kept.number) == ()


def test_what_a_person_starred_before_stays_where_a_rule_is_undone(site: Site) -> None:
    come(site)
    made = rule(site, Action.STAR)
    kind = ItemKind.ARTICLE
    site.store.lists.star("ada", kind, SHARES.id, who="ada", now=datetime.now(UTC))
    site.store.rules.apply(made, [SHARES.id, GOALS.id], datetime.now(UTC))
    site.store.rules.undo_all(made.number, who="ada")
    assert site.store.lists.starred("ada", kind, [SHARES.id, GOALS.id]) == {SHARES.id}


def test_a_list_that_is_full_stops_its_rule_and_nothing_else(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_ITEMS", 1)
    made = rule(site, Action.STAR)
    come(site)
    assert site.store.changes.count() == 0
    assert "at most 1" in site.store.rules.get(made.number).trouble


def test_a_page_shows_what_a_rule_would_have_caught_before_it_is_made(site: Site) -> None:
    asked = {"name": "No dams", "q": "dam", "action": "mute", "value": ""}
    answer = send(site.client, "/rules", "/rules/preview", **asked)
    assert "What it would have caught" in answer.text
    assert site.store.articles.get(TALKS.id).title in answer.text
    assert site.store.rules.all() == ()
    before = len(found(site))
    assert f"<strong>{before} articles</strong>" in answer.text
    question = answer.text.split('name="question" value="')[1].split('"')[0]
    wanted = asked | {"question": question, "q": "", "everything": "yes"}
    assert send(site.client, "/rules", "/rules", **wanted).status_code == 303
    assert found(site) == set()
    page = site.text("/rules")
    assert f"caught {before} articles" in page
    send(site.client, "/rules", "/rules/1/undo")
    assert len(found(site)) == before
    send(site.client, "/rules", "/rules/1/pause")
    assert site.store.rules.get(1).paused
    send(site.client, "/rules", "/rules/1/remove")
    assert site.store.rules.all() == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"q": ""},
        {"name": ""},
        {"name": "x" * 101},
        {"action": "burn"},
        {"action": "topic", "value": "nonsense"},
        {"action": "tag", "value": ""},
        {"q": "published:[x TO"},
    ],
)
def test_a_senseless_rule_is_refused(site: Site, fields: dict[str, str]) -> None:
    asked = {"name": "x", "q": "dam", "action": "mute"} | fields
    assert send(site.client, "/rules", "/rules", **asked).status_code == 400
    assert site.store.rules.all() == ()


def test_others_see_rules_and_change_none(site: Site) -> None:
    rule(site, Action.MUTE)
    bea = site.client.application.test_client()
    sign_in(bea, "bea")
    assert "mute dams" in bea.get("/rules").text
    token = form_token(bea, "/account")
    for act in ("pause", "undo", "remove"):
        assert bea.post(f"/rules/1/{act}", data={"csrf_token": token}).status_code == 404
    rob = site.client.application.test_client()
    sign_in(rob, "rob")
    asked = {"csrf_token": form_token(rob, "/account"), "name": "x", "q": "x", "action": "mute"}
    assert rob.post("/rules", data=asked).status_code == 403


def test_names_with_every_trick_stay_text(site: Site) -> None:
    trick = "\"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }}'"
    asked = {"name": trick, "q": "dam", "action": "tag", "value": "<b>x</b>"}
    answer = send(site.client, "/rules", "/rules/preview", **asked)
    assert "<img src" not in answer.text
    send(site.client, "/rules", "/rules", **asked)
    come(site)
    for page in ("/rules", "/lists", "/lists/1"):
        assert "<img src" not in site.text(page)
        assert "<b>x" not in site.text(page)


def test_a_muted_article_is_not_told_by_alerts(site: Site) -> None:
    from models.alerts import Channel, NewAlert, Watched

    saved = site.store.saved.add(
        "ada", "Dams", "q=dam", shared=False, who="ada", now=datetime.now(UTC)
    )
    hook = "https://hooks.example.org/"
    wanted = NewAlert("Dams", Watched.SEARCH, Channel.WEBHOOK, hook, saved=saved.number)
    site.store.alerts.add("ada", wanted, who="ada", now=datetime.now(UTC))
    rule(site, Action.MUTE, question="q=company")
    come(site)
    site.store.alerts.queue.collect(datetime.now(UTC))
    claimed = site.store.alerts.queue.claim(datetime.now(UTC))
    assert claimed
    (content,) = site.store.alerts.queue.content(claimed.number).values()
    assert [match.article_id for match in content[0]] == [GOALS.id]


def test_a_rule_that_cannot_be_asked_stops_nothing(site: Site) -> None:
    made = rule(site, Action.MUTE, question="q=published%3A%5Bnonsense+TO%5D")
    come(site)
    assert site.store.changes.count() == 0
    assert site.store.rules.get(made.number).trouble


def test_the_api_previews_makes_lists_and_takes_back(site: Site) -> None:
    client = site.client.application.test_client()
    headers = {"Authorization": f"Bearer {add_token(site.store, 'ada', Role.EDITOR)}"}
    seen: Any = client.post("/api/v1/rules/preview", json={"q": "dam"}, headers=headers).json
    assert seen["total"] == len(found(site))
    asked = {"name": "Dams", "q": "dam", "action": "mute", "everything": True}
    made: Any = client.post("/api/v1/rules", json=asked, headers=headers).json
    assert made["hits"] == seen["total"]
    assert found(site) == set()
    listed: Any = client.get("/api/v1/rules/hits?limit=1", headers=headers).json
    (hit,) = listed["items"]
    assert listed["next"] == hit["number"]
    undone: Any = client.post(f"/api/v1/rules/hits/{hit['number']}/undo", headers=headers).json
    assert undone["undone_by"] == "ada"
    assert found(site) == {hit["article"]}
    again = client.post(f"/api/v1/rules/hits/{hit['number']}/undo", headers=headers)
    assert again.status_code == 400
    address = f"/api/v1/rules/{made['number']}"
    paused: Any = client.patch(address, json={"paused": True}, headers=headers).json
    assert paused["paused"] is True
    bea = {"Authorization": f"Bearer {add_token(site.store, 'bea', Role.EDITOR)}"}
    assert client.delete(address, headers=bea).status_code == 404
    assert client.delete(address, headers=headers).status_code == 200


def test_a_preview_on_the_command_line_says_of_how_many_it_lists_the_newest(
    site: Site, tmp_path: Path
) -> None:
    come(site)
    newest_first = run_slugline("rules", "preview", "dam", "--json", home=tmp_path).json["ids"]
    assert len(newest_first) > 1
    short = run_slugline("rules", "preview", "dam", "--limit", "1", home=tmp_path).out
    assert f"the newest 1 (`--limit {len(newest_first)}` lists all)" in short
    assert short.splitlines()[1].startswith(newest_first[0])
    full = run_slugline("rules", "preview", "dam", home=tmp_path).out
    assert "--limit" not in full
    assert [line.split()[0] for line in full.splitlines()[1:]] == newest_first


def test_the_command_line_makes_and_takes_back_rules(site: Site, tmp_path: Path) -> None:
    seen = run_slugline("rules", "preview", "dam", "--json", home=tmp_path)
    assert seen.status == 0, seen.err
    add = ("rules", "add", "ada", "No dams", "dam", "--action", "mute", "--everything", "--json")
    made = run_slugline(*add, home=tmp_path)
    assert made.status == 0, made.err
    assert made.json["hits"] == seen.json["total"] > 0
    assert run_slugline("search", "dam", "--json", home=tmp_path).json["total"] == 0
    hits = run_slugline("rules", "hits", "--json", home=tmp_path).json["hits"]
    assert run_slugline("rules", "undo", str(hits[0]["number"]), home=tmp_path).status == 0
    assert run_slugline("search", "dam", "--json", home=tmp_path).json["total"] == 1
    assert run_slugline("rules", "undo", "1", "--all", home=tmp_path).status == 0
    total = run_slugline("search", "dam", "--json", home=tmp_path).json["total"]
    assert total == seen.json["total"]
    assert run_slugline("rules", "remove", "1", home=tmp_path).status == 0
    assert run_slugline("rules", "list", "--json", home=tmp_path).json["rules"] == []


def test_a_topic_that_is_taken_back_by_a_person_is_left_so(site: Site) -> None:
    made = rule(site, Action.TOPIC, "economy")
    come(site)
    entry_ = site.store.journal.entries(1)[0]
    site.store.corrections.undo(entry_.number, who="ada")
    assert site.store.rules.undo_all(made.number, who="ada") == 2
    assert replace(made, hits=2) == site.store.rules.get(made.number)
