"""`list:` narrows a search to a list, on page, API and command line, for those who see the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Role
from models.errors import UnknownValueError
from models.lists import ItemKind, KeptList, NewItem
from tests.conftest import run_slugline
from tests.web.accounts_of import add_token, as_user, private_site, send
from tests.web.sample_site import RECALL, TALKS, Site
from web.context import WebSettings
from web.saved.question import read_question

NOW = datetime(2025, 7, 1, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A private library, its client signed in as ada, who keeps the list Dams."""
    with private_site(tmp_path) as opened:
        yield opened


@pytest.fixture
def dams(site: Site) -> KeptList:
    here = site.store.lists.add("ada", "Dams", shared=False, who="ada", now=NOW)
    new_item = NewItem(ItemKind.ARTICLE, TALKS.id)
    site.store.lists.put(here.number, "ada", new_item, who="ada", now=NOW)
    return here


def found(site: Site, address: str, user: str = "ada") -> Any:
    headers = {"Authorization": f"Bearer {add_token(site.store, user, Role.READER)}"}
    client = site.client.application.test_client()
    return client.get(address, headers=headers)


@pytest.mark.parametrize("asked", ["list=Dams", "q=list:Dams", "list=-Other&list=Dams"])
def test_the_api_searches_within_a_list(site: Site, dams: KeptList, asked: str) -> None:
    site.store.lists.add("ada", "Other", shared=False, who="ada", now=NOW)
    hits = found(site, f"/api/v1/search?{asked}").json["hits"]
    assert [hit["id"] for hit in hits] == [TALKS.id]
    everything = found(site, "/api/v1/search").json["total"]
    assert found(site, "/api/v1/search?-list=Dams").json["total"] == everything - 1
    for address in ("/api/v1/facets", "/api/v1/articles"):
        assert found(site, f"{address}?{asked}").json["total"] == 1


def test_nobody_searches_within_a_private_list_of_another(site: Site, dams: KeptList) -> None:
    for asked in ("list=Dams", "q=list:Dams", f"list={dams.number}", "-list=Dams"):
        refused = found(site, f"/api/v1/search?{asked}", "bea")
        assert refused.status_code == 400, asked
        assert "There is no list" in refused.json["detail"]
        assert as_user(site, "bea").get(f"/search?{asked}").status_code == 400
    site.store.lists.share(dams.number, "ada", shared=True, who="ada")
    assert found(site, "/api/v1/search?list=Dams", "rob").json["total"] == 1


def test_the_page_offers_lists_and_stars_as_filters(site: Site, dams: KeptList) -> None:
    send(site.client, "/lists", "/star", kind="article", subject=RECALL.id)
    page = site.text("/search")
    assert 'href="/search?list=Dams"' in page
    assert 'href="/search?list=Starred"' in page
    assert f"/articles/{RECALL.id}" in site.text("/search?list=Starred")
    narrowed = site.text("/search?list=Dams")
    assert f"/articles/{TALKS.id}" in narrowed
    assert f"/articles/{RECALL.id}" not in narrowed
    assert f'href="/search?list={dams.number}"' in site.text(f"/lists/{dams.number}")
    assert "Dams</bdi>" not in as_user(site, "bea").get("/search").text


def test_the_command_line_searches_and_exports_within_a_list(
    site: Site, dams: KeptList, tmp_path: Path
) -> None:
    hits = run_slugline("search", "--list", "Dams", "--json", home=tmp_path).json["hits"]
    assert [hit["id"] for hit in hits] == [TALKS.id]
    unknown = run_slugline("search", "--list", "Damn", home=tmp_path)
    assert unknown.status == 2
    assert "There is no list 'Damn'" in unknown.err
    twice = ("export", tmp_path / "x.jsonl", "--list", "Dams", "--list", "Other")
    assert run_slugline(*twice, home=tmp_path).status == 2


def test_the_feed_of_a_saved_search_sees_the_lists_of_its_owner(site: Site, dams: KeptList) -> None:
    saved = site.store.saved.add("ada", "Mine", "list=Dams", shared=False, who="ada", now=NOW)
    nobody = site.client.application.test_client()
    feed: Any = nobody.get(f"/saved/{saved.secret}/feed.json").json
    assert [item["id"] for item in feed["items"]] == [TALKS.id]


@pytest.mark.parametrize(("owner", "expected"), [("ada", {TALKS.id}), ("bea", None)])
def test_rules_and_alerts_see_the_lists_of_their_owner_alone(
    site: Site, dams: KeptList, owner: str, expected: set[str] | None
) -> None:
    asked = read_question("list=Dams", WebSettings()).request(1, ())
    seen = site.library.searcher.as_seen_by(owner)
    if expected is None:
        with pytest.raises(UnknownValueError, match="no list 'Dams'"):
            seen.among(asked, [TALKS.id])
    else:
        assert seen.among(asked, [TALKS.id, RECALL.id]) == expected
