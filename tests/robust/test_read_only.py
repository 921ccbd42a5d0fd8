"""A home on a disk that nobody may change can be read: searched, shown, exported, backed up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.registry import open_engine
from search.searcher import Searcher
from store.store import Store
from tests.conftest import run_slugline
from tests.robust.disks import read_only
from tests.web.sample_site import make_app
from web.context import Library


@pytest.fixture(scope="module")
def kept(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("kept") / "home"))
    with read_only(home):
        yield home


@pytest.mark.parametrize(
    "command",
    [
        ("search", "election"),
        ("stats",),
        ("doctor",),
        ("topics", "list"),
        ("entities", "list"),
        ("stories", "list"),
        ("trends",),
        ("index",),
    ],
    ids=" ".join,
)
def test_what_only_reads_works(kept: Path, command: tuple[str, ...]) -> None:
    done = run_slugline(*command, home=kept)
    assert done.status == 0, done.err
    assert done.out


def test_it_is_exported_and_backed_up_elsewhere(kept: Path, tmp_path: Path) -> None:
    exported = run_slugline("export", tmp_path / "all.jsonl", "--format", "jsonl", home=kept)
    assert exported.status == 0, exported.err
    saved = run_slugline("backup", tmp_path / "home.zip", "--json", home=kept)
    assert saved.status == 0, saved.err
    assert saved.json["articles"] > 100


@pytest.mark.parametrize(
    "command",
    [
        ("tag",),
        ("watch", "--once"),
        ("run", "nowhere.zip"),
        ("index", "--rebuild"),
    ],
    ids=" ".join,
)
def test_what_writes_says_that_it_can_not(kept: Path, command: tuple[str, ...]) -> None:
    done = run_slugline(*command, home=kept)
    assert done.status == 1, done.out
    assert "can't be written" in done.err
    assert "Traceback" not in done.err


def test_its_pages_are_served(kept: Path) -> None:
    with Store.at(kept / "store.sqlite") as store:
        assert store.read_only
        engine = open_engine("whoosh", kept / "index")
        library = Library(store=store, searcher=Searcher(engine, store), engine=engine, topics={})
        client = make_app(library).test_client()
        for address in ("/", "/search?q=election", "/healthz", "/status", "/sources"):
            assert client.get(address).status_code == 200, address
        engine.close()
