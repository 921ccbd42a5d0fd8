"""Takedown and retention in the browser, over the API and by command: preview, then do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Role
from slugline.jobs.runner import run_next
from slugline.settings import Settings
from tests.conftest import run_slugline
from tests.web.accounts_of import add_token, add_user, send, sign_in
from tests.web.sample_site import RECALL, TALKS, TWIN, Site, open_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as opened:
        for role in Role:
            add_user(opened.store, f"the-{role}", role)
        sign_in(opened.client, "the-admin")
        yield opened


def headers(site: Site, role: Role = Role.ADMIN) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_token(site.store, f'the-{role}', role)}"}


def ids(site: Site, query: str) -> set[str]:
    found: Any = site.client.get(f"/api/v1/search?q={query}&limit=100").json
    return {hit["id"] for hit in found["hits"]}


def test_an_article_is_removed_by_a_form_that_says_what_goes(site: Site) -> None:
    page = f"/articles/{TALKS.id}/remove"
    assert f'href="{page}"' in site.text(f"/articles/{TALKS.id}")
    shown = site.text(page)
    assert "2 versions" in shown
    assert TWIN.id in shown
    assert TALKS.id in ids(site, "Kask")
    assert send(site.client, page, page, reason=" ").status_code == 400
    assert site.client.post(page, data={"reason": "x"}).status_code == 400, "without its token"
    assert send(site.client, page, page, reason="a court said so").status_code == 303
    assert site.client.get(f"/articles/{TALKS.id}").status_code == 404
    assert TALKS.id not in ids(site, "Kask")
    assert TALKS.id not in site.text("/search.atom?q=Kask")
    assert "a court said so" in site.text("/retention")
    assert "a court said so" in site.text("/changes")
    assert send(site.client, "/retention", f"/removals/{TALKS.id}/allow").status_code == 303
    assert site.store.removals.count() == 0


def test_the_api_previews_and_removes(site: Site) -> None:
    admin = headers(site)
    place = f"/api/v1/articles/{RECALL.id}"
    found: Any = site.client.get(f"{place}/removal", headers=admin).json
    assert (found["versions"], found["repeats"]) == (1, [])
    assert site.client.delete(place, headers=admin).status_code == 422, "without a reason"
    gone: Any = site.client.delete(f"{place}?reason=asked", headers=admin).json
    assert (gone["who"], gone["why"], gone["article"]) == ("the-admin", "asked", RECALL.id)
    assert site.client.get(place, headers=admin).status_code == 404
    assert site.client.delete(f"{place}?reason=asked", headers=admin).status_code == 404
    listed: Any = site.client.get("/api/v1/removals?kind=takedown", headers=admin).json
    assert (listed["total"], listed["items"]) == (1, [gone])
    removal = f"/api/v1/removals/{RECALL.id}"
    assert site.client.delete(removal, headers=admin).status_code == 200
    assert site.client.delete(removal, headers=admin).status_code == 404


def test_retention_is_previewed_applied_as_a_job_and_seen_in_search(
    site: Site, tmp_path: Path
) -> None:
    before = site.store.articles.count()
    assert "No limit" not in site.text("/retention")
    shown = site.text("/retention?articles=10")
    assert f"{before - 11} would go" in shown, "the corrected one is spared"
    assert site.store.articles.count() == before
    answer = send(site.client, "/retention?articles=10", "/retention", articles="10")
    assert answer.location == "/jobs"
    done = run_next(Settings(tmp_path), site.store, "a test")
    assert done
    assert done.result == {"removed": before - 11}
    found: Any = site.client.get("/api/v1/search").json
    assert found["total"] == 11
    assert RECALL.id in ids(site, "Calder")
    for wrong in ("days=x", "days=-1", "articles=9999999999999"):
        assert site.client.get(f"/retention?{wrong}").status_code == 400
    assert send(site.client, "/retention", "/retention", days="").status_code == 400


def test_retention_over_the_api(site: Site) -> None:
    admin = headers(site)
    assert site.client.get("/api/v1/retention", headers=admin).status_code == 400, "none is set"
    found: Any = site.client.get("/api/v1/retention?articles=10", headers=admin).json
    assert found["due"] == found["articles"] - 11
    asked = site.client.post("/api/v1/retention", json={"articles": 10}, headers=admin)
    assert asked.status_code == 202
    assert site.client.post("/api/v1/retention", json={}, headers=admin).status_code == 400


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
def test_only_admins_remove(site: Site, role: Role) -> None:
    lesser = headers(site, role)
    client = site.client.application.test_client()
    place = f"/api/v1/articles/{RECALL.id}"
    assert client.delete(f"{place}?reason=x", headers=lesser).status_code == 403
    assert client.get(f"{place}/removal", headers=lesser).status_code == 403
    assert client.get("/api/v1/removals", headers=lesser).status_code == 403
    assert client.post("/api/v1/retention", json={"days": 1}, headers=lesser).status_code == 403
    sign_in(client, f"the-{role}")
    assert client.get("/retention").status_code == 403
    assert client.get(f"/articles/{RECALL.id}/remove").status_code == 403
    assert "/remove" not in client.get(f"/articles/{RECALL.id}").text
    assert RECALL.id in set(site.store.articles.ids())


def test_by_command(own_home: Path) -> None:
    hit = run_slugline("search", "ferry", "--json", "--limit", "1", home=own_home).json["hits"][0]
    assert run_slugline("articles", "remove", hit["id"], home=own_home).status == 2, "no reason"
    dry = run_slugline(
        *("articles", "remove", hit["id"], "--reason", "x", "--dry-run", "--json"), home=own_home
    ).json
    assert (dry["removed"], dry["title"]) == (False, hit["title"])
    gone = run_slugline(
        "articles", "remove", hit["id"], "--reason", "asked for", "--json", home=own_home
    )
    assert gone.json["removed"]
    left = run_slugline("search", "ferry", "--json", "--limit", "100", home=own_home).json["hits"]
    assert hit["id"] not in {each["id"] for each in left}
    listed = run_slugline("articles", "removed", "--json", home=own_home).json
    assert (listed["total"], listed["removals"][0]["why"]) == (1, "asked for")
    assert run_slugline("retention", "preview", home=own_home).status == 2, "nothing is set"
    found = run_slugline("retention", "preview", "--articles", "20", "--json", home=own_home).json
    done = run_slugline(
        "retention", "apply", "--json", home=own_home, SLUGLINE_RETENTION_ARTICLES="20"
    ).json
    assert done["removed"] == found["due"] > 100
    total = run_slugline("search", "--json", home=own_home).json["total"]
    assert total == found["articles"] - found["due"]
    assert run_slugline("doctor", home=own_home).status == 0
    assert run_slugline("articles", "allow", hit["id"], home=own_home).status == 0
