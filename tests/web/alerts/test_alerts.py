"""Alerts in the browser and the API: one's own, checked, and never a way for others."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.accounts import Role
from models.errors import UsageError
from store.people import alerts
from tests.conftest import run_slugline
from tests.web.accounts_of import add_token, form_token, private_site, send, sign_in
from tests.web.sample_site import Site
from web.alerts.names import NameList, read_names

HOOK = "https://hooks.example.org/news"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A private library, its client signed in as ada, and a saved search of hers."""
    with private_site(tmp_path) as opened:
        opened.store.saved.add(
            "ada", "Dams", "q=dam", shared=False, who="ada", now=datetime.now(UTC)
        )
        yield opened


def add(site: Site, **fields: str) -> int:
    asked = {"watches": "search", "saved": "1", "channel": "webhook", "target": HOOK}
    answer = send(site.client, "/alerts", "/alerts", **asked | {"pace": "at_once"} | fields)
    return answer.status_code


def test_a_saved_search_offers_an_alert_and_the_page_lists_it(site: Site) -> None:
    assert "/alerts?saved=1#add" in site.text("/saved")
    assert '<option value="1" selected>Dams' in site.text("/alerts?saved=1")
    assert add(site) == 303
    page = site.text("/alerts")
    assert HOOK in page
    assert "whsec_" in page
    (alert,) = site.store.alerts.of_user("ada")
    assert (alert.name, alert.question) == ("Dams", "q=dam")


def test_an_alert_is_tested_paused_resumed_and_removed(site: Site) -> None:
    add(site)
    send(site.client, "/alerts", "/alerts/1/test")
    assert "test waits to be sent" in site.text("/alerts")
    send(site.client, "/alerts", "/alerts/1/pause")
    assert "paused" in site.text("/alerts")
    send(site.client, "/alerts", "/alerts/1/pause", resume="yes")
    assert not site.store.alerts.get(1).paused
    send(site.client, "/alerts", "/alerts/1/remove")
    assert site.store.alerts.all() == ()
    kinds = [entry.kind for entry in site.store.journal.entries(4)]
    assert kinds == ["alert-removed", "alert-paused", "alert-paused", "alert-added"]


@pytest.mark.parametrize(
    "fields",
    [
        {"target": "ftp://hooks.example.org/"},
        {"target": "https://ada:secret@hooks.example.org/"},
        {"target": "https://[::1%25eth0]/"},
        {"target": "nowhere"},
        {"target": ""},
        {"target": "https://" + "x" * 2400},
        {"channel": "mail", "target": "ada@example.org\nBcc: bea@example.org"},
        {"channel": "mail", "target": "ada@example.org, bea@example.org"},
        {"channel": "ntfy", "target": "https://ntfy.example.org/"},
        {"channel": "pigeon"},
        {"pace": "yearly"},
        {"watches": "names", "names": " \n "},
        {"name": "x" * 101},
    ],
)
def test_a_senseless_alert_is_refused(site: Site, fields: dict[str, str]) -> None:
    assert add(site, **fields) == 400
    assert site.store.alerts.all() == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"saved": "7"},
        {"saved": ""},
        {"watches": "story", "story": "no-such-story"},
        {"watches": "source", "source": "Nobody's Post"},
    ],
)
def test_what_is_not_there_cannot_be_watched(site: Site, fields: dict[str, str]) -> None:
    assert add(site, **fields) == 404


def test_others_neither_see_nor_touch_an_alert(site: Site) -> None:
    add(site)
    bea = site.client.application.test_client()
    sign_in(bea, "bea")
    assert HOOK not in bea.get("/alerts").text
    token = form_token(bea, "/account")
    for act in ("remove", "pause", "test"):
        answer = bea.post(f"/alerts/1/{act}", data={"csrf_token": token})
        assert answer.status_code == 404
    fields = {"watches": "search", "saved": "1", "channel": "webhook", "target": HOOK}
    asked = {"csrf_token": token, **fields, "pace": "at_once"}
    assert bea.post("/alerts", data=asked).status_code == 404, "a search that is not hers"
    rob = site.client.application.test_client()
    sign_in(rob, "rob")
    assert "Add an alert" not in rob.get("/alerts").text
    asked["csrf_token"] = form_token(rob, "/account")
    assert rob.post("/alerts", data=asked).status_code == 403
    assert site.client.post("/alerts", data=fields).status_code == 400, "a form without its token"


def test_a_list_of_names_comes_as_a_file_or_as_lines(site: Site) -> None:
    assert add(site, watches="names", names="Radomir Kask\nMira Orlova\n") == 303
    file = io.BytesIO('name,born\r\n"Kask, Radomir",1970\r\nŁukasz,1980\r\n'.encode())
    asked = {
        "csrf_token": form_token(site.client, "/alerts"),
        "watches": "names",
        "channel": "mail",
        "target": "ada@example.org",
        "pace": "daily",
        "file": (file, "names.csv"),
    }
    assert site.client.post("/alerts", data=asked).status_code == 303
    first, second = site.store.alerts.of_user("ada")
    assert first.names == 2
    assert sorted(site.store.alerts.names(second.number)) == ["Kask, Radomir", "Łukasz"]
    assert second.next_send


