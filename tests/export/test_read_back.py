"""Each format is read back by the tool that will read it; tools that are heavy: test_validators."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import conllu
import feedparser
import jsonschema_rs
import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spacy
from spacy.tokens import DocBin

from export.format import FORMATS, format_named
from export.record import Record, as_row, iso, records
from export.values import FIELDS, VALUES
from store.store import Store
from tests.export.conftest import AWKWARD, Exporter
from tests.export.ninjs_schema import SCHEMA


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_parquet_is_typed_and_nested(export: Exporter, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    export("parquet", out, text=True)
    table = pq.read_table(out)
    assert table.schema.field("published").type == pa.timestamp("us", tz="UTC")
    row = table.to_pylist()[0]
    assert row["topics"][0] == {"slug": "politics", "score": 0.8124, "origin": "model"}
    assert [entity["key"] for entity in row["entities"]] == ["person/ada-lind", "place/oslo"]
    assert row["versions"][0]["summary"]
    assert row["story"] is None


def test_typed_values_say_the_same_as_rows(
    written_records: list[Record], filled: Store, ids: list[str]
) -> None:
    filled.tags.correct(filled.articles.get(ids[0]), "sport", fits=True)
    found = [*written_records, *records(ids, filled.articles, filled.tags)]
    for record in found:
        row = as_row(record)
        assert set(VALUES) - {"lists"} == set(row)
        for name in row:
            assert as_json(name, VALUES[name](record)) == row[name], name


def as_json(name: str, value: Any) -> Any:
    """Return a typed value as the rows of JSON have it."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple | list):
        if name not in FIELDS:
            return list(value)
        if name in {"story", "corrections"}:
            topics, *rest = value
            if name == "corrections":
                topics = [{"slug": slug, "fits": fits} for slug, fits in topics]
            return dict(zip(FIELDS[name], (topics, *rest), strict=True))
        names = FIELDS[name]
        rows = [dict(zip(names, map(partial(as_json, ""), v), strict=True)) for v in value]
        # Columns have a place for what rows leave out: an item that is not known.
        return [{k: each for k, each in row.items() if k != "wikidata" or each} for row in rows]
    return value


def test_parquet_by_month_is_one_table(export: Exporter, tmp_path: Path) -> None:
    export("parquet", tmp_path / "months", partition="month")
    assert (tmp_path / "months/data/month=2025-06/part-0.parquet").exists()
    assert pq.read_table(tmp_path / "months/data").num_rows == 4


def test_a_docbin_holds_entities_categories_and_ids(
    export: Exporter, tmp_path: Path, ids: list[str]
) -> None:
    out = tmp_path / "out.spacy"
    export("spacy", out, text=True)
    docs = list(DocBin().from_disk(out).get_docs(spacy.blank("xx").vocab))
    assert [doc.user_data["id"] for doc in docs] == ids
    named = [(ent.text, ent.label_) for ent in docs[0].ents]
    assert named == [("Ada Lind", "PERSON"), ("Oslo", "GPE")]
    assert docs[0].cats["politics"] == docs[0].cats["culture"] == 1.0
    assert docs[0].cats["sport"] == 0.0
    assert [ent.text for ent in docs[2].ents] == ["Oslo", "Oslo", "Ada Lind", "bank"]


