"""A home is its owner's alone, whatever it was before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slugline.home import open_home
from slugline.settings import SETTINGS_FILE, STORE_FILE
from store.store import Store
from tests.conftest import run_slugline


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_home_is_closed_to_others_without_a_message(tmp_path: Path) -> None:
    home = tmp_path / "a" / "home"
    before = os.umask(0)
    try:
        assert open_home(home) == ""
        with Store.at(home / STORE_FILE) as store:
            store.statistics()
            assert {mode(path) & 0o077 for path in home.iterdir()} == {0}
    finally:
        os.umask(before)
    assert mode(home) == 0o700
    assert mode(home / STORE_FILE) == 0o600


def test_an_open_home_is_closed_and_that_is_reported_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / SETTINGS_FILE).write_text("", encoding="utf-8")
    first = run_slugline("stats", home=home)
    (home / STORE_FILE).chmod(0o644)
    home.chmod(0o755)
    second = run_slugline("stats", home=home)
    assert "could be read by others" in first.err
    assert STORE_FILE in second.err
    assert {mode(home / name) for name in (STORE_FILE, SETTINGS_FILE)} == {0o600}
    assert mode(home) == 0o700
    assert "others" not in run_slugline("stats", home=home).err


def test_a_link_in_place_of_a_file_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("", encoding="utf-8")
    outside.chmod(0o644)
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / STORE_FILE).symlink_to(outside)
    assert open_home(home) == ""
    assert mode(outside) == 0o644


def test_a_directory_of_other_things_stays_open_and_that_is_said_once(tmp_path: Path) -> None:
    other = tmp_path / "photos"
    other.mkdir(mode=0o755)
    (other / "harbour.jpg").write_bytes(b"")
    (other / "harbour.jpg").chmod(0o644)
    first = run_slugline("stats", home=other)
    assert first.status == 0
    assert "holds other files and nothing of Slugline" in first.err
    assert run_slugline("stats", home=other).err == ""
    assert (mode(other), mode(other / "harbour.jpg")) == (0o755, 0o644)
    assert mode(other / STORE_FILE) == 0o600


@pytest.mark.parametrize("name", [".profile", "lost+found", SETTINGS_FILE, "coverage.toml"])
def test_a_directory_with_what_a_new_home_may_have_is_closed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("", encoding="utf-8")
    tmp_path.chmod(0o755)
    assert "other files" not in open_home(tmp_path)
    assert mode(tmp_path) == 0o700


def test_an_empty_name_of_a_home_is_an_error_not_this_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_slugline("--home", "", "stats")
    assert done.status == 2
    assert "It is empty" in done.err
    assert list(tmp_path.iterdir()) == []
