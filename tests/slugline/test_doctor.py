"""`doctor` names what is not well with any part of a home, and what mends it does mend it."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.feed import Feed
from slugline.doctor import data, places
from slugline.settings import Settings
from store.store import Store
from tests.conftest import run_slugline
from tests.robust.disks import can_mount, small_disk

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
SUBJECTS = (
    *("settings", "home", "disk", "leftovers", "topic model", "cluster model"),
    *("store", "index", "feeds", "clock"),
)


def findings(home: Path, status: int = 0) -> dict[str, dict[str, Any]]:
    done = run_slugline("doctor", "--json", home=home)
    assert done.status == status, done.out + done.err
    assert done.json["well"] == (status == 0), done.out
    return {each["subject"]: each for each in done.json["findings"]}


def test_a_home_that_is_well_has_every_part_looked_at(own_home: Path) -> None:
    found = findings(own_home)
    assert set(SUBJECTS) <= set(found)
    assert all(each["well"] for each in found.values())


@pytest.mark.parametrize("demo_home", ["sqlite"], indirect=True)  # it writes all settings
def test_settings_that_cannot_be_read_are_a_finding(own_home: Path) -> None:
    (own_home / "slugline.toml").write_text("[web]\nport = 'many'\n", encoding="utf-8")
    found = findings(own_home, status=2)
    assert list(found) == ["settings"]
    assert "web.port" in found["settings"]["state"]
    (own_home / "slugline.toml").write_text("[web]\nport = 8123\n", encoding="utf-8")
    (own_home / "slugline.toml").chmod(0o644)
    assert "chmod 600" in findings(own_home)["settings"]["cure"]
    assert findings(own_home)["settings"]["cure"] == "", "opening the store has closed it"


def test_groups_of_sources_that_keep_serve_from_starting_are_a_finding(own_home: Path) -> None:
    assert "coverage" not in findings(own_home)
    groups = own_home / "coverage.toml"
    groups.write_text('[groups.public]\nname = "Public"\nkind = "owner"\nsources = ["BBC"]\n')
    assert findings(own_home)["coverage"]["state"].endswith("coverage.toml: 1 group")
    groups.write_text("groups = [")
    found = findings(own_home, status=1)["coverage"]
    assert not found["well"]
    assert str(groups) in found["state"]


def test_a_home_that_others_can_read_is_reported_and_closed(own_home: Path) -> None:
    own_home.chmod(0o755)
    assert "can be read by other users" in findings(own_home)["home"]["state"]
    assert "yours alone" in findings(own_home)["home"]["state"]


def test_a_home_of_another_user_is_reported(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: own_home.stat().st_uid + 7)
    found = places.home(Settings(own_home))
    assert not found.well
    assert "chown" in found.cure


@pytest.mark.mount
@pytest.mark.skipif(not can_mount(), reason="the right to mount is missing: no disk of its own")
def test_a_disk_with_hardly_any_room_is_reported(tmp_path: Path) -> None:
    with small_disk(tmp_path, 2_000):
        found = places.disk(Settings(tmp_path / "home"))
    assert not found.well
    assert "Free some space" in found.cure


def test_what_killed_commands_left_is_named_and_the_next_one_removes_it(own_home: Path) -> None:
    left = own_home / ".slugline-export-abcd"
    left.mkdir()
    (left / "all.jsonl").write_text("{", encoding="utf-8")
    (own_home / "topic-model.new").mkdir()
    told = findings(own_home)["leftovers"]
    assert str(left) in told["state"]
    assert "topic-model.new" in told["state"]
    assert run_slugline("export", own_home / "all.jsonl", home=own_home).status == 0
    (own_home / "topic-model.new").rmdir()
    assert findings(own_home)["leftovers"]["state"] == "none"


@pytest.mark.parametrize("demo_home", ["sqlite"], indirect=True)  # it damages the file
def test_a_store_that_is_not_sound_is_named(own_home: Path) -> None:
    with sqlite3.connect(own_home / "store.sqlite") as connection:
        connection.execute("DROP TABLE story_terms")
    connection.close()
    found = findings(own_home, status=1)["store"]
    assert str(own_home / "store.sqlite") in found["state"]
    assert "slugline restore" in found["cure"]


def test_models_that_cannot_be_read_are_named(own_home: Path) -> None:
    for name in ("topic-model", "cluster-model"):
        (own_home / name).mkdir(exist_ok=True)
        for path in (own_home / name).iterdir():
            path.write_bytes(b"damaged")
        (own_home / name / "model.json").write_text("{", encoding="utf-8")
    found = findings(own_home, status=1)
    assert not found["topic model"]["well"]
    assert not found["cluster model"]["well"]
    assert "slugline topics fit" in found["topic model"]["state"]


def test_feeds_that_all_fail_are_reported_and_single_ones_too(store: Store) -> None:
    store.feeds.subscribe([Feed(f"https://paper{n}.example/rss") for n in range(3)])
    assert data.feeds(store, NOW).state == "3 followed, 0 failing, 0 unusual"
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE feeds SET error = 'no answer' WHERE number = 1")
    one = data.feeds(store, NOW)
    assert one.well
    assert "--failing" in one.cure
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE feeds SET error = 'no answer'")
    assert not data.feeds(store, NOW).well


def test_a_clock_that_was_moved_back_is_reported(store: Store) -> None:
    store.feeds.subscribe([Feed("https://harbourpost.example/rss")])
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE feeds SET checked = '2026-01-02 03:30:00'")
    assert data.clock(store, NOW).well
    told = data.clock(store, NOW - timedelta(days=2))
    assert not told.well
    assert "2026-01-02 03:30" in told.state
