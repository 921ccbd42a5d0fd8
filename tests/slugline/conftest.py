"""Whoever uses the demo's home here uses it with its store on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slugline.settings import SETTINGS_FILE, STORE_FILE
from tests.conftest import STORES, Done, home_store, run_slugline
from tests.postgresql.databases import database


@pytest.fixture(scope="session", params=STORES)
def demo_home(
    request: pytest.FixtureRequest,
    demo: tuple[Path, Done],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """The home of `demo`, its store where the parameter says. Read it, don't write."""
    home, done = demo
    assert done.status == 0, done.err
    if request.param == "sqlite":
        yield home
        return
    with database() as url:
        moved = tmp_path_factory.mktemp("postgresql") / "home"
        shutil.copytree(home, moved, ignore=shutil.ignore_patterns(f"{STORE_FILE}*"))
        copied = run_slugline("store", "copy", home / STORE_FILE, url)
        assert copied.status == 0, copied.err
        _name_store(moved, url)
        yield moved


@contextmanager
def copied_home(demo_home: Path, home: Path) -> Iterator[Path]:
    """Copy a home with its store, wherever that is kept."""
    shutil.copytree(demo_home, home)
    if (home / STORE_FILE).exists():
        yield home
        return
    with home_store(demo_home) as store:
        template = store.url
    with database(copied_from=template) as url:
        _name_store(home, url)
        yield home


@pytest.fixture
def own_home(demo_home: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the demo's home with a store of its own, to write to."""
    with copied_home(demo_home, tmp_path / "home") as home:
        yield home


def _name_store(home: Path, url: str) -> None:
    (home / SETTINGS_FILE).write_text(f'[store]\nurl = "{url}"\n', encoding="utf-8")
