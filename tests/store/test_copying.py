"""A store is copied from one database to another, either way, and is the same there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.errors import UsageError
from store.copying import content, copy_store
from store.database import Database
from store.schema import metadata
from store.store import Store
from tests.conftest import Done, run_slugline
from tests.postgresql.databases import database, needs_postgresql


def exported(home: Path, out: Path, **settings: str) -> list[object]:
    done = run_slugline("export", out, "--format", "jsonl", home=home, **settings)
    assert done.status == 0, done.err
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def copied(from_: object, to: object) -> Done:
    done = run_slugline("store", "copy", str(from_), str(to), "--json")
    assert done.status == 0, done.err
    return done


def test_a_copy_is_the_same_in_every_table(demo_home: Path, tmp_path: Path) -> None:
    there, copy = demo_home / "store.sqlite", tmp_path / "copy.sqlite"
    told = copied(there, copy).json
    assert told["tables"]["articles"] > 100
    assert set(told["tables"]) == set(metadata.tables)
    first, second = Database(f"sqlite:///{there}"), Database(f"sqlite:///{copy}")
    with first.reading() as one, second.reading() as other:
        for table in metadata.sorted_tables:
            assert content(one, table) == content(other, table), table.name
    first.close()
    second.close()
    with Store.at(copy) as store:
        assert store.faults() == []


def test_only_an_empty_store_is_copied_to(demo_home: Path, tmp_path: Path) -> None:
    there = demo_home / "store.sqlite"
    with Store.at(tmp_path / "full.sqlite") as full:
        full.users.signing_key()  # of the store itself; no content
    copied(there, tmp_path / "full.sqlite")
    again = run_slugline("store", "copy", str(there), str(tmp_path / "full.sqlite"))
    assert again.status == 2
    assert "not empty" in again.err
    assert run_slugline("store", "copy", str(there), str(there)).status == 2
    assert run_slugline("store", "copy", str(tmp_path / "none"), str(tmp_path / "x")).status == 2
    assert not (tmp_path / "none").exists()


def test_a_copy_that_differs_is_undone(demo_home: Path, tmp_path: Path) -> None:
    first = Database(f"sqlite:///{demo_home / 'store.sqlite'}")
    second = Database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    with pytest.raises(UsageError, match="not empty"):
        copy_store(first, first)
    with second.reading() as other:
        assert content(other, metadata.tables["articles"]).rows == 0
    first.close()
    second.close()


@needs_postgresql
def test_it_goes_to_postgresql_and_back(demo_home: Path, tmp_path: Path) -> None:
    with database() as url:
        copied(demo_home / "store.sqlite", url)
        before = exported(demo_home, tmp_path / "before.jsonl")
        moved = {"SLUGLINE_STORE_URL": url}
        home = tmp_path / "moved"
        assert run_slugline("index", home=home, **moved).status == 0
        assert exported(home, tmp_path / "there.jsonl", **moved) == before
        assert run_slugline("doctor", home=home, **moved).status == 0
        copied(url, tmp_path / "back.sqlite")
    back = tmp_path / "back"
    back.mkdir()
    (tmp_path / "back.sqlite").rename(back / "store.sqlite")
    assert run_slugline("index", home=back).status == 0
    assert exported(back, tmp_path / "back.jsonl") == before


@needs_postgresql
def test_the_main_job_gives_the_same_on_postgresql(demo_home: Path, tmp_path: Path) -> None:
    with database() as url:
        settings = {"SLUGLINE_STORE_URL": url}
        done = run_slugline("demo", "--no-serve", "--json", home=tmp_path / "home", **settings)
        assert done.status == 0, done.err
        there = exported(tmp_path / "home", tmp_path / "there.jsonl", **settings)
    here = exported(demo_home, tmp_path / "here.jsonl")
    for one in (*here, *there):
        assert isinstance(one, dict)
        one.pop("fetched", None)  # when each was read
        one.pop("cluster", None)
        for version in one["versions"]:
            version.pop("seen")
    assert there == here
