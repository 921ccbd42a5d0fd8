"""Annotations that people corrected come back as their word, from each tool that exported them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.labels import read_labels
from models.article import Rejection
from models.tags import OTHER, Origin, Tags
from nlp.topics.taxonomy import load_taxonomy
from slugline.jobs.labels import Imported, import_labels
from store.store import Store
from tests.conftest import run_slugline
from tests.export.conftest import Exporter, export, filled, ids, options

__all__ = ["export", "filled", "ids", "options"]  # fixtures

TOPICS = [topic.slug for topic in load_taxonomy()]
Row = dict[str, Any]


def taken(store: Store, file: Path, *, confirm: bool = False) -> tuple[Imported, list[Rejection]]:
    refused: list[Rejection] = []
    done = import_labels(store, read_labels(file), TOPICS, refused, confirm=confirm)
    return done, refused


def rows_of(path: Path) -> list[Row]:
    text = path.read_text(encoding="utf-8")
    if text.startswith("["):
        return list(json.loads(text))
    return [json.loads(line) for line in text.split("\n") if line]


def write(path: Path, rows: list[Row], name: str) -> None:
    text = json.dumps(rows) if name != "doccano" else "\n".join(map(json.dumps, rows))
    path.write_text(text, encoding="utf-8")


def answered(name: str, row: Row, spans: list[tuple[int, int, str]], topics: list[str]) -> Row:
    """Return a row as the tool exports it after a person has given these answers."""
    if name == "doccano":
        return row | {"id": 7, "label": [list(span) for span in spans], "cats": topics}
    if name == "argilla":
        said = [{"start": s, "end": e, "label": label} for s, e, label in spans]
        return row | {
            "responses": {
                "entities": [{"value": said, "user_id": "u", "status": "submitted"}],
                "topics": [{"value": topics, "user_id": "u", "status": "submitted"}],
            }
        }
    text = row["data"]["text"]
    result: list[Row] = [
        {"type": "labels", "value": {"start": s, "end": e, "text": text[s:e], "labels": [label]}}
        for s, e, label in spans
    ]
    result.append({"type": "choices", "value": {"choices": topics}})
    return row | {"annotations": [{"result": result, "was_cancelled": False}]}


TOOLS = ("doccano", "labelstudio", "argilla")


@pytest.mark.parametrize("name", TOOLS)
def test_corrections_come_back_and_outlive_tagging(
    name: str, export: Exporter, filled: Store, ids: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "labels"
    export(name, file)
    rows = rows_of(file)
    # The person takes "Oslo" away, calls Ada Lind an organisation, and finds another topic.
    corrected = answered(name, rows[0], [(0, 8, "ORG")], ["politics", "sport"])
    write(file, [corrected], name)
    done, refused = taken(filled, file)
    assert refused == []
    assert [done.articles, done.topics_added, done.topics_removed] == [1, 1, 1]
    assert [done.mentions_added, done.mentions_removed] == [1, 2]
    filled.tags.put([Tags(ids[0], 2, "en", (), (), "another model")])
    (tagged,) = filled.articles.tagged([ids[0]])
    assert [topic.slug for topic in tagged.topics] == ["sport"]
    (mention,) = filled.tags.mentions([ids[0]])[ids[0]]
    assert [mention.text, mention.label, mention.origin] == ["Ada Lind", "ORG", Origin.PERSON]
    assert [entity.key for entity in tagged.entities] == ["org/ada-lind"]
    assert taken(filled, file)[0].topics_removed == 0


@pytest.mark.parametrize("name", TOOLS)
def test_what_people_left_as_it_was_is_unchanged_or_confirmed(
    name: str, export: Exporter, filled: Store, ids: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "labels"
    export("doccano", file, text=True)
    spans = [tuple(span) for span in rows_of(file)[0]["label"]]
    export(name, file, text=True)
    write(file, [answered(name, rows_of(file)[0], spans, ["politics", "culture"])], name)
    before = filled.articles.tagged(ids)
    done, refused = taken(filled, file)
    assert [done.articles, done.unchanged, refused] == [0, 1, []]
    assert filled.articles.tagged(ids) == before
    assert taken(filled, file, confirm=True)[0].articles == 1
    said = filled.tags.provenance(ids)[ids[0]]
    assert said.reviewed
    assert said.topics == (("culture", True), ("politics", True))
    assert taken(filled, file, confirm=True)[0].unchanged == 1


def test_a_summary_that_nobody_was_shown_keeps_its_mentions(
    export: Exporter, filled: Store, ids: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "labels"
    export("doccano", file, text=False)
    write(file, [rows_of(file)[2] | {"label": []}], "doccano")
    taken(filled, file)
    fields = [mention.field for mention in filled.tags.mentions([ids[2]])[ids[2]]]
    assert fields == ["summary"] * 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: row | {"slugline_id": "f" * 20}, "no article of this store"),
        (lambda row: row | {"text": "Something else"}, "is about another text"),
        (lambda row: row | {"cats": ["politcs"]}, "did you mean politics"),
        (lambda row: row | {"label": [[0, 3, "PERSONN"]]}, "did you mean PERSON"),
        (lambda row: row | {"label": [[0, 4000, "ORG"]]}, "not within title or summary"),
        (lambda row: row | {"label": [[-1, 3, "ORG"]]}, "not within title or summary"),
        (lambda row: row | {"label": [["a", 3, "ORG"]]}, "not an offset"),
        (lambda row: {"hello": 1}, "not from doccano"),
        (lambda row: "hello", "not an object"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(
    export: Exporter,
    filled: Store,
    ids: list[str],
    tmp_path: Path,
    change: Callable[[Row], Any],
    reason: str,
) -> None:
    file = tmp_path / "labels"
    export("doccano", file)
    row = rows_of(file)[0]
    file.write_text(f"{json.dumps(change(row))}\nnot json\n", encoding="utf-8")
    before = filled.articles.tagged(ids)
    done, refused = taken(filled, file)
    assert [done.articles, done.refused] == [0, 2]
    assert reason in refused[0].reason
    assert refused[0].where == "labels, line 1"
    assert filled.articles.tagged(ids) == before


def test_offsets_of_label_studio_may_count_utf_16(
    export: Exporter, filled: Store, ids: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "labels"
    export("labelstudio", file)
    row = rows_of(file)[2]
    text = row["data"]["text"]
    start = text.index("Oslo") + 1  # one emoji before it
    value = {"start": start, "end": start + 4, "text": "Oslo", "labels": ["GPE"]}
    row["annotations"] = [{"result": [{"type": "labels", "value": value}]}]
    write(file, [row], "labelstudio")
    (said,) = read_labels(file)
    assert not isinstance(said, Rejection)
    assert said.spans == ((start - 1, start + 3, "GPE"),)


def test_an_article_without_any_topic_is_other(
    export: Exporter, filled: Store, ids: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "labels"
    export("doccano", file)
    write(file, [rows_of(file)[0] | {"cats": []}], "doccano")
    taken(filled, file)
    (tagged,) = filled.articles.tagged([ids[0]])
    assert [topic.slug for topic in tagged.topics] == [OTHER]
    assert taken(filled, file)[0].unchanged == 1


def test_the_command_reports_what_changed_and_what_was_refused(
    own_home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labels.jsonl"
    run_slugline("export", file, "--format", "doccano", "--text", home=own_home)
    rows = rows_of(file)
    rows[0]["cats"] = ["sport", "religion"]
    rows[1]["cats"] = ["sprot"]
    write(file, rows, "doccano")
    done = run_slugline("import-labels", file, "--json", home=own_home)
    assert done.status == 0, done.err
    assert [done.json["articles"], done.json["refused"]] == [1, 1]
    assert done.json["unchanged"] == len(rows) - 2
    assert "did you mean sport?" in done.err
    found = run_slugline("export", tmp_path / "g.jsonl", "--gold", "--json", home=own_home)
    assert found.json["articles"] == 1
