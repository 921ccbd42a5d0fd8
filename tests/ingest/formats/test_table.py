"""Tables of any layout are articles by their columns."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.table import MAX_LINE, read_columns, read_table
from ingest.parsed_source import ParsedSource, joined
from ingest.source import read
from models.errors import SourceError, UsageError

ROWS = [
    ["Headline", "Web", "When", "Outlet", "Tags"],
    ["Ferry runs again", "https://a.example/1", "13/11/2023", "Harbour", "Sea;Local"],
    ['Said "no", twice', "https://a.example/2", "04/05/2023", "", ""],
]
MAPPING = read_columns("title=Headline, link=web,date=When,source=Outlet,categories=Tags")


def table(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig")
    return path


def whole(path: Path, columns: dict[str, str] | None = None) -> ParsedSource:
    return joined(read_table(path, path.name, columns))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_read_as_the_mapping_says(tmp_path: Path, delimiter: str) -> None:
    part = whole(table(tmp_path / "news.csv", ROWS, delimiter), MAPPING)
    first, second = part.entries
    assert (first.title, first.source, first.categories) == (
        "Ferry runs again",
        "Harbour",
        ("Sea", "Local"),
    )
    assert second.title == 'Said "no", twice'
    assert second.source == "a.example"
    assert second.published
    assert (second.published.day, second.published.month) == (4, 5), "as the other dates tell"


def test_usual_names_need_no_mapping(tmp_path: Path) -> None:
    rows = [["ID", "URL", "Title", "Summary"], ["7", "https://a.example/1", "Ferry", "It runs."]]
    (entry,) = whole(table(tmp_path / "news.csv", rows)).entries
    assert (entry.title, entry.summary, entry.guid) == ("Ferry", "It runs.", "7")


@pytest.mark.parametrize(
    ("header", "row", "categories"),
    [
        (
            "title,url,time_added,tags,status",
            "Ferry,{},1699862400,sea|port,unread",
            ("sea", "port"),
        ),
        ("URL,Title,Selection,Folder,Timestamp", "{},Ferry,,Unread,1699862400", ()),
        (
            "Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen",
            "Ferry,{},01h,\"['sea', 'port']\",2023-11-13 08:00:00+00:00,0,new,True",
            ("sea", "port"),
        ),
    ],
    ids=["Pocket", "Instapaper", "Readwise Reader"],
)
def test_exports_of_reading_lists_are_known_by_their_columns(
    tmp_path: Path, header: str, row: str, categories: tuple[str, ...]
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"{header}\n{row.format('https://a.example/1')}\n", encoding="utf-8")
    (entry,) = whole(path).entries
    assert (entry.title, entry.url) == ("Ferry", "https://a.example/1")
    assert entry.categories == categories
    assert entry.published is None, "the day of saving is not that of publishing"


def test_json_lines_may_nest(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    rows = [{"a": {"t": "Ferry"}, "url": "https://a.example/1", "tags": ["Sea", 3]}, [1]]
    path.write_text("\n".join(map(json.dumps, rows)) + "\nnonsense\n", encoding="utf-8")
    columns = read_columns("title=a.t,link=url,categories=tags")
    (part,) = read(str(path), columns=columns)
    (entry,) = part.entries
    assert (entry.title, entry.categories) == ("Ferry", ("Sea",))
    assert [r.reason.split(" (")[0] for r in part.rejections] == [
        "is not an object with columns",
        "is not JSON",
    ]


@pytest.mark.parametrize("text", ["title", "title=", "headline=Title", "link=URL", "=x"])
def test_a_mapping_that_maps_nothing_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        read_columns(text)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = table(tmp_path / "news.csv", ROWS)
    with pytest.raises(SourceError, match="no column 'Nope'; it has Headline, Web"):
        whole(path, {"title": "Nope"})
    unknown = table(tmp_path / "other.csv", [["Kopf", "Netz"], ["Ferry", "https://a.example/1"]])
    with pytest.raises(SourceError, match="--columns"):
        whole(unknown)


def test_a_line_without_end_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    good = "Ferry,https://a.example/1\n"
    path.write_text("title,link\n" + "x" * (MAX_LINE + 5) + "\n" + good, encoding="utf-8")
    part = whole(path)
    assert [entry.title for entry in part.entries] == ["Ferry"]
    assert part.rejected == 1


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_says_why_not(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.csv")
        path.write_text("title,link\n" + text, encoding="utf-8", errors="replace")
        assert isinstance(whole(path), ParsedSource)