def test_many_docs_become_several_files(
    export: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from export.formats import spacy_docs

    small = replace(format_named("spacy"), most=3)
    others = tuple(known for known in FORMATS if known.name != "spacy")
    monkeypatch.setattr("export.format.FORMATS", (*others, small))
    monkeypatch.setattr(spacy_docs, "DOCS_PER_FILE", 3)
    export("spacy", tmp_path / "docs")
    files = sorted((tmp_path / "docs").glob("*.spacy"))
    assert [len(DocBin().from_disk(file)) for file in files] == [3, 1]


def test_conll_is_columns_in_iob2(export: Exporter, tmp_path: Path) -> None:
    out = tmp_path / "out.conll"
    export("conll", out, text=True)
    text = out.read_text(encoding="utf-8")
    assert text.count("-DOCSTART- -X- -X- O\n\n") == 4
    rows = [line.split(" ") for line in text.split("\n") if line]
    assert {len(row) for row in rows} == {4}
    tags = [row[3] for row in rows if row[0] != "-DOCSTART-"]
    assert tags[:3] == ["B-PERSON", "I-PERSON", "O"]
    for before, tag in zip(["O", *tags], tags, strict=False):
        assert not tag.startswith("I-") or before[2:] == tag[2:]


def test_conllu_is_parsed_by_its_library(export: Exporter, tmp_path: Path, ids: list[str]) -> None:
    out = tmp_path / "out.conllu"
    export("conllu", out, text=True)
    sentences = conllu.parse(out.read_text(encoding="utf-8"))
    told = [s.metadata["newdoc id"] for s in sentences if "newdoc id" in s.metadata]
    assert told == ids
    assert len({s.metadata["sent_id"] for s in sentences}) == len(sentences)
    named = [token["misc"] and token["misc"].get("NER") for token in sentences[0]]
    assert named[:3] == ["B-PERSON", "I-PERSON", None]


def test_annotation_tools_get_spans_of_the_text(export: Exporter, tmp_path: Path) -> None:
    for name in ("doccano", "labelstudio", "argilla"):
        export(name, tmp_path / name, text=True)
    found = [
        [(row["text"][start:end], label) for start, end, label in row["label"]]
        for row in lines_of(tmp_path / "doccano")
    ]
    assert found[2] == [("Oslo", "GPE"), ("Oslo", "GPE"), ("Ada Lind", "PERSON"), ("bank", "ORG")]
    tasks = json.loads((tmp_path / "labelstudio").read_text(encoding="utf-8"))
    for task, spans in zip(tasks, found, strict=True):
        values = [r["value"] for r in task["predictions"][0]["result"] if r["type"] == "labels"]
        text = task["data"]["text"]
        assert [(v["text"], v["labels"][0]) for v in values] == spans
        assert all(text[v["start"] : v["end"]] == v["text"] for v in values)
    records = json.loads((tmp_path / "argilla").read_text(encoding="utf-8"))
    for record, spans in zip(records, found, strict=True):
        text = record["fields"]["text"]
        said = record["suggestions"]["entities"]["value"]
        assert [(text[s["start"] : s["end"]], s["label"]) for s in said] == spans


def test_a_graph_joins_what_is_named_together(export: Exporter, tmp_path: Path) -> None:
    export("graphml", tmp_path / "out.graphml")
    export("gexf", tmp_path / "out.gexf")
    graph = nx.read_graphml(tmp_path / "out.graphml")
    assert set(graph) == {"person/ada-lind", "place/oslo"}
    assert graph.nodes["place/oslo"] == {"label": "Oslo", "type": "place", "articles": 2}
    edge = graph.edges["person/ada-lind", "place/oslo"]
    assert edge["articles"] == 2
    assert edge["weight"] > 0
    timed = nx.read_gexf(tmp_path / "out.gexf")
    assert timed.nodes["place/oslo"]["start"] == "2025-06-02"
    assert timed.nodes["place/oslo"]["end"] == "2025-06-04"


def test_ninjs_has_media_topics_and_only_its_own_properties(
    export: Exporter, tmp_path: Path
) -> None:
    export("ninjs", tmp_path / "out", text=True)
    items = lines_of(tmp_path / "out")
    valid = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)
    assert [str(error) for item in items for error in valid.iter_errors(item)] == []
    subject = items[0]["subjects"][0]
    assert subject["uri"] == "http://cv.iptc.org/newscodes/mediatopic/11000000"
    assert subject["confidence"] == 81
    ada = {"name": "Ada Lind", "literal": "person/ada-lind", "rel": "mentioned"}
    assert items[0]["people"] == [ada]
    assert items[2]["headlines"][0]["value"] == AWKWARD


def test_follow_the_money_links_people_to_articles(export: Exporter, tmp_path: Path) -> None:
    export("ftm", tmp_path / "out")
    entities = lines_of(tmp_path / "out")
    by_id = {entity["id"]: entity for entity in entities}
    assert len(by_id) == len(entities)
    links = [e["properties"] for e in entities if e["schema"] == "Documentation"]
    named = {by_id[link["entity"][0]]["properties"]["name"][0] for link in links}
    assert named == {"Ada Lind", "Fjord Bank"}
    assert all(by_id[link["document"][0]]["schema"] == "Article" for link in links)


def test_sqlite_has_tables_that_refer_to_each_other_and_full_text(
    export: Exporter, tmp_path: Path
) -> None:
    export("sqlite", tmp_path / "out.sqlite", text=True)
    with closing(sqlite3.connect(tmp_path / "out.sqlite")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = database.execute(
            "SELECT articles.title FROM articles"
            " JOIN articles_fts ON articles.rowid = articles_fts.rowid"
            " WHERE articles_fts MATCH 'mayor'"
        ).fetchall()
        assert found == [("Ada Lind meets Oslo's mayor",)]
        query = "SELECT count(*) FROM article_entities WHERE entity = 'place/oslo'"
        assert database.execute(query).fetchone() == (2,)


@pytest.mark.parametrize("text", [False, True])
def test_feeds_are_read_by_a_feed_reader(export: Exporter, tmp_path: Path, text: bool) -> None:
    export("atom", tmp_path / "out.atom", text=text)
    export("jsonfeed", tmp_path / "out.json", text=text)
    parsed = feedparser.parse((tmp_path / "out.atom").read_bytes())
    assert not parsed.bozo
    assert len(parsed.entries) == 4
    assert parsed.entries[0].tags[0].label == "Politics"
    assert bool(parsed.entries[0].get("summary")) == text
    feed = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [item["title"] for item in feed["items"]][2] == AWKWARD
    assert ("summary" in feed["items"][0]) == text
