"""Samples, splits and comparisons, decided by what the articles are and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.record import Record
from export.selection import PARTS, Selection, fingerprint, quotas
from models.article import Article
from models.errors import SourceError, UsageError
from models.stories import StoryName
from models.tags import TaggedArticle, TopicScore
from store.store import Store
from tests.export.conftest import NOW, Exporter


def record(number: int, *, copy_of: int = 0, story: str = "", topic: str = "sport") -> Record:
    def named(n: int) -> str:
        return f"{n:020x}"

    article = Article(
        id=named(number),
        url="",
        title=f"t{number}",
        summary="",
        body="",
        source="s",
        feed="",
        section="",
        language="en",
        published=NOW,
        fetched=NOW,
        version=1,
        duplicate_of=named(copy_of) if copy_of else None,
    )
    told = StoryName(story, story) if story else None
    return Record(TaggedArticle(article, (TopicScore(topic, 1.0),), (), story=told), (), ())


def parts_of(selection: Selection) -> dict[str, str]:
    return {one: part for part in PARTS for one in selection.ids(part)}


@pytest.mark.parametrize("by", ["hash", "time"])
def test_no_story_and_no_copy_is_on_two_sides_of_a_split(by: str) -> None:
    found = [record(n, copy_of=n - 1 if n % 2 == 0 else 0) for n in range(1, 201)]
    found += [record(n, story=f"s{n % 40}") for n in range(201, 401)]
    found += [record(500 + n, copy_of=201 + n) for n in range(40)]  # copies of articles in stories
    with Selection(each.tagged.article.id for each in found) as selection:
        selection.note([each.tagged for each in found], "")
        selection.split(by)
        parts = parts_of(selection)
    assert len(parts) == len(found)
    stories: dict[str, set[str]] = {}
    for each in found:
        article, story = each.tagged.article, each.tagged.story
        if article.duplicate_of:
            assert parts[article.id] == parts[article.duplicate_of]
        if story:
            stories.setdefault(story.id, set()).add(parts[article.id])
    assert {len(sides) for sides in stories.values()} == {1}
    shares = [sum(part == one for part in parts.values()) / len(found) for one in PARTS]
    assert 0.7 < shares[0] < 0.9
    assert min(shares) > 0.03


def test_an_article_stays_in_its_part_as_the_archive_grows() -> None:
    found = [record(n) for n in range(1, 201)]
    sides = []
    for some in (found[:100], found):
        with Selection(each.tagged.article.id for each in some) as selection:
            selection.note([each.tagged for each in some], "")
            selection.split("hash")
            sides.append(parts_of(selection))
    assert sides[0].items() <= sides[1].items()


def test_a_sample_has_each_topic_in_proportion_and_is_the_same_again() -> None:
    found = [record(n, topic="sport" if n % 4 else "crime") for n in range(1, 401)]
    samples = []
    for some in (found, list(reversed(found))):
        with Selection(each.tagged.article.id for each in some) as selection:
            selection.note([each.tagged for each in some], "topic")
            selection.sample(40)
            samples.append(set(selection.ids()))
    assert samples[0] == samples[1]
    crime = {r.tagged.article.id for r in found if r.tagged.topics[0].slug == "crime"}
    assert [len(samples[0]), len(samples[0] & crime)] == [40, 10]


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 1000), min_size=1), st.integers(1, 5000))
def test_quotas_come_to_the_size_and_never_to_more_than_there_is(
    counts: dict[str, int], size: int
) -> None:
    found = quotas(counts, size)
    assert sum(found.values()) == min(size, sum(counts.values()))
    assert all(0 <= found[name] <= counts[name] for name in counts)


def test_the_order_of_keys_makes_no_other_row() -> None:
    one = fingerprint({"a": 1, "b": {"x": 1, "y": 2}}, ("a", "b"))
    assert one == fingerprint({"b": {"y": 2, "x": 1}, "a": 1}, ("a", "b"))
    assert one != fingerprint({"b": {"y": 2, "x": 1}, "a": 2}, ("a", "b"))


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_only_what_changed_since_an_export_is_written(
    export: Exporter, filled: Store, ids: list[str], tmp_path: Path, ending: str
) -> None:
    before = tmp_path / f"before.{ending}"
    export(ending, before, ids[:3], text=True)
    filled.tags.correct(filled.articles.get(ids[0]), "sport", fits=True)
    out = tmp_path / "now.jsonl"
    done = export("jsonl", out, [ids[0], ids[1], ids[3]], since_export=before)
    assert done.changes is not None
    changes = done.changes
    assert [changes.added, changes.changed, changes.removed, changes.unchanged] == [1, 1, 1, 1]
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    assert [line["id"] for line in lines] == [ids[0], ids[3]]
    told = (tmp_path / "now.jsonl.changes.jsonl").read_text(encoding="utf-8").splitlines()
    assert [tuple(json.loads(line).values()) for line in told] == [
        (ids[0], "changed"),
        (ids[3], "added"),
        (ids[2], "removed"),
    ]


def test_an_export_that_cannot_be_compared_is_named(export: Exporter, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("hello")
    with pytest.raises(UsageError, match="jsonl or parquet"):
        export("csv", tmp_path / "out.csv", since_export=other)
    (tmp_path / "bad.jsonl").write_text('{"id": "a"}\n{"id"')
    with pytest.raises(SourceError, match="line 2 is not JSON"):
        export("csv", tmp_path / "out.csv", since_export=tmp_path / "bad.jsonl")


def test_gold_is_what_people_corrected(
    export: Exporter, filled: Store, ids: list[str], tmp_path: Path
) -> None:
    assert export("jsonl", tmp_path / "none.jsonl", gold=True).articles == 0
    filled.tags.correct(filled.articles.get(ids[0]), "culture", fits=False)
    filled.tags.correct_mentions(ids[2], ())
    assert export("jsonl", tmp_path / "gold.jsonl", gold=True).articles == 2


def test_a_split_is_a_directory_with_three_files_and_their_description(
    export: Exporter, tmp_path: Path
) -> None:
    done = export("csv", tmp_path / "parts", split="hash")
    names = {path.name for path in (tmp_path / "parts").iterdir()}
    assert {"train.csv", "validation.csv", "test.csv", "croissant.json", "README.md"} <= names
    assert sum(done.parts.values()) == done.articles == 4
