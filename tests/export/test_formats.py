from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from export.csv_format import COLUMNS, Csv, harmless
from export.format import FORMATS, Format, format_of
from export.jsonl import Jsonl
from export.record import Record, records
from models.errors import UsageError
from models.feed import Feed
from models.tags import EntityName, Mention, Tags, TopicScore
from store.store import Store
from tests.conftest import make_entry
from tests.export.contract import FormatContract

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")


@pytest.fixture
def written_records(store: Store) -> list[Record]:
    entries = [
        make_entry(1, title="Old headline"),
        make_entry(2, title='=HYPERLINK("http://evil.example")', summary="Line one\nand, two"),
        make_entry(3, title="Żółć 😀 Mayor in Oslo"),
    ]
    store.articles.put(entries, FEED, NOW)
    changed = make_entry(1, title="Ada Lind meets Oslo's mayor")
    store.articles.put([changed], FEED, NOW + timedelta(hours=1))
    title = changed.title
    mention = Mention("title", 0, 8, title[:8], "PERSON", EntityName("person/a", "Ada", "person"))
    emoji = entries[2].title
    oslo = emoji.index("Oslo")
    place = Mention(
        "title", oslo, oslo + 4, "Oslo", "GPE", EntityName("place/oslo", "Oslo", "place")
    )
    scores = (TopicScore("politics", 0.81239), TopicScore("culture", 0.3))
    store.tags.put(
        [
            Tags(changed.id, 2, "en", (mention,), scores, "m"),
            Tags(entries[2].id, 1, "pl", (place,), (), "m"),
        ]
    )
    return list(records([entry.id for entry in entries], store.articles, store.tags))


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda known: known.name)
class TestFormats(FormatContract):
    pass


def test_jsonl_has_all_that_the_contract_names(
    written_records: list[Record], tmp_path: Path
) -> None:
    (file,) = Jsonl().write(written_records, tmp_path / "out.jsonl", lambda: None)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [len(rows), len({row["id"] for row in rows})] == [3, 3]
    keys = "id url title summary source feed section language published fetched topics cluster"
    more = "entities mentions duplicate_of versions"
    assert all(set(f"{keys} {more}".split()) <= set(row) for row in rows)
    first = rows[0]
    assert first["topics"][0] == {"slug": "politics", "score": 0.8124, "origin": "model"}
    assert first["entities"] == [
        {"name": "Ada", "type": "person", "key": "person/a", "count": 1, "origin": "model"}
    ]
    assert [version["title"] for version in first["versions"]] == ["Old headline"]
    assert rows[1]["language"] is None
    assert rows[1]["duplicate_of"] is None
    assert rows[1]["published"] == "2025-06-03T12:00:00Z"


def test_offsets_are_characters_of_the_field_as_exported(
    written_records: list[Record], tmp_path: Path
) -> None:
    (file,) = Jsonl().write(written_records, tmp_path / "out.jsonl", lambda: None)
    found = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for mention in row["mentions"]:
            assert row[mention["field"]][mention["start"] : mention["end"]] == mention["text"]
            found += 1
    assert found == 2


def test_csv_can_be_read_back_and_holds_no_formula(
    written_records: list[Record], tmp_path: Path
) -> None:
    (file,) = Csv().write(written_records, tmp_path / "out.csv", lambda: None)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == COLUMNS
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
    with pytest.raises(UsageError, match="names no format"):
        format_of(None, Path("a.doc"))
    with pytest.raises(UsageError, match="no export format 'xml'"):
        format_of("xml", Path("a.xml"))


def test_names_and_endings_of_formats_are_unique() -> None:
    def values(attribute: str) -> list[str]:
        return [getattr(known, attribute) for known in FORMATS]

    formats: tuple[Format, ...] = FORMATS
    assert len(set(values("name"))) == len(set(values("suffix"))) == len(formats)
