"""A stranger's backup fills no disk, names no other place, and leaves no half home."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import SluglineError, SourceError, StoreError
from slugline.jobs.backup import (
    LABEL,
    SET_ASIDE,
    keep_newest,
    new_name,
    read_backup,
    write_backup,
)
from slugline.jobs.unpacking import MOST_FILES
from store.store import Store
from tests.conftest import run_slugline

SAYS = json.dumps({"slugline": "1", "made": "", "articles": 0})


@pytest.fixture
def store_bytes(tmp_path: Path) -> bytes:
    path = tmp_path / "made" / "store.sqlite"
    with Store.at(path):
        pass
    return path.read_bytes()


def packed(place: Path, **files: bytes | str) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LABEL, SAYS)
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return place


def refused(place: Path, tmp_path: Path, words: str) -> None:
    home = tmp_path / "home"
    with pytest.raises(SluglineError, match=words):
        read_backup(place, home)
    assert not home.exists()


def test_a_file_that_becomes_a_thousand_times_its_size_is_refused(tmp_path: Path) -> None:
    place = packed(tmp_path / "b.zip", store_DOT_sqlite=bytes(50_000_000))
    assert place.stat().st_size < 100_000
    refused(place, tmp_path, "as no backup does")


def test_a_model_or_settings_file_of_any_size_is_refused(
    tmp_path: Path, store_bytes: bytes
) -> None:
    place = packed(
        tmp_path / "b.zip", store_DOT_sqlite=store_bytes, slugline_DOT_toml="#" * 2_000_000
    )
    refused(place, tmp_path, "are the most")


def test_more_files_than_a_backup_has_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for number in range(MOST_FILES + 1):
            archive.writestr(f"topic-model/{number}", "")
    refused(tmp_path / "b.zip", tmp_path, "lists 201 files")


def test_a_label_of_any_size_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LABEL, " " * 50_000_000)
    refused(tmp_path / "b.zip", tmp_path, "is not a Slugline backup")


def test_two_files_of_one_name_are_refused(tmp_path: Path, store_bytes: bytes) -> None:
    place = packed(tmp_path / "b.zip", store_DOT_sqlite=store_bytes)
    with (
        zipfile.ZipFile(place, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("store.sqlite", store_bytes)
    refused(place, tmp_path, "two files of one name")


def test_a_store_with_triggers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "made" / "store.sqlite"
    with Store.at(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON feeds BEGIN DELETE FROM articles; END")
    connection.close()
    place = packed(tmp_path / "b.zip", store_DOT_sqlite=path.read_bytes())
    with pytest.raises(StoreError, match="trigger"):
        read_backup(place, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_every_damage_to_a_backup_is_noticed_or_harmless(
    tmp_path: Path, store_bytes: bytes
) -> None:
    sound = packed(tmp_path / "b.zip", store_DOT_sqlite=store_bytes).read_bytes()
    for step in range(0, len(sound), max(1, len(sound) // 60)):
        for data in (sound[:step], sound[:step] + b"\xff" * 7 + sound[step + 7 :]):
            place, home = tmp_path / "damaged.zip", tmp_path / f"home-{step}-{len(data)}"
            place.write_bytes(data)
            try:
                read_backup(place, home)
            except SluglineError:
                assert not home.exists()
            else:
                assert (home / "store.sqlite").read_bytes()[:16] == store_bytes[:16]


@pytest.mark.parametrize(
    "settings",
    [
        '[store]\nurl = "sqlite:////tmp/elsewhere.sqlite"',
        '[search]\nengine = "opensearch"\n[opensearch]\nurl = "http://stranger.example"',
        '[nlp]\ntopic_model = "/etc"',
        '[web]\nhost = "0.0.0.0"\naccess = "public"',
        "[fetch]\nallow_private = true",
        "[web]\nport = 99999999",
        "not toml",
    ],
)
def test_settings_that_lead_out_of_the_home_are_set_aside(
    tmp_path: Path, store_bytes: bytes, settings: str
) -> None:
    place = packed(tmp_path / "b.zip", store_DOT_sqlite=store_bytes, slugline_DOT_toml=settings)
    home = tmp_path / "home"
    done = run_slugline("restore", place, home=home)
    assert done.status == 0, done.err
    assert "not in force" in done.err
    assert "name that file slugline.toml" in done.err
    assert "could be read by others" not in done.err
    assert not (home / "slugline.toml").exists()
    assert (home / SET_ASIDE).read_text() == settings
    assert not Path("/tmp/elsewhere.sqlite").exists()  # noqa: S108 - must not be made


def test_settings_of_ones_own_are_taken_where_asked_for(tmp_path: Path, store_bytes: bytes) -> None:
    text = '[web]\nhost = "0.0.0.0"\n'
    place = packed(tmp_path / "b.zip", store_DOT_sqlite=store_bytes, slugline_DOT_toml=text)
    done = run_slugline("restore", place, "--take-settings", home=tmp_path / "home")
    assert done.status == 0, done.err
    assert (tmp_path / "home" / "slugline.toml").read_text() == text


def test_a_directory_keeps_the_newest_backups_and_nothing_else_is_removed(
    tmp_path: Path, store_bytes: bytes
) -> None:
    home, folder = tmp_path / "made", tmp_path / "backups"
    folder.mkdir()
    (folder / "mine.zip").write_text("not ours")
    now = datetime(2025, 6, 1, tzinfo=UTC)
    for day in range(4):
        (folder / new_name(now + timedelta(days=day))).write_text("older")
    done = run_slugline("backup", folder, "--keep", "2", "--json", home=home)
    assert done.status == 0, done.err
    assert len(done.json["removed"]) == 3
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["mine.zip", new_name(now + timedelta(days=3)), Path(done.json["file"]).name]
    assert run_slugline("restore", done.json["file"], home=tmp_path / "home").status == 0
    assert keep_newest(folder, 5) == []


def test_a_killed_backup_is_swept_by_the_next(tmp_path: Path, store_bytes: bytes) -> None:
    folder = tmp_path / "backups"
    (folder / ".slugline-export-left").mkdir(parents=True)
    with Store.at(tmp_path / "made" / "store.sqlite") as store:
        write_backup(store, tmp_path / "made", folder / "b.zip")
    assert [path.name for path in folder.iterdir()] == ["b.zip"]


def test_a_path_that_is_not_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        read_backup(tmp_path / "none.zip", tmp_path / "home")
    with pytest.raises(SourceError):
        read_backup(tmp_path, tmp_path / "home")