def test_a_million_names_are_read_up_to_the_limit_that_is_said(site: Site, tmp_path: Path) -> None:
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for number in range(1_000_000):
            read += 1
            yield f"Name {number}\n"

    path = tmp_path / "names.csv"
    path.write_text("".join(f"Name {n}\n" for n in range(150_000)), encoding="utf-8")
    home = tmp_path / "home"
    run_slugline("users", "add", "ada", "--no-password", home=home)
    asked = ("alerts", "add", "ada", "--names", path, "--mail", "ada@example.org")
    done = run_slugline(*asked, home=home)
    assert done.status == 2
    assert "at most 100,000 names" in done.err
    assert run_slugline("alerts", "list", "--json", home=home).json["alerts"] == []
    names = NameList(line for _, line in zip(range(10), read_names(lines()), strict=False))
    assert names.found_in(["this is NAME 7!"]) == ["Name 7"]
    assert read < 20, "read as it is used"


@pytest.mark.parametrize("rows", [["x" * 20_000], ['"', *["x" * 9_000 + "\n"] * 20]])
def test_a_row_without_an_end_is_refused(rows: list[str]) -> None:
    with pytest.raises(UsageError):
        list(read_names(rows))


def test_nobody_adds_alerts_without_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "MOST", 1)
    assert add(site) == 303
    assert add(site) == 400


def test_names_with_every_trick_stay_text(site: Site) -> None:
    trick = "\"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }}'"
    assert add(site, name=trick) == 303
    page = site.text("/alerts")
    assert "<img" not in page
    assert "<script>alert" not in page
    assert site.store.alerts.get(1).name == trick


def test_the_api_adds_changes_and_removes(site: Site) -> None:
    client = site.client.application.test_client()
    headers = {"Authorization": f"Bearer {add_token(site.store, 'ada', Role.EDITOR)}"}
    asked = {"watches": "names", "names": ['Kask "Radko" Radomir'], "channel": "webhook"}
    made: Any = client.post("/api/v1/alerts", json=asked | {"target": HOOK}, headers=headers).json
    assert made["names"] == 1
    assert made["secret"].startswith("whsec_")
    assert site.store.alerts.names(1) == ['Kask "Radko" Radomir']
    listed: Any = client.get("/api/v1/alerts", headers=headers).json
    assert listed == {"total": 1, "items": [made]}
    address = f"/api/v1/alerts/{made['number']}"
    tested: Any = client.post(f"{address}/test", headers=headers).json
    assert (tested["state"], tested["test"]) == ("waiting", True)
    paused: Any = client.patch(address, json={"paused": True}, headers=headers).json
    assert paused["paused"] is True
    assert paused["deliveries"] == [tested]
    bea = {"Authorization": f"Bearer {add_token(site.store, 'bea', Role.EDITOR)}"}
    assert client.delete(address, headers=bea).status_code == 404
    assert client.delete(address, headers=headers).status_code == 200
    small = {"Authorization": f"Bearer {add_token(site.store, 'ada', Role.READER)}"}
    assert client.post("/api/v1/alerts", json=asked, headers=small).status_code == 403


def test_the_command_line_adds_lists_tests_and_removes(tmp_path: Path) -> None:
    run_slugline("users", "add", "ada", "--no-password", home=tmp_path)
    run_slugline("saved", "add", "ada", "Fish", "fish", home=tmp_path)
    hook = "http://127.0.0.1:9/"
    add = ("alerts", "add", "ada", "--saved", "1", "--webhook", hook, "--json")
    made = run_slugline(*add, home=tmp_path)
    assert made.status == 0, made.err
    assert made.json["secret"].startswith("whsec_")
    (listed,) = run_slugline("alerts", "list", "--json", home=tmp_path).json["alerts"]
    assert (listed["name"], listed["pace"], listed["last"]) == ("Fish", "at_once", None)
    done = run_slugline("alerts", "test", "1", home=tmp_path)
    assert done.status == 1
    assert "127.0.0.1, which is not an address of the public network" in done.out
    assert run_slugline("alerts", "pause", "1", home=tmp_path).status == 0
    ran = run_slugline("alerts", "run", "--json", home=tmp_path)
    assert ran.json == {"sent": 0, "failed": 0, "waiting": 0}
    assert run_slugline("alerts", "remove", "1", home=tmp_path).status == 0
    assert run_slugline("alerts", "remove", "1", home=tmp_path).status == 1
    two = run_slugline(*add, "--mail", "ada@example.org", home=tmp_path)
    assert two.status == 2
    assert "one of --mail, --webhook, --ntfy" in two.err
