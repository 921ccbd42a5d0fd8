"""What pages and the command line do, the API does as well: tokens, clusters, overviews, undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Role
from models.clusters import FoundCluster
from models.lists import ItemKind
from tests.web.accounts_of import add_token, private_site
from tests.web.sample_site import TALKS, Site

NOW = datetime(2025, 7, 1, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with private_site(tmp_path) as opened:
        yield opened


class Api:
    """The API as a user with a token sees it."""

    def __init__(self, site: Site, name: str, scope: Role) -> None:
        self.client = site.client.application.test_client()
        self.headers = {"Authorization": f"Bearer {add_token(site.store, name, scope)}"}

    def __call__(self, method: str, address: str, status: int = 200, **json: Any) -> Any:
        body = json if method in {"POST", "PATCH"} and json else None
        answer = self.client.open(
            f"/api/v1{address}", method=method, headers=self.headers, json=body
        )
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture
def ada(site: Site) -> Api:
    return Api(site, "ada", Role.EDITOR)


def test_tokens_are_made_listed_and_taken_away_and_shown_once(site: Site, ada: Api) -> None:
    made = ada("POST", "/account/tokens", 201, name="a script", scope="reader", days=7)
    number = made["token"]["number"]
    listed = ada("GET", "/account/tokens")
    assert {each["name"] for each in listed["items"]} == {"a test", "a script"}
    assert made["secret"] not in str(listed)
    script = site.client.application.test_client()
    headers = {"Authorization": f"Bearer {made['secret']}"}
    assert script.get("/api/v1/account", headers=headers).json == {"name": "ada", "role": "reader"}
    Api(site, "rob", Role.READER)("DELETE", f"/account/tokens/{number}", 404)
    assert ada("DELETE", f"/account/tokens/{number}")["number"] == number
    assert script.get("/api/v1/account", headers=headers).status_code == 401


def test_a_token_makes_no_token_that_may_more(site: Site) -> None:
    small = Api(site, "ada", Role.READER)
    small("POST", "/account/tokens", 403, name="more", scope="editor")
    small("POST", "/account/tokens", 201, name="as much", scope="reader")


def test_clusters_are_renamed_hidden_and_merged(site: Site, ada: Api) -> None:
    two = [
        FoundCluster("politics-1", "politics", "dam, river", ("dam",), 2, False),
        FoundCluster("politics-2", "politics", "vote", ("vote",), 1, False),
    ]
    site.store.clusters.learn(two)
    one, other = (each["id"] for each in ada("GET", "/clusters")["items"][:2])
    assert ada("PATCH", f"/clusters/{one}", name="Dams and rivers")["name"] == "Dams and rivers"
    ada("PATCH", f"/clusters/{one}", hidden=True)
    assert one not in {each["id"] for each in ada("GET", "/clusters")["items"]}
    ada("PATCH", f"/clusters/{one}", hidden=False)
    assert ada("PATCH", f"/clusters/{other}", into=one)["id"] == one
    assert ada("GET", f"/clusters/{other}")["id"] == one
    ada("PATCH", "/clusters/none-such", 404, hidden=True)
    Api(site, "rob", Role.READER)("PATCH", f"/clusters/{one}", 403, name="No")


def test_overviews_are_those_of_the_pages(ada: Api) -> None:
    graph = ada("GET", "/graph")
    keys = {node["key"] for node in graph["nodes"]}
    assert {end for edge in graph["edges"] for end in (edge["first"], edge["second"])} <= keys
    assert graph["articles"] == graph["total"]
    told = ada("GET", "/coverage?q=dam")
    assert told["total"] == ada("GET", "/search?q=dam")["total"]
    briefing = ada("GET", "/briefing?day=2025-06-02")
    assert briefing["total"] >= len(briefing["items"])
    assert briefing["day"] == "2025-06-02"
    groups = ada("GET", "/duplicates")
    assert groups["articles"] == sum(len(each["members"]) for each in groups["items"])
    if groups["items"]:
        leader = groups["items"][0]["leader"]
        assert ada("GET", f"/articles/{leader}/duplicates") == groups["items"][0]
    ada("GET", "/articles/none/duplicates", 404)


def test_lists_are_shared_and_things_starred(site: Site, ada: Api) -> None:
    number = ada("POST", "/lists", name="Dams")["number"]
    assert ada("PATCH", f"/lists/{number}", shared=True)["shared"]
    assert Api(site, "rob", Role.READER)("GET", f"/lists/{number}")["about"]["name"] == "Dams"
    for _ in range(2):  # asked for twice, it is starred, not unstarred
        assert ada("POST", "/stars", kind="article", subject=TALKS.id)["starred"]
    assert site.store.lists.starred("ada", ItemKind.ARTICLE, [TALKS.id]) == {TALKS.id}
    assert ada("GET", "/search?list=Starred")["total"] == 1
    ada("POST", "/stars", kind="article", subject=TALKS.id, starred=False)
    assert site.store.lists.starred("ada", ItemKind.ARTICLE, [TALKS.id]) == set()


def test_all_effects_of_a_rule_are_undone_and_a_feed_is_renewed(site: Site, ada: Api) -> None:
    rule = ada("POST", "/rules", name="No dams", q="dam", action="mute", everything=True)
    assert ada("GET", "/search?q=dam")["total"] == 0
    assert ada("POST", f"/rules/{rule['number']}/undo")["articles"] == rule["hits"] > 0
    assert ada("GET", "/search?q=dam")["total"] == rule["hits"]
    ada("POST", "/lists", name="Mine")
    saved = ada("POST", "/saved", name="Mine", q="dam", list=["Mine"])
    assert "list=Mine" in saved["question"]
    renewed = ada("POST", f"/saved/{saved['number']}/renew")
    assert renewed["atom"] != saved["atom"]
