"""Whatever feeds send, every format writes it and stays readable."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from export.format import FORMATS, FormatEntry
from ingest.clean import MAX_TEXT
from models.errors import UnstorableError
from models.tags import Mention, Tags, TopicScore
from store.store import Store
from tests.conftest import STORES, make_entry, new_store
from tests.export.conftest import ADA, FEED, NOW, Exporter
from tests.export.contract import files_of

ENDLESS = "long \N{GRINNING FACE} " * 1_500_000
"""A page of 10 MB and more, which the store takes as it is."""
WILD = "a \x00 NUL, \x1b[31m red \x7f \u2028 \ufffe \ufdd0 ]]> </script> \r\n"
SCRIPT = "javascript:alert(document.domain)"


@pytest.fixture(scope="module", params=STORES)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """One store for all tests here, which only read it: putting megabytes takes longest."""
    with new_store(request.param, tmp_path_factory.mktemp("wild")) as opened:
        yield opened


@pytest.fixture
def filled(store: Store) -> Store:
    """The store that `export` exports."""
    return store


@pytest.fixture(scope="module")
def wild(store: Store) -> list[str]:
    """Articles that the store took from a hostile feed, past all that ingest cleans."""
    entries = [
        replace(
            make_entry(11, title=f"Ada Lind {WILD}", summary=WILD),
            body=ENDLESS,
            url=SCRIPT,
        ),
        replace(
            make_entry(12, title="Ada Lind " + "x" * 9_000, summary="\r\n"), url="data:text/html,x"
        ),
    ]
    store.articles.put(entries, FEED, NOW)
    found = (Mention("title", 0, 8, "Ada Lind", "PERSON", ADA),)
    store.tags.put(
        [Tags(each.id, 1, "en", found, (TopicScore("sport", 1.0),), "m") for each in entries]
    )
    return [each.id for each in entries]


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda known: known.name)
def test_wild_texts_are_written(
    chosen: FormatEntry, wild: list[str], export: Exporter, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert export(chosen.name, out, wild, text=True).articles == 2
    held = files_of(out)
    data = b"".join(held.values())
    assert b"javascript:" not in data
    assert b"data:text" not in data
    if chosen.suffix.endswith(".jsonl"):
        assert all(json.loads(line) for line in data.decode().split("\n") if line)
    elif chosen.suffix.endswith(".json"):
        assert json.loads(data)
    elif chosen.name in {"atom", "graphml", "gexf"}:
        assert ET.fromstring(data).tag  # noqa: S314 - our own file


def test_half_a_surrogate_pair_never_comes_so_far(store: Store) -> None:
    with pytest.raises(UnstorableError):
        store.articles.put([make_entry(1, title="half \ud83d pair")], FEED, NOW)


def test_a_long_text_comes_back_whole(wild: list[str], export: Exporter, tmp_path: Path) -> None:
    assert len(ENDLESS.encode()) > 10_000_000
    for name in ("jsonl", "parquet", "sqlite"):
        export(name, tmp_path / name, wild, text=True)
    bodies = [json.loads((tmp_path / "jsonl").read_text(encoding="utf-8").split("\n")[0])["body"]]
    bodies += pq.read_table(tmp_path / "parquet")["body"].to_pylist()[:1]
    with closing(sqlite3.connect(tmp_path / "sqlite")) as database:
        bodies += database.execute("SELECT body FROM articles WHERE id = ?", wild[:1]).fetchone()
    assert [body == ENDLESS for body in bodies] == [True] * 3
    assert len(ENDLESS) > MAX_TEXT
