"""Homes of earlier versions open: nothing is lost, and the index is built from the store."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from store.store import Store
from tests.conftest import run_slugline

DUMPS = sorted((Path(__file__).parents[1] / "data" / "store").glob("schema_*.sql"))


@pytest.fixture(params=DUMPS, ids=[dump.stem for dump in DUMPS])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home with the store that a dump describes, and no index."""
    place = tmp_path / "home"
    place.mkdir()
    connection = sqlite3.connect(place / "store.sqlite")
    connection.executescript(request.param.read_text(encoding="utf-8"))
    connection.close()
    return place


def test_all_that_was_stored_is_still_there(home: Path) -> None:
    with Store.at(home / "store.sqlite") as store:
        figures = store.statistics()
        assert (figures.articles, figures.sources, figures.mentions) == (5, 1, 22)
        tagged = store.articles.tagged(sorted(store.articles.ids()))
        origins = {topic.origin for one in tagged for topic in one.topics}
        assert "person" in origins, "a person's correction"
        assert all(one.article.title and one.article.published for one in tagged)
        entities = {entity.name for one in tagged for entity in one.entities}
        assert entities


def test_it_can_be_indexed_searched_and_exported(home: Path, tmp_path: Path) -> None:
    indexed = run_slugline("index", "--json", home=home)
    assert indexed.status == 0, indexed.err
    assert indexed.json["documents"] == 5
    assert run_slugline("search", "--json", home=home).json["total"] == 5
    out = tmp_path / "all.jsonl"
    assert run_slugline("export", out, "--format", "jsonl", home=home).status == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 5
    assert all(row["topics"] for row in rows)
    assert sum(len(row["mentions"]) for row in rows) == 22
    assert run_slugline("doctor", home=home).status == 0
