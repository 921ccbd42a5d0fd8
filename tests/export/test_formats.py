from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from export.columns import CSV_COLUMNS
from export.format import FORMATS, format_named, format_of
from export.formats.csv import harmless
from models.errors import UsageError
from tests.export.conftest import AWKWARD, Exporter
from tests.export.contract import FormatContract


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda known: known.name)
class TestFormats(FormatContract):
    pass


def rows_of(path: Path) -> list[dict[str, Any]]:
    # Not splitlines: a title may hold U+2028, which JSON Lines does not end a line with.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_jsonl_has_all_that_the_contract_names(export: Exporter, tmp_path: Path) -> None:
    export("jsonl", tmp_path / "out.jsonl")
    rows = rows_of(tmp_path / "out.jsonl")
    assert [len(rows), len({row["id"] for row in rows})] == [4, 4]
    keys = "id url title summary source feed section language published fetched topics cluster"
    more = "story entities mentions duplicate_of versions"
    assert all(set(f"{keys} {more}".split()) <= set(row) for row in rows)
    first = rows[0]
    assert first["topics"][0] == {"slug": "politics", "score": 0.8124, "origin": "model"}
    assert first["entities"][0] == {
        "name": "Ada Lind",
        "type": "person",
        "key": "person/ada-lind",
        "count": 1,
        "origin": "model",
    }
    assert [version["title"] for version in first["versions"]] == ["Old headline"]
    assert rows[1]["language"] is None
    assert rows[1]["duplicate_of"] is None
    assert rows[1]["published"] == "2025-06-03T12:00:00Z"


def test_offsets_are_characters_of_the_field_as_exported(export: Exporter, tmp_path: Path) -> None:
    export("jsonl", tmp_path / "out.jsonl")
    found = [
        (row[mention["field"]][mention["start"] : mention["end"]], mention["text"])
        for row in rows_of(tmp_path / "out.jsonl")
        for mention in row["mentions"]
    ]
    assert len(found) == 6
    assert all(there == told for there, told in found)


def test_csv_can_be_read_back_and_holds_no_formula(export: Exporter, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    export("csv", file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [rows[0]["topics"], rows[0]["topic_scores"]] == ["politics; culture", "0.8124; 0.3000"]
    assert rows[1]["title"].startswith("'=HYPERLINK")
    assert rows[1]["summary"] == "Line one\nand, two"
    assert rows[2]["places"] == "Oslo"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_made_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_the_format_is_that_of_the_name_or_of_the_ending() -> None:
    assert format_of(None, Path("a.csv")).name == "csv"
    assert format_of("csv", Path("a.jsonl")).name == "csv"
    assert format_of(None, Path("a.doccano.jsonl")).name == "doccano"
    with pytest.raises(UsageError, match="names no format"):
        format_of(None, Path("a.doc"))
    with pytest.raises(UsageError, match=r"no export format 'parket'.*Did you mean parquet"):
        format_named("parket")


def test_names_and_endings_of_formats_are_unique() -> None:
    assert len({known.name for known in FORMATS}) == len(FORMATS)
    assert len({known.suffix for known in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"columns": ("titel",)}, r"no column 'titel'.*Did you mean title"),
        ({"split": "tiem"}, r"no split 'tiem'.*Did you mean time"),
        ({"sample": 5, "stratify": "topics"}, "no stratum 'topics'.*Did you mean topic"),
        ({"stratify": "topic"}, "how many articles"),
        ({"partition": "month"}, "Only Parquet"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_nearest(
    export: Exporter, tmp_path: Path, asked: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        export("csv", tmp_path / "out.csv", **asked)
    assert list(tmp_path.glob("out*")) == []


def test_a_column_with_texts_says_how_it_is_let_out(export: Exporter, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only exported with texts"):
        export("parquet", tmp_path / "a.parquet", columns=("summary",))
    export("parquet", tmp_path / "a.parquet", columns=("summary",), text=True)


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet", "sqlite"])
def test_columns_come_in_the_order_they_were_asked_for(
    export: Exporter, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    export(name, out, columns=("id", "title", "published"))
    if name == "jsonl":
        found = list(rows_of(out)[0])
    elif name == "csv":
        found = out.read_text(encoding="utf-8-sig").split("\n")[0].strip().split(",")
    elif name == "parquet":
        found = pq.read_schema(out).names
    else:
        with closing(sqlite3.connect(out)) as database:
            found = [row[1] for row in database.execute("PRAGMA table_info(articles)")]
    assert found == ["id", "title", "published"]


def test_any_character_comes_back_from_json_and_parquet(export: Exporter, tmp_path: Path) -> None:
    export("jsonl", tmp_path / "out.jsonl")
    export("parquet", tmp_path / "out.parquet")
    titles = [row["title"] for row in rows_of(tmp_path / "out.jsonl")]
    assert AWKWARD in titles
    assert pq.read_table(tmp_path / "out.parquet")["title"].to_pylist() == titles


def test_a_directory_with_other_files_is_not_replaced(export: Exporter, tmp_path: Path) -> None:
    home = tmp_path / "thesis"
    home.mkdir()
    (home / "chapter.txt").write_text("all my work")
    with pytest.raises(UsageError, match="other files in it"):
        export("hf", home)
    assert [path.name for path in home.iterdir()] == ["chapter.txt"]
    export("hf", tmp_path / "data.hf")
    export("hf", tmp_path / "data.hf", text=True)
    assert "summary" in (tmp_path / "data.hf/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("split", ["", "hash"])
def test_the_card_of_a_dataset_names_its_files(
    export: Exporter, tmp_path: Path, split: str
) -> None:
    export("hf", tmp_path / "news.hf", split=split)
    card = (tmp_path / "news.hf/README.md").read_text(encoding="utf-8")
    patterns = re.findall(r"^    path: (data/.*)$", card, re.MULTILINE)
    named = {path for pattern in patterns for path in (tmp_path / "news.hf").glob(pattern)}
    assert named == set((tmp_path / "news.hf/data").iterdir())
    assert re.findall(r"split: (.*)$", card, re.MULTILINE) == (
        ["train", "validation", "test"] if split else ["train"]
    )


def test_the_rights_are_those_of_what_is_in_the_export(export: Exporter, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    for columns, said in (((), "Titles, summaries and texts belong"), (("id",), "are left out")):
        export("csv", out, columns=columns, describe=True)
        assert said in (tmp_path / "out.csv.README.md").read_text(encoding="utf-8")
