"""Evaluation: its figures against scikit-learn's, and gold files with faults."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import SourceError
from nlp.topics.evaluate import GoldRow, evaluate, mutual_information, read_gold
from nlp.topics.fit import lexicon_model
from nlp.topics.taxonomy import Topic

MODEL = lexicon_model(
    [],
    (
        Topic("chess", "Chess", terms=("chess", "checkmate")),
        Topic("baking", "Baking", terms=("bread", "oven")),
        Topic("sailing", "Sailing", terms=("yacht", "regatta")),
    ),
)


def rows(*cases: tuple[str, str, int]) -> list[GoldRow]:
    return [GoldRow(title, "", topic) for title, topic, times in cases for _ in range(times)]


GOLD = rows(
    ("chess", "chess", 30),
    ("bread", "chess", 10),
    ("bread", "baking", 35),
    ("yacht", "baking", 5),
    ("yacht", "sailing", 10),
)


def test_figures_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import normalized_mutual_info_score, precision_recall_fscore_support

    found = evaluate(MODEL, GOLD)
    gold = [row.topic for row in GOLD]
    best = [{"chess": "chess", "bread": "baking", "yacht": "sailing"}[row.title] for row in GOLD]
    slugs = ["chess", "baking", "sailing"]
    theirs = precision_recall_fscore_support(gold, best, labels=slugs, zero_division=0)
    for number, slug in enumerate(slugs):
        ours = found.topics[slug]
        assert (ours.precision, ours.recall, ours.f1, ours.support) == pytest.approx(
            [column[number] for column in theirs], abs=1e-4
        )
    assert found.accuracy == pytest.approx(75 / 90, abs=1e-4)
    assert found.nmi == pytest.approx(normalized_mutual_info_score(gold, best), abs=1e-4)


def test_macro_f1_leaves_out_topics_with_fewer_than_thirty_rows() -> None:
    found = evaluate(MODEL, GOLD)
    assert found.topics["sailing"].support == 10
    assert found.macro_f1 == pytest.approx(
        (found.topics["chess"].f1 + found.topics["baking"].f1) / 2, abs=1e-4
    )


def test_the_best_two_are_at_least_as_good_as_the_best() -> None:
    found = evaluate(MODEL, rows(("chess bread", "baking", 30), ("chess bread", "chess", 30)))
    assert found.accuracy == pytest.approx(0.5)
    assert found.top2_accuracy == 1


def test_articles_are_counted_and_timed() -> None:
    found = evaluate(MODEL, GOLD)
    assert found.articles == len(GOLD)
    assert found.articles_per_second > 0


def test_a_topic_that_the_model_does_not_know_is_an_error() -> None:
    with pytest.raises(SourceError, match=r"row 2.*'golf'.*chess"):
        evaluate(MODEL, rows(("chess", "chess", 1), ("hole", "golf", 1)))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1))
def test_mutual_information_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    from sklearn.metrics import normalized_mutual_info_score

    one, two = zip(*pairs, strict=True)
    expected = normalized_mutual_info_score(one, two)
    if len(set(one)) == 1 and len(set(two)) == 1:
        expected = 1.0
    assert mutual_information(one, two) == pytest.approx(expected, abs=1e-9)


def gold_file(folder: Path, *lines: str) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


GOOD = json.dumps({"title": "A", "summary": "B", "topic": "chess", "publisher": "x"})


def test_a_gold_file_is_read_and_its_other_keys_ignored(tmp_path: Path) -> None:
    path = gold_file(tmp_path, GOOD, "", GOOD)
    assert read_gold(path) == (GoldRow("A", "B", "chess", "x"),) * 2


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        '{"title": "A", "summary": "B"}',
        '{"title": 3, "summary": "B", "topic": "chess"}',
        '{"title": "A", "summary": null, "topic": "chess"}',
        '{"title": "A", "summary": "B", "topic": ""}',
        "[" * 100_000,
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str) -> None:
    path = gold_file(tmp_path, GOOD, line)
    with pytest.raises(SourceError, match=r"gold\.jsonl, line 2"):
        read_gold(path)


def test_an_empty_or_missing_or_binary_gold_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no gold rows"):
        read_gold(gold_file(tmp_path, "", " "))
    with pytest.raises(SourceError, match="nowhere"):
        read_gold(tmp_path / "nowhere.jsonl")
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SourceError, match="UTF-8"):
        read_gold(binary)


def test_evaluation_sees_what_rank_says() -> None:
    found = evaluate(MODEL, GOLD)
    probability = MODEL.rank([(row.title, row.summary) for row in GOLD])
    slugs = np.array(MODEL.slugs)[probability.argmax(axis=1)]
    right = sum(slug == row.topic for slug, row in zip(slugs, GOLD, strict=True))
    assert found.accuracy == pytest.approx(right / len(GOLD), abs=1e-4)
