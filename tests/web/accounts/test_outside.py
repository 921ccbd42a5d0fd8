"""Users whom others vouch for: a real OpenID provider, and a proxy at a named address."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.accounts import Role
from models.errors import UsageError
from tests.web.accounts_of import add_user, form_token
from tests.web.sample_site import Site, open_site
from web.accounts.outside import IdentityProvider, OidcProvider, claimed_name
from web.context import WebSettings
from web.server.peer import PEER

HEADER = "Remote-User"
PROXY = IdentityProvider(header=HEADER, addresses=frozenset({"127.0.0.1"}))


def answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Run an OpenID provider of its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "oidc_provider_mock",
            "--port",
            str(port),
            "--require-nonce",
            "true",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 60
        while not answers(f"{issuer}/.well-known/openid-configuration"):
            assert time.monotonic() < end, "the provider does not start"
            time.sleep(0.1)
        yield issuer
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def settings(provider: str) -> WebSettings:
    oidc = OidcProvider(provider, "slugline", "a secret", claim="sub", label="The Institute")
    return WebSettings(outside=IdentityProvider(oidc=oidc))


@pytest.fixture
def site(tmp_path: Path, settings: WebSettings) -> Iterator[Site]:
    with open_site(tmp_path, settings) as opened:
        add_user(opened.store, "ada", Role.EDITOR)
        yield opened


def to_provider(client: FlaskClient, wanted: str = "/topics") -> str:
    """Leave for the provider; return its address."""
    answer = client.get("/sign-in/oidc", query_string={"next": wanted})
    assert answer.status_code == 302, answer.text
    return answer.location


def approve(address: str, name: str) -> str:
    """Sign in at the provider as a browser does; return where it sends the browser back to."""
    answer = httpx.post(address, data={"sub": name})
    assert answer.status_code in {302, 303}, answer.text
    place = urlsplit(answer.headers["Location"])
    return f"{place.path}?{place.query}"


def come_back(client: FlaskClient, name: str, wanted: str = "/topics") -> TestResponse:
    return client.get(approve(to_provider(client, wanted), name))


def test_a_user_signs_in_with_a_provider_and_goes_on(site: Site) -> None:
    assert site.client.get("/topics").status_code == 303
    assert "The Institute" in site.text("/sign-in?next=/topics")
    answer = come_back(site.client, "ada")
    assert (answer.status_code, answer.location) == (303, "/topics")
    assert "ada" in site.text("/topics")
    assert site.client.get("/changes").status_code == 200, "with the role here"


def test_who_was_not_added_is_refused_or_gets_the_role_of_the_settings(
    tmp_path: Path, settings: WebSettings
) -> None:
    with open_site(tmp_path / "a", settings) as site:
        add_user(site.store, "ada", Role.ADMIN)
        answer = come_back(site.client, "eve")
        assert answer.status_code == 403
        assert "eve is not a user here" in answer.text
        assert site.client.get("/topics").status_code == 303
    fresh = replace(settings, outside=replace(settings.outside, new_users=Role.READER))
    with open_site(tmp_path / "b", fresh) as site:
        add_user(site.store, "ada", Role.ADMIN)
        assert come_back(site.client, "eve").status_code == 303
        assert site.store.users.get("eve").role is Role.READER
        assert site.store.journal.entries(1)[0].who.startswith("http://127.0.0.1")


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(site: Site) -> None:
    other = site.client.application.test_client()
    stolen = approve(to_provider(other), "ada")
    assert site.client.get(stolen).status_code == 403
    for query in ("", "?error=access_denied&state=x", "?code=x&state=y"):
        assert site.client.get(f"/sign-in/oidc/back{query}").status_code == 403
    assert site.client.get("/topics").status_code == 303
    used = approve(to_provider(site.client), "ada")
    assert site.client.get(used).status_code == 303
    fresh = site.client.application.test_client()
    assert fresh.get(used).status_code == 403, "a code signs in once"


def test_nobody_reads_before_the_first_user_has_come(tmp_path: Path, settings: WebSettings) -> None:
    fresh = replace(settings, outside=replace(settings.outside, new_users=Role.READER))
    with open_site(tmp_path, fresh) as site:
        assert site.client.get("/topics").status_code == 303
        assert come_back(site.client, "eve").status_code == 303
        assert site.client.get("/topics").status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example"])
def test_it_leads_to_no_other_site(site: Site, wanted: str) -> None:
    assert come_back(site.client, "ada", wanted).location == "/"


def test_a_provider_that_is_not_there_is_reported_and_passwords_still_work(tmp_path: Path) -> None:
    oidc = OidcProvider("http://127.0.0.1:9", "slugline", "x")
    with open_site(tmp_path, WebSettings(outside=IdentityProvider(oidc=oidc))) as site:
        add_user(site.store, "ada", Role.READER)
        answer = site.client.get("/sign-in/oidc")
        assert answer.status_code == 503
        assert "does not answer" in answer.text
        assert form_token(site.client, "/sign-in")


def test_a_mail_address_names_a_user_only_where_it_is_verified() -> None:
    mail: dict[str, object] = {"email": "ada@house.example", "email_verified": True}
    assert claimed_name(mail, "email") == "ada@house.example"
    wrong: tuple[dict[str, object], ...] = (
        {**mail, "email_verified": False},
        {"email": "a@b.example"},
        {"email": 3},
        {},
    )
    for claims in wrong:
        with pytest.raises(UsageError):
            claimed_name(claims, "email")


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path, WebSettings(outside=PROXY)) as opened:
        add_user(opened.store, "ada", Role.EDITOR)
        yield opened


def ask(site: Site, name: str, address: str = "127.0.0.1", path: str = "/topics") -> TestResponse:
    return site.client.get(path, headers={HEADER: name}, environ_base={"REMOTE_ADDR": address})


def test_a_proxy_at_a_named_address_says_who_is_asking(proxied: Site) -> None:
    assert ask(proxied, "Ada", path="/changes").status_code == 200
    assert ask(proxied, "").status_code == 303
    assert ask(proxied, "eve").status_code == 403
    assert ask(proxied, "no such name!").status_code == 403


def test_nobody_else_says_it(proxied: Site) -> None:
    for address in ("127.0.0.2", "10.0.0.1", "::1"):
        assert ask(proxied, "ada", address).status_code == 303
    before = PEER.set("10.0.0.1")
    answer = ask(proxied, "ada")
    PEER.reset(before)
    assert answer.status_code == 303, "what a proxy forwarded is not the proxy"


def test_a_form_needs_its_token_behind_a_proxy_too(proxied: Site) -> None:
    answer = proxied.client.post(
        "/saved",
        data={"name": "x"},
        headers={HEADER: "ada"},
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
    )
    assert answer.status_code == 400
    assert proxied.store.saved.all() == ()


def test_new_users_by_a_proxy_get_the_role_of_the_settings(tmp_path: Path) -> None:
    with open_site(tmp_path, WebSettings(outside=replace(PROXY, new_users=Role.READER))) as site:
        add_user(site.store, "ada", Role.ADMIN)
        assert ask(site, "eve").status_code == 200
        assert site.store.users.get("eve").role is Role.READER
        assert site.store.users.get("eve").added <= datetime.now(UTC)
