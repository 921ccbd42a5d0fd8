"""The rebuild's decisions: what is read, how publishers are dealt, how scores are calibrated."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.errors import ModelError, SourceError
from nlp.lexicon import IntArray
from nlp.topic_card import LeftOut
from nlp.topic_corpus import plain_text, read_corpus
from nlp.topic_evaluate import GoldRow
from nlp.topic_learners import ridge
from nlp.topic_rebuild import GROUPS, calibration, publisher_groups
from nlp.topic_student import evened
from nlp.topic_teacher import Teacher
from nlp.topic_words import FloatArray
from nlp.topics import reliable, softmax


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "title": "The harbour council will vote on a new bridge",
        "description": "<p>A <b>bridge</b> &amp; a road.</p>",
        "link": "https://news.example/bridge",
        "language": "en-US",
    } | fields


def archive(folder: Path, *entries: dict[str, Any]) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("01/a_entries.json", json.dumps(entries))
        packed.writestr("01/broken_entries.json", "{")
        packed.writestr("01/sources.json", "[]")
    (folder / "2023-01.zip").write_bytes(buffer.getvalue())
    return folder


def test_only_english_texts_are_learned_from_and_each_title_once(tmp_path: Path) -> None:
    texts = read_corpus(
        archive(
            tmp_path,
            entry(),
            entry(link="https://news.example/again"),
            entry(title="Rada miasta zagłosuje nad nowym mostem w porcie", language="pl-PL"),
            entry(title="Bridge", link="https://news.example/short"),
            entry(title="The council of the harbour has said nothing", link=""),
            entry(title=None, link="https://news.example/none"),
        )
    )
    (text,) = texts
    assert (text.title, text.summary) == (entry()["title"], "A bridge & a road.")
    assert text.host == "news.example"


def test_the_corpus_comes_in_the_same_order_every_time(tmp_path: Path) -> None:
    titles = [f"The council of harbour {n} will vote on a bridge" for n in range(30)]
    folder = archive(tmp_path, *(entry(title=t, link=f"https://x.example/{t}") for t in titles))
    order = [text.title for text in read_corpus(folder)]
    assert sorted(order) == sorted(titles)
    assert order != titles
    assert order == [text.title for text in read_corpus(folder)]


def test_no_archive_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no \.zip"):
        read_corpus(tmp_path)
    (tmp_path / "a.zip").write_text("no archive")
    with pytest.raises(SourceError, match=r"a\.zip"):
        read_corpus(tmp_path)


def test_markup_is_not_text() -> None:
    assert plain_text("<style>p{}</style><p>Fish &amp;amp; chips</p>") == "Fish & chips"
    assert plain_text(None) == ""


def test_every_publisher_is_left_out_exactly_once() -> None:
    rows = [GoldRow("", "", "x", f"p{n}") for n in range(9) for _ in range(10 * n + 1)]
    groups = publisher_groups(rows)
    assert sorted(p for group in groups for p in group) == [f"p{n}" for n in range(9)]
    assert len(groups) == GROUPS


def drawn(probability: FloatArray, seed: int = 0) -> IntArray:
    chance = np.random.default_rng(seed)
    return np.array([chance.choice(len(row), p=row / row.sum()) for row in probability])


def test_calibration_finds_the_temperature_that_was_lost() -> None:
    scores = np.random.default_rng(0).normal(size=(4000, 5)).astype(np.float32) * 2
    labels = drawn(softmax(scores).astype(np.float64))
    temperature, knots = calibration(scores * 3, labels, np.ones(len(labels)))
    assert temperature == pytest.approx(3, rel=0.1)
    assert all(right == pytest.approx(said, abs=0.1) for said, right in knots)


def test_scores_learn_how_often_gold_disagrees_with_what_is_certain() -> None:
    scores = np.random.default_rng(0).normal(size=(4000, 5)).astype(np.float32) * 4
    labels = drawn(softmax(scores).astype(np.float64))
    labels[::4] = drawn(np.ones((1000, 5)))
    temperature, knots = calibration(scores, labels, np.ones(len(labels)))
    said = reliable(softmax(scores / np.float32(temperature)), knots)
    assert said.max() < 0.9
    best, right = said.max(axis=1), said.argmax(axis=1) == labels
    assert best[best > 0.7].mean() == pytest.approx(right[best > 0.7].mean(), abs=0.05)


def test_calibration_never_changes_the_order_of_topics() -> None:
    scores = np.random.default_rng(0).normal(size=(2000, 5)).astype(np.float32)
    temperature, knots = calibration(scores, drawn(np.ones((2000, 5))), np.ones(2000))
    plain = softmax(scores / np.float32(temperature))
    read = reliable(plain, knots)
    assert (np.diff(np.take_along_axis(read, np.argsort(plain, axis=1), axis=1)) >= 0).all()
    assert [x for x, _ in knots] == sorted({x for x, _ in knots})


def test_calibrated_scores_leave_next_to_no_calibration_error() -> None:
    chance = np.random.default_rng(0)
    probability = softmax(chance.normal(size=(4000, 3)).astype(np.float32) * 2)
    slugs = ("a", "b", "c")
    gold = [GoldRow("", "", slugs[chance.choice(3, p=row / row.sum())]) for row in probability]
    honest = LeftOut(gold, probability, slugs, ())
    boastful = LeftOut(gold, softmax(np.log(probability) * 4), slugs, ())
    assert honest.calibration_error() < 0.03
    assert boastful.calibration_error() > 0.1


def test_ridge_is_that_of_scikit_learn() -> None:
    from scipy import sparse
    from sklearn.linear_model import Ridge

    chance = np.random.default_rng(0)
    rows = sparse.random(200, 20, density=0.3, format="csr", dtype=np.float32, rng=chance)
    targets = chance.normal(size=(200, 3)).astype(np.float32)
    weights, bias = ridge(rows, targets, np.ones(200, dtype=np.float32), 0.5)
    theirs = Ridge(alpha=0.5, fit_intercept=False).fit(rows, targets - targets.mean(axis=0))
    assert np.allclose(weights.T, theirs.coef_, atol=1e-3)
    assert np.allclose(bias, targets.mean(axis=0), atol=1e-5)


def test_small_topics_are_not_drowned() -> None:
    probability = np.array([[0.9, 0.1]] * 90 + [[0.1, 0.9]] * 10, dtype=np.float32)
    counts = evened(probability)
    assert counts[-1] > counts[0]


def test_weights_of_another_encoder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match="not the weights"):
        Teacher(tmp_path)
