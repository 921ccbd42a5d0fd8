"""Exports name the items of Wikidata that are known."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pytest

from export.destinations import to_path
from export.write_options import WriteOptions
from models.feed import Feed
from models.tags import EntityName, Mention, Tags
from store.store import Store
from tests.conftest import make_entry
from tests.export.conftest import opened

NORWAY = EntityName("place/norway", "Norway", "place", "NO")
OSLO = EntityName("place/oslo", "Oslo", "place")
ITEM = "Q20"


@pytest.fixture
def export_to(store: Store, options: WriteOptions, tmp_path: Path) -> Callable[[str], Path]:
    entries = [make_entry(number, title="Oslo, Norway") for number in (1, 2)]
    nowhere = make_entry(3, title="Nothing is named here")
    feed = Feed(url="https://harbourpost.example/rss", title="Harbour Post")
    store.articles.put([*entries, nowhere], feed, datetime(2025, 6, 30, tzinfo=UTC))
    said = (
        Mention("title", 0, 4, "Oslo", "GPE", OSLO),
        Mention("title", 6, 12, "Norway", "GPE", NORWAY),
    )
    store.tags.put([Tags(entry.id, 1, "en", said, (), "m") for entry in entries])

    def run(name: str) -> Path:
        out = tmp_path / name
        to_path(
            opened(name, store, options), list(store.articles.ids()), out, lambda _: lambda: None
        )
        return out

    return run


def test_rows_of_entities_name_the_item_or_nothing(export_to: Callable[[str], Path]) -> None:
    lines = map(json.loads, export_to("jsonl").read_text().splitlines())
    line = next(line for line in lines if line["entities"])
    expected = {"place/norway": ITEM, "place/oslo": None}
    assert {each["key"]: each.get("wikidata") for each in line["entities"]} == expected
    rows = pq.read_table(export_to("parquet")).column("entities").to_pylist()
    row = next(row for row in rows if row)
    assert {each["key"]: each["wikidata"] for each in row} == expected
    with closing(sqlite3.connect(export_to("sqlite"))) as database:
        assert dict(database.execute("SELECT key, wikidata FROM entities")) == expected


def test_graphs_and_ninjs_name_the_item(export_to: Callable[[str], Path]) -> None:
    graph = nx.read_graphml(export_to("graphml"))
    assert graph.nodes["place/norway"]["wikidata"] == ITEM
    assert "wikidata" not in graph.nodes["place/oslo"]
    lines = map(json.loads, export_to("ninjs").read_text().splitlines())
    item = next(line for line in lines if line.get("places"))
    places = {place["name"]: place.get("uri") for place in item["places"]}
    assert places == {"Norway": f"https://www.wikidata.org/entity/{ITEM}", "Oslo": None}
