"""Scripts of other sites ask the API only where settings name their site, and never by cookie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.accounts import Role
from models.errors import ConfigError
from tests.web.accounts_of import add_token, add_user
from tests.web.sample_site import Site, open_site
from web.context import WebSettings
from web.server.cors import read_origins

SITE = "https://tools.example.org"
PREFLIGHT = {"Origin": SITE, "Access-Control-Request-Method": "POST"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path, WebSettings(cors=(SITE,))) as opened:
        add_user(opened.store, "ada", Role.ADMIN)
        yield opened


def test_a_named_site_asks_with_a_token(site: Site) -> None:
    may = site.client.options("/api/v1/search", headers=PREFLIGHT)
    assert may.status_code == 204
    assert may.headers["Access-Control-Allow-Origin"] == SITE
    assert "Authorization" in may.headers["Access-Control-Allow-Headers"]
    token = add_token(site.store, "ada", Role.READER)
    headers = {"Origin": SITE, "Authorization": f"Bearer {token}"}
    answer = site.client.get("/api/v1/search?q=dam", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    refused = site.client.get("/api/v1/search?q=dam", headers={"Origin": SITE})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == SITE, "it may read why"


@pytest.mark.parametrize("origin", ["https://evil.example", f"{SITE}.evil.example", "null", ""])
def test_no_other_site_does(site: Site, origin: str) -> None:
    headers = {**PREFLIGHT, "Origin": origin}
    for answer in (
        site.client.options("/api/v1/search", headers=headers),
        site.client.get("/api/v1/search?q=dam", headers={"Origin": origin}),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert site.client.options("/api/v1/search", headers=headers).status_code == 401


def test_pages_are_for_no_other_site(site: Site) -> None:
    for path in ("/sign-in", "/search"):
        answer = site.client.get(path, headers={"Origin": SITE})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_site_does_by_default(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        answer = site.client.get("/api/v1/search?q=dam", headers={"Origin": SITE})
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_setting_takes_origins(tmp_path: Path) -> None:
    assert read_origins("") == ()
    assert read_origins(f" {SITE}, http://LOCALHOST:3000,") == (SITE, "http://localhost:3000")
    for wrong in ("tools.example.org", f"{SITE}/path", "https://*.example.org", "javascript:x"):
        with pytest.raises(ConfigError, match=r"web\.cors"):
            read_origins(wrong)
    with open_site(tmp_path, WebSettings(cors=read_origins("*"))) as site:
        answer = site.client.get("/api/v1/stats", headers={"Origin": "https://any.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
