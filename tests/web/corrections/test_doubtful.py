"""Doubtful entities are worked through in the browser and over the API, and never asked twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.accounts import Role
from models.tags import EntityName, Mention
from tests.web.accounts_of import add_token, add_user, form_token, sign_in
from tests.web.sample_site import Site, entry, open_site, put, tag

PAGE = "/entities/doubtful"
SPELLINGS = ("Radomir Kaskovic", "Radomir Kaskovich", "Kaskovic")
TYPES = (("person", "Ostvar"), ("org", "France"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A library with names in several spellings and of wrong types; its client is an editor's."""
    with open_site(tmp_path) as opened:
        named = [("person", name, 6 - 2 * at) for at, name in enumerate(SPELLINGS)]
        named += [(kind, name, 1) for kind, name in TYPES]
        for kind, name, articles in named:
            key = f"{kind}/{name.lower().replace(' ', '-')}"
            for number in range(articles):
                each = entry(f"{kind}-{name}-{number}".replace(" ", ""), f"{name} was there")
                put(opened.store, each)
                named_one = EntityName(key, name, kind)
                mention = Mention("title", 0, len(name), name, kind.upper(), named_one)
                tag(opened.store, each, more=[mention])
        for role in Role:
            add_user(opened.store, f"the-{role}", role)
        sign_in(opened.client, "the-editor")
        yield opened


def decide(client: FlaskClient, **fields: Any) -> int:
    data = {"csrf_token": form_token(client, PAGE), **fields}
    return client.post(PAGE, data=data).status_code


def pairs(site: Site, kind: str = "") -> list[tuple[str, str]]:
    question = {"limit": "100"} | ({"kind": kind} if kind else {})
    answer: Any = site.client.get(f"/api/v1{PAGE}", query_string=question).json
    return [(each["entity"]["key"], each["into"]["key"]) for each in answer["items"]]


KASKOVICH = ("person/radomir-kaskovich", "person/radomir-kaskovic")


def test_the_page_lists_likely_merges_and_wrong_types_best_first(site: Site) -> None:
    text = site.text(PAGE)
    assert KASKOVICH in pairs(site, "merge")
    assert all(a.split("/")[0] != b.split("/")[0] for a, b in pairs(site, "type"))
    assert pairs(site, "type")
    for entity, into in pairs(site):
        assert f'value="{entity} {into}"' in text
    answer: Any = site.client.get(f"/api/v1{PAGE}").json
    weights = [each["weight"] for each in answer["items"]]
    assert weights == sorted(weights, reverse=True)


def test_all_of_them_come_as_a_file_as_many_as_the_page_says(site: Site) -> None:
    found = re.search(r"Download (\d+) rows", site.text(PAGE))
    assert found
    assert len(site.client.get(f"{PAGE}?format=json").json or ()) == int(found[1])
    merges: Any = site.client.get(f"{PAGE}?kind=merge&format=json").json
    assert [(each["key"], each["into"]) for each in merges] == pairs(site, "merge")


def test_a_button_merges_or_refuses_and_one_click_takes_it_back(site: Site) -> None:
    assert decide(site.client, same=" ".join(KASKOVICH)) == 303
    assert site.store.entities.get(KASKOVICH[0]).key == KASKOVICH[1]
    assert "radomir-kaskovich" not in site.text(PAGE).partition("<table")[2]
    (merge,) = site.store.journal.entries(1)
    assert (merge.kind, merge.who) == ("entity-merged", "the-editor")
    site.store.corrections.undo(merge.number, who="the-editor")
    assert KASKOVICH in pairs(site)
    assert decide(site.client, apart=" ".join(KASKOVICH)) == 303
    assert "are not one" in site.text(PAGE)
    assert KASKOVICH not in pairs(site)
    (refusal,) = site.store.journal.entries(1)
    site.store.corrections.undo(refusal.number, who="the-editor")
    assert KASKOVICH in pairs(site), "undone, it is asked again"


def test_many_are_decided_at_once_and_one_that_makes_no_sense_costs_no_other(site: Site) -> None:
    chosen = [" ".join(pair) for pair in pairs(site)]
    assert len(chosen) >= 3
    chosen.insert(1, "person/nobody person/none")
    assert decide(site.client, all="same", chosen=chosen) == 303
    assert "There is no entity" in site.text("/topics"), "the fault is told on the next page"
    assert not set(pairs(site)) & {tuple(pair.split(" ")) for pair in chosen}


def test_nothing_refused_is_asked_again_by_any_way(site: Site) -> None:
    decisions = [{"entity": a, "into": b, "same": False} for a, b in pairs(site)]
    token = add_token(site.store, "the-editor", Role.EDITOR)
    headers = {"Authorization": f"Bearer {token}"}
    done: Any = site.client.post(
        f"/api/v1{PAGE}", json={"decisions": decisions}, headers=headers
    ).json
    assert (len(done["items"]), done["faults"]) == (len(decisions), [])
    assert all(change["can_be_undone"] for change in done["items"])
    assert pairs(site) == []
    assert "No doubtful entities" in site.text(PAGE)


@pytest.mark.parametrize(
    "fields", [{}, {"same": "one"}, {"same": "a b c"}, {"all": "maybe"}, {"all": "same"}]
)
def test_a_form_that_says_nothing_is_refused(site: Site, fields: dict[str, str]) -> None:
    assert decide(site.client, **fields) == 400


def test_only_editors_decide(site: Site) -> None:
    reader = site.client.application.test_client()
    sign_in(reader, "the-reader")
    assert reader.get(PAGE).status_code == 403
    assert reader.post(PAGE, data={"same": " ".join(KASKOVICH)}).status_code == 403
    assert site.client.post(PAGE, data={"same": " ".join(KASKOVICH)}).status_code == 400
    assert KASKOVICH in pairs(site)
