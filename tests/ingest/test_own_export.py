"""What Slugline exports it takes back: the same articles, tags and corrections."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ingest.own_export import read
from ingest.parsing.limits import MAX_REMARKS
from ingest.source import read as read_source
from models.errors import SourceError
from store.store import Store
from tests.conftest import run_slugline
from tests.export.test_formats import rows_of


@pytest.fixture
def corrected_home(own_home: Path, tmp_path: Path) -> Path:
    """A home in which a person corrected topics and mentions."""
    with Store.at(own_home / "store.sqlite") as store:
        ids = list(store.articles.ids())
        store.tags.correct(store.articles.get(ids[0]), "sport", fits=True)
        store.tags.correct(store.articles.get(ids[1]), "politics", fits=False)
        store.tags.correct_mentions(ids[2], store.tags.mentions([ids[2]])[ids[2]][:1])
    return own_home


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_an_export_comes_back_with_tags_and_corrections(
    corrected_home: Path, tmp_path: Path, ending: str
) -> None:
    before, after, again = (tmp_path / n for n in ("before.jsonl", "after.jsonl", "again.jsonl"))
    out = tmp_path / f"all.{ending}"
    assert run_slugline("export", before, home=corrected_home).status == 0
    assert run_slugline("export", out, "--text", home=corrected_home).status == 0
    fresh = tmp_path / "fresh"
    done = run_slugline("ingest", out, "--json", home=fresh)
    assert done.status == 0, done.err
    rows = rows_of(before)
    assert [done.json["new"], done.json["rejected"]] == [len(rows), 0]
    assert run_slugline("export", after, home=fresh).status == 0
    # Stories and clusters are found among the articles of a store, and there anew.
    assert without_groups(rows_of(after)) == without_groups(rows)
    # Into the store that it came from it brings nothing, and changes nothing.
    done = run_slugline("ingest", out, "--json", home=corrected_home)
    assert [done.json["new"], done.json["unchanged"]] == [0, len(rows)]
    run_slugline("export", again, home=corrected_home)
    assert again.read_bytes() == before.read_bytes()


def without_groups(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row | {"story": None, "cluster": None} for row in rows}


def test_corrections_come_back_to_a_store_that_lost_them(
    demo_home: Path, corrected_home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run_slugline("export", out, home=corrected_home)
    other = Path(shutil.copytree(demo_home, tmp_path / "other"))
    run_slugline("ingest", out, home=other)
    corrected = {r["id"]: r["topics"] for r in rows_of(out) if r["corrections"]["topics"]}
    run_slugline("export", tmp_path / "now.jsonl", home=other)
    now = {row["id"]: row["topics"] for row in rows_of(tmp_path / "now.jsonl")}
    assert len(corrected) == 2
    assert {article: now[article] for article in corrected} == corrected


GOOD = {
    "id": "0" * 20,
    "url": "https://a.example/1",
    "title": "Fish",
    "fetched": "2025-06-01",
    "version": 1,
    "summary": "Ten fish.",
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": "../../etc"}, "not one of ours"),
        ({"url": "javascript:alert(1)"}, "not a web address"),
        ({"title": ""}, "has no title"),
        ({"title": 7}, "not text"),
        ({"version": 0}, "from 1 on"),
        ({"published": "soon"}, "isoformat"),
        ({"topics": [{"slug": "sport", "score": 9, "origin": "model"}]}, "score of 9"),
        ({"topics": [{"slug": "sport", "score": 1, "origin": "oracle"}]}, "oracle"),
        (
            {"mentions": [{"field": "title", "start": 0, "end": 99, "label": "ORG"}]},
            "outside of its title",
        ),
        ({"topics": "sport"}, "not a list"),
    ],
)
def test_a_row_that_does_not_hold_is_rejected_with_its_reason(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{json.dumps(GOOD)}\n{json.dumps(GOOD | change)}\n", encoding="utf-8")
    (part,) = read(file, "rows.jsonl")
    assert [len(part.exported), len(part.rejections)] == [1, 1]
    assert part.rejections[0].where == "rows.jsonl, line 2"
    assert reason in part.rejections[0].reason


def test_a_file_that_is_cut_off_gives_what_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{json.dumps(GOOD)}\n{{"id": "', encoding="utf-8")
    (part,) = read_source(str(file))
    assert [len(part.exported), len(part.rejections)] == [1, 1]
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(SourceError, match="not a Parquet file"):
        list(read_source(str(tmp_path / "bad.parquet")))


def test_rows_that_do_not_hold_are_named_up_to_a_limit_and_counted_beyond(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("x\n" * (MAX_REMARKS + 700), encoding="utf-8")
    parts = list(read(file, file.name))
    assert sum(len(part.rejections) for part in parts) == MAX_REMARKS
    assert sum(part.rejected for part in parts) == MAX_REMARKS + 700
