"""Who may see and change what, by cookie and by token, on private and public instances."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from models.accounts import Access, Role
from tests.web.accounts_of import PASSWORD, add_token, add_user, form_token, send, sign_in
from tests.web.sample_site import Site, open_site
from web.context import WebSettings

OPEN = {"/sign-in", "/preferences", "/healthz", "/readyz"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A private library with a user of each role."""
    with open_site(tmp_path) as opened:
        for role in Role:
            add_user(opened.store, f"the-{role}", role)
        yield opened


def anew(site: Site) -> FlaskClient:
    return site.client.application.test_client()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_without_users_everybody_reads_and_the_first_user_closes_it_at_once(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        assert site.client.get("/topics").status_code == 200
        assert "Sign in" not in site.text("/topics")
        add_user(site.store, "ada", Role.ADMIN)
        assert site.client.get("/topics").status_code == 303
        site.store.users.remove("ada", who="a test", now=datetime.now(UTC))
        assert site.client.get("/topics").status_code == 303, "removing users opens nothing"


def test_nothing_of_a_private_instance_is_seen_without_signing_in(site: Site) -> None:
    for rule in site.client.application.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        address = str(rule)
        for part in ("<int:number>", "<path:slug>", "<path:name>"):
            address = address.replace(part, "1")
        answer = site.client.get(address)
        if "<secret>" in address:
            assert answer.status_code == 404, "open to whoever knows the secret"
        elif address in OPEN:
            assert answer.status_code == 200, address
        elif address == "/preferences/set":
            assert answer.location == "/", "how pages are shown, which is no secret"
        elif address.startswith("/api/"):
            assert answer.status_code == 401, address
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        else:
            assert answer.status_code == 303, address
            assert answer.location.startswith("/sign-in"), address
    assert site.client.get("/no-such-page").status_code == 303


def test_signing_in_leads_to_what_was_asked_for_and_out_again(site: Site) -> None:
    wanted = site.client.get("/search?q=dam&page=1").location
    answer = send(site.client, wanted, wanted, name="The-Reader", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/search?q=dam&page=1")
    assert "the-reader" in site.text("/topics")
    assert send(site.client, "/account", "/sign-out").status_code == 303
    assert site.client.get("/topics").status_code == 303


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "x", "/\r\nX: y"]
)
def test_signing_in_leads_to_no_other_site(site: Site, elsewhere: str) -> None:
    token = form_token(site.client, "/sign-in")
    fields = {"csrf_token": token, "name": "the-reader", "password": PASSWORD, "next": elsewhere}
    assert site.client.post("/sign-in", data=fields).location == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    cookie = sign_in(site.client, "the-reader").headers["Set-Cookie"]
    assert cookie.startswith("slugline=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    by_tls = anew(site)
    page = by_tls.get("/sign-in", base_url="https://news.example")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-slugline=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_a_session_changes_its_secret_at_sign_in_and_is_hashed_in_the_store(site: Site) -> None:
    form_token(site.client, "/sign-in")
    with site.client.session_transaction() as before:
        assert "secret" not in before
        before["planted"] = "by a stranger"
    sign_in(site.client, "the-reader")
    with site.client.session_transaction() as after:
        assert "planted" not in after
        secret = str(after["secret"])
    stored = Path(str(site.store._database.engine.url.database)).read_bytes()
    assert secret.encode() not in stored
    assert PASSWORD.encode() not in stored


def test_a_form_without_its_token_changes_nothing(site: Site) -> None:
    sign_in(site.client, "the-admin")
    refused = site.client.post("/users/the-reader", data={"remove": "yes"})
    assert refused.status_code == 400
    foreign = form_token(anew(site), "/sign-in")
    refused = site.client.post("/users/the-reader", data={"remove": "yes", "csrf_token": foreign})
    assert refused.status_code == 400
    assert site.store.users.get("the-reader")
    assert send(site.client, "/users", "/users/the-reader", remove="yes").status_code == 303
    assert [user.name for user in site.store.users.all()] == ["the-admin", "the-editor"]


def test_a_removed_user_is_out_at_once(site: Site) -> None:
    sign_in(site.client, "the-reader")
    token = add_token(site.store, "the-reader", Role.READER)
    assert site.client.get("/topics").status_code == 200
    assert anew(site).get("/api/v1/topics", headers=bearer(token)).status_code == 200
    site.store.users.remove("the-reader", who="a test", now=datetime.now(UTC))
    assert site.client.get("/topics").status_code == 303
    assert anew(site).get("/api/v1/topics", headers=bearer(token)).status_code == 401


def test_another_password_ends_all_other_sessions(site: Site) -> None:
    elsewhere = anew(site)
    sign_in(elsewhere, "the-reader")
    sign_in(site.client, "the-reader")
    wrong = send(site.client, "/account", "/account/password", old="x", new="a new long one")
    assert wrong.status_code == 400
    changed = send(site.client, "/account", "/account/password", old=PASSWORD, new="a new long one")
    assert changed.status_code == 303
    assert site.client.get("/topics").status_code == 200
    assert elsewhere.get("/topics").status_code == 303
    assert sign_in(anew(site), "the-reader").status_code == 403
    assert sign_in(anew(site), "the-reader", "a new long one").status_code == 303


def test_a_token_is_shown_once_and_may_what_its_scope_says(site: Site) -> None:
    sign_in(site.client, "the-editor")
    refused = send(site.client, "/account", "/account/tokens", name="x", scope="none", days="1")
    assert refused.status_code == 400
    made = send(
        site.client, "/account", "/account/tokens", name="<b>bot</b>", scope="admin", days="30"
    )
    assert made.status_code == 201
    secret = made.text.split('id="secret">')[1].split("<")[0]
    again = site.text("/account")
    assert secret not in again
    assert "&lt;b&gt;bot" in again
    asked = anew(site).get("/api/v1/account", headers=bearer(secret))
    assert asked.json == {"name": "the-editor", "role": "editor"}, "never more than its user"
    number = site.store.users.tokens("the-editor")[0].number
    send(site.client, "/account", f"/account/tokens/{number}/remove")
    assert anew(site).get("/api/v1/account", headers=bearer(secret)).status_code == 401


def test_bad_and_old_tokens_are_refused_and_never_taken_for_nobody(site: Site) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=3)
    old = site.store.users.add_token(
        "the-reader", "old", Role.READER, 2, who="a test", now=long_ago
    )[1]
    for token in ("", "x", "slg_" + "a" * 43, "ä", old, "a" * 20_000):
        answer = anew(site).get("/api/v1/topics", headers=bearer(token.encode().decode("latin-1")))
        assert answer.status_code == 401, token
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
def test_only_admins_manage_users(site: Site, role: Role) -> None:
    sign_in(site.client, f"the-{role}")
    assert site.client.get("/users").status_code == 403
    answer = send(site.client, "/account", "/users", name="eve", password=PASSWORD, role="admin")
    assert answer.status_code == 403
    assert len(site.store.users.all()) == 3


