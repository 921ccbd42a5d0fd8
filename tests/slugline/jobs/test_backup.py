"""A home goes into one file and comes back whole; what is no backup leaves nothing behind."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import SourceError, StoreError, UsageError
from models.feed import Feed
from slugline.jobs.backup import LABEL, read_backup, write_backup
from store.store import Store
from tests.conftest import make_entry, run_slugline

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def filled(home: Path) -> Store:
    store = Store.at(home / "store.sqlite")
    feed = Feed("https://harbourpost.example/rss")
    store.articles.put([make_entry(number) for number in range(3)], feed, NOW)
    return store


def test_a_backup_brings_back_articles_models_and_settings(tmp_path: Path) -> None:
    home, back = tmp_path / "home", tmp_path / "back"
    with filled(home) as store:
        (home / "topic-model").mkdir()
        (home / "topic-model" / "model.json").write_text("{}")
        (home / "slugline.toml").write_text("[web]\nport = 8111\n")
        (home / "index").mkdir()
        (home / "index" / "segment").write_text("made again")
        label = write_backup(store, home, tmp_path / "b.zip")
        ids = set(store.articles.ids())
    assert label.articles == 3
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    assert read_backup(tmp_path / "b.zip", back).label == label
    kept = [path for path in back.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}
    with Store.at(back / "store.sqlite") as store:
        assert set(store.articles.ids()) == ids
    assert (back / "topic-model" / "model.json").read_text() == "{}"
    assert (back / "slugline.toml").read_text() == "[web]\nport = 8111\n"
    assert not (back / "index").exists()


def test_a_backup_is_taken_while_someone_writes(tmp_path: Path) -> None:
    with filled(tmp_path) as store, store._database.writing():
        assert write_backup(store, tmp_path, tmp_path / "b.zip").articles == 3


def test_neither_a_file_nor_a_store_is_ever_replaced(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        write_backup(store, tmp_path, tmp_path / "b.zip")
        with pytest.raises(UsageError, match="already exists"):
            write_backup(store, tmp_path, tmp_path / "b.zip")
    with pytest.raises(UsageError, match="already has a store"):
        read_backup(tmp_path / "b.zip", tmp_path)


def test_what_is_not_a_backup_is_named_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "an archive, but of something else")
    with zipfile.ZipFile(tmp_path / "nostore.zip", "w") as archive:
        archive.writestr(LABEL, json.dumps({"slugline": "1", "made": "", "articles": 0}))
        archive.writestr("store.sqlite", b"no database" * 100)
    for name in ("missing.zip", "text.zip", "other.zip"):
        with pytest.raises(SourceError, match=name):
            read_backup(tmp_path / name, tmp_path / "home")
    with pytest.raises(StoreError):
        read_backup(tmp_path / "nostore.zip", tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_damaged_backup_is_not_believed(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        write_backup(store, tmp_path, tmp_path / "b.zip")
    data = bytearray((tmp_path / "b.zip").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8] = bytes(byte ^ 0xFF for byte in data[middle : middle + 8])
    (tmp_path / "b.zip").write_bytes(data)
    with pytest.raises(SourceError, match="can't be read as a backup"):
        read_backup(tmp_path / "b.zip", tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_members_that_no_backup_has_stay_where_they_are(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        write_backup(store, tmp_path, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as archive:
        for name in ("../outside", "topic-model/../../outside", "/etc/outside", "index/segment"):
            archive.writestr(name, "x")
    read_backup(tmp_path / "b.zip", tmp_path / "deep" / "home")
    assert [path.name for path in (tmp_path / "deep" / "home").iterdir()] == ["store.sqlite"]
    assert not list(tmp_path.rglob("outside"))


def test_a_restored_home_can_be_searched_at_once(tmp_path: Path) -> None:
    with filled(tmp_path / "home"):
        pass
    file, back = tmp_path / "b.zip", tmp_path / "back"
    assert run_slugline("backup", file, "--json", home=tmp_path / "home").json["articles"] == 3
    restored = run_slugline("restore", file, "--json", home=back).json
    assert restored["articles"] == restored["index"]["documents"] == 3
    assert run_slugline("search", "oslo", "--json", home=back).json["total"] == 3


@pytest.mark.parametrize("place", ["-", "/dev/null"])
def test_a_backup_goes_to_a_file_only(tmp_path: Path, place: str) -> None:
    Store.at(tmp_path / "home" / "slugline.sqlite").close()
    done = run_slugline("backup", place, home=tmp_path / "home")
    assert (done.status, "is not a file" in done.err) == (2, True)
    assert Path("/dev/null").is_char_device()
    assert not Path("-").exists()
