"""The notes of a list are read back from every format that has a place for them."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import conllu
import jsonschema_rs
import pyarrow.parquet as pq
import pytest
import spacy
from spacy.tokens import DocBin

from export.deliver import Export
from export.destinations import to_path
from export.format import FORMATS, format_named
from export.formats.feeds import NOTES
from export.request import ExportRequest
from export.write_options import WriteOptions
from models.accounts import Role
from models.errors import UsageError
from models.lists import ItemKind, NewItem
from store.store import Store
from tests.export.ninjs_schema import SCHEMA
from web.lists.notes import WithNotes

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
NOTE = "=Ask the coast guard\n“twice” & <b>soon</b>"
LINE = "=Ask the coast guard “twice” & <b>soon</b>"
PASSAGE = "“Ada Lind”: her first visit [people, visit]"
ROWS = [
    {"list": "Ferries", "kind": "article", "note": NOTE, "tags": ["law"], "quote": ""},
    {
        "list": "Ferries",
        "kind": "passage",
        "note": "her first visit",
        "tags": ["people", "visit"],
        "quote": "Ada Lind",
    },
]
LINES = [f"{LINE} [law]", PASSAGE]
Kept = Callable[..., Path]


@pytest.fixture
def kept(filled: Store, ids: list[str], options: WriteOptions, tmp_path: Path) -> Kept:
    """Export the list Ferries, which has one article and a passage of it."""
    filled.users.add("dora", Role.EDITOR, "hash", who="test", now=NOW)
    here = filled.lists.add("dora", "Ferries", shared=False, who="dora", now=NOW).number
    other = filled.lists.add("dora", "Other", shared=False, who="dora", now=NOW).number
    for number, new_item in (
        (here, NewItem(ItemKind.ARTICLE, ids[0], NOTE, ("law",))),
        (
            here,
            NewItem(
                ItemKind.PASSAGE, ids[0], "her first visit", ("people", "visit"), "title", 0, 8
            ),
        ),
        (other, NewItem(ItemKind.ARTICLE, ids[0], "of no concern here")),
    ):
        filled.lists.put(number, "dora", new_item, who="dora", now=NOW)

    def run(name: str, **asked: object) -> Path:
        tags = WithNotes(filled, here)
        noted = WriteOptions(topics=options.topics, weigh=options.weigh, notes=True)
        request = ExportRequest(**asked)  # type: ignore[arg-type]  # as the test says
        made = Export(format_named(name), request, filled.articles, tags, noted)
        out = tmp_path / f"out{format_named(name).suffix}"
        to_path(made, [ids[0]], out, lambda _total: lambda: None)
        return out

    return run


def _csv(out: Path) -> object:
    with out.open(encoding="utf-8-sig", newline="") as lines:
        row = next(csv.DictReader(lines))
    assert row["note_tags"] == "law; people; visit"
    return row["notes"].removeprefix("'").split("\n")


def _parquet(out: Path) -> object:
    return pq.read_table(out).to_pylist()[0]["lists"]


def _hf(out: Path) -> object:
    assert "- name: lists" in (out / "README.md").read_text(encoding="utf-8")
    return _parquet(out / "data")


def _sqlite(out: Path) -> object:
    with closing(sqlite3.connect(out)) as database:
        found = database.execute(
            "SELECT list, kind, note, tags, quote FROM list_notes"
            " JOIN articles ON articles.id = list_notes.article"
        ).fetchall()
    names = ("list", "kind", "note", "tags", "quote")
    rows = [dict(zip(names, row, strict=True)) for row in found]
    return [row | {"tags": row["tags"].split("; ")} for row in rows]


def _spacy(out: Path) -> object:
    doc = next(iter(DocBin().from_disk(out).get_docs(spacy.blank("en").vocab)))
    return json.loads(json.dumps(doc.user_data["lists"]))  # tuples as lists


def _conllu(out: Path) -> object:
    text = out.read_text(encoding="utf-8")
    assert conllu.parse(text)[0].metadata["note"] in LINES
    return [line.removeprefix("# note = ") for line in text.split("\n") if "# note" in line]


def _ninjs(out: Path) -> object:
    item = json.loads(out.read_text(encoding="utf-8"))
    jsonschema_rs.validator_for(SCHEMA, validate_formats=True).validate(item)
    return [each["value"] for each in item["descriptions"] if each["role"] == "note"]


def _ftm(out: Path) -> object:
    return json.loads(out.read_text(encoding="utf-8").split("\n")[0])["properties"]["notes"]


def _atom(out: Path) -> object:
    return [each.text for each in ElementTree.parse(out).iter(f"{{{NOTES}}}note")]  # noqa: S314 - ours


READERS: dict[str, tuple[Callable[[Path], object], object]] = {
    "jsonl": (lambda out: json.loads(out.read_text(encoding="utf-8"))["lists"], ROWS),
    "csv": (_csv, LINES),
    "parquet": (_parquet, ROWS),
    "hf": (_hf, ROWS),
    "spacy": (_spacy, ROWS),
    "conllu": (_conllu, LINES),
    "ninjs": (_ninjs, LINES),
    "doccano": (lambda out: json.loads(out.read_text(encoding="utf-8"))["lists"], ROWS),
    "labelstudio": (lambda out: json.loads(out.read_text("utf-8"))[0]["data"]["lists"], ROWS),
    "argilla": (lambda out: json.loads(out.read_text("utf-8"))[0]["metadata"]["lists"], ROWS),
    "ftm": (_ftm, LINES),
    "sqlite": (_sqlite, ROWS),
    "atom": (_atom, LINES),
    "jsonfeed": (
        lambda out: json.loads(out.read_text("utf-8"))["items"][0]["_slugline"]["lists"],
        ROWS,
    ),
}


@pytest.mark.parametrize("name", [each.name for each in FORMATS if not each.no_notes])
def test_a_format_holds_the_notes_of_the_list_and_of_no_other(kept: Kept, name: str) -> None:
    read, expected = READERS[name]
    assert read(kept(name)) == expected


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.no_notes])
def test_a_format_without_a_place_for_notes_is_as_without_a_list(kept: Kept, name: str) -> None:
    assert b"coast guard" not in kept(name).read_bytes()


@pytest.mark.parametrize("name", ["jsonl", "parquet", "csv"])
def test_the_column_of_notes_can_be_chosen(kept: Kept, name: str) -> None:
    column = "notes" if name == "csv" else "lists"
    assert b"her first visit" in kept(name, columns=("id", column)).read_bytes()
    assert b"her first visit" not in kept(name, columns=("id", "title")).read_bytes()


def test_without_a_list_there_is_no_column_of_notes(filled: Store, options: WriteOptions) -> None:
    with pytest.raises(UsageError, match="no column 'lists'"):
        Export(
            format_named("jsonl"),
            ExportRequest(columns=("lists",)),
            filled.articles,
            filled.tags,
            options,
        )