def test_admins_add_users_and_the_only_admin_stays(site: Site) -> None:
    sign_in(site.client, "the-admin")
    taken = send(site.client, "/users", "/users", name="the-reader", password=PASSWORD, role="x")
    assert taken.status_code == 400
    too_short = {"name": "eve", "password": "short", "role": "reader"}
    assert "10 to 500" in send(site.client, "/users", "/users", **too_short).text
    send(site.client, "/users", "/users", name="Eve", password=PASSWORD, role="reader")
    assert site.store.users.get("eve").role is Role.READER
    refused = send(site.client, "/users", "/users/the-admin", role="reader")
    assert refused.status_code == 400
    assert "only admin" in refused.text
    who = [(entry.who, entry.kind) for entry in site.store.journal.entries(1)]
    assert who == [("the-admin", "user-added")]


def test_a_public_instance_is_read_by_all_and_changed_by_users(tmp_path: Path) -> None:
    with open_site(tmp_path, WebSettings(access=Access.PUBLIC)) as site:
        add_user(site.store, "ada", Role.ADMIN)
        assert "Sign in" in site.text("/topics")
        assert site.client.get("/api/v1/topics").status_code == 200
        assert site.client.get("/users").status_code == 303
        assert "Set-Cookie" not in site.client.get("/topics").headers


def test_whatever_changes_anything_says_who_may(site: Site) -> None:
    """And a view that does not say so is for admins only."""
    app = site.client.application
    for rule in app.url_map.iter_rules():
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            view = app.view_functions[rule.endpoint]
            said = ("needs", "open_to_all", "reads_only")
            assert any(hasattr(view, name) for name in said), rule


def test_a_rate_limit_holds_and_says_so(tmp_path: Path) -> None:
    with open_site(tmp_path, WebSettings(rate_limit="3 per minute")) as site:
        answers = [site.client.get("/api/v1/topics") for _ in range(4)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert answers[-1].mimetype == "application/problem+json"
        assert int(answers[-1].headers["Retry-After"]) <= 60


def test_a_body_too_large_is_refused(site: Site) -> None:
    sign_in(site.client, "the-admin")
    answer = site.client.post("/users", data={"name": "x" * 1_100_000})
    assert answer.status_code == 413
