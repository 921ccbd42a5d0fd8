"""Admins manage users over the API, with the rules of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.accounts import Role
from tests.web.accounts_of import PASSWORD, add_token, add_user, sign_in
from tests.web.sample_site import RECALL, open_site

USERS = "/api/v1/users"


def test_users_are_added_changed_and_removed_by_admins_only(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        for role in Role:
            add_user(site.store, f"the-{role}", role)
        headers = {
            role: {"Authorization": f"Bearer {add_token(site.store, f'the-{role}', role)}"}
            for role in Role
        }
        ask = site.client
        admin = headers[Role.ADMIN]
        eve = {"name": "Eve", "role": "editor", "password": PASSWORD}
        assert ask.post(USERS, json=eve, headers=headers[Role.EDITOR]).status_code == 403
        assert ask.get(USERS, headers=headers[Role.READER]).status_code == 403
        added = ask.post(USERS, json=eve, headers=admin)
        assert (added.status_code, added.json["name"]) == (201, "eve")  # type: ignore[index]  # it answers JSON
        assert "password" not in added.text
        assert sign_in(site.client.application.test_client(), "eve").status_code == 303
        assert ask.post(USERS, json=eve, headers=admin).status_code == 400, "there already"
        short = {"name": "bob", "password": "short"}
        assert ask.post(USERS, json=short, headers=admin).status_code == 400
        changed: Any = ask.patch(f"{USERS}/eve", json={"role": "reader"}, headers=admin).json
        assert changed["role"] == "reader"
        listed: Any = ask.get(USERS, headers=admin).json
        assert [user["name"] for user in listed["items"]] == sorted(
            ["eve", *(f"the-{role}" for role in Role)]
        )
        assert ask.delete(f"{USERS}/eve", headers=admin).status_code == 200
        assert ask.delete(f"{USERS}/eve", headers=admin).status_code == 404
        only = ask.delete(f"{USERS}/the-admin", headers=admin)
        assert only.status_code == 400
        assert "only admin" in only.text


def test_corrections_are_listed_apart_from_other_changes(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        add_user(site.store, "ada", Role.EDITOR)
        change = site.store.corrections.topic(RECALL.id, "politics", fits=True, who="ada")
        headers = {"Authorization": f"Bearer {add_token(site.store, 'ada', Role.EDITOR)}"}
        listed: Any = site.client.get("/api/v1/corrections", headers=headers).json
        assert [each["number"] for each in listed["items"]] == [change.number]
        everything: Any = site.client.get("/api/v1/changes", headers=headers).json
        assert len(everything["items"]) > 1
