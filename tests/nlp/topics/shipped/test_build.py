"""The rebuild's decisions: what is read, how publishers are dealt, how scores are calibrated."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from models.errors import ModelError, SourceError
from nlp.topics.chances import reliable, softmax
from nlp.topics.classifiers import ridge
from nlp.topics.evaluate import GoldRow
from nlp.topics.seed_terms import IntArray
from nlp.topics.shipped.build import GROUPS, calibration, publisher_groups
from nlp.topics.shipped.card import HeldOut, Measurements
from nlp.topics.shipped.corpus import CorpusText, plain_text, read_corpus
from nlp.topics.shipped.encoder import SentenceEncoder
from nlp.topics.shipped.ensemble import evened, joined, reading_order
from nlp.topics.shipped.labels import found_in, listed_in, read_labels, title_hash
from nlp.topics.taxonomy import load_taxonomy


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


def drawn(probability: npt.NDArray[np.floating[Any]], seed: int = 0) -> IntArray:
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
    honest = HeldOut(gold, probability, slugs, ())
    boastful = HeldOut(gold, softmax(np.log(probability) * 4), slugs, ())
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


def test_the_labels_in_the_repository_name_topics_and_hold_no_text() -> None:
    slugs = [topic.slug for topic in load_taxonomy()]
    labels = read_labels(slugs)
    assert len({label.title_hash for label in labels}) == len(labels) > 2000
    assert {label.topic for label in labels} >= set(slugs)


def test_labels_find_their_articles_however_the_title_is_set(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt"
    known, other = title_hash("The harbour votes!"), title_hash("Your stars today")
    path.write_text(f"{known} politics economy\n{other} other\n{'0' * 16} sport\n")
    labels = read_labels(["politics", "economy", "sport"], path)
    corpus = [CorpusText("Your stars today", "", "a"), CorpusText("The Harbour votes", "", "a")]
    ((text, label),) = found_in(corpus, labels)
    assert (text.title, label.topic, label.second) == ("The Harbour votes", "politics", "economy")


@pytest.mark.parametrize("line", ["abc politics", f"{'0' * 16}", f"{'0' * 16} golf"])
def test_a_faulty_label_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "topics.txt"
    path.write_text(line)
    with pytest.raises(SourceError, match=r"topics\.txt, line 1"):
        read_labels(["politics"], path)


def test_listed_articles_are_found_in_the_order_of_the_list(tmp_path: Path) -> None:
    corpus = [CorpusText(title, "", "a") for title in ("one", "two", "three")]
    wanted = [int(title_hash(title), 16) for title in ("three", "gone", "one")]
    np.save(tmp_path / "read.npy", np.array(wanted, dtype=np.uint64))
    assert listed_in(corpus, tmp_path / "read.npy").tolist() == [2, 0]


def test_all_topics_are_read_evenly_and_publishers_without_labels_first() -> None:
    guessed = np.array([0, 0, 0, 0, 1, 1])
    known = np.array([True, False, False, False, False, False])
    assert reading_order(guessed, known).tolist() == [1, 4, 2, 5, 3, 0]


def test_the_sparse_machines_speak_beside_the_student_in_its_own_scale() -> None:
    from scipy import sparse

    chance = np.random.default_rng(0)
    rows = sparse.random(50, 8, density=0.5, format="csr", dtype=np.float32, rng=chance)
    student, one, other = (
        (scale * chance.normal(size=(8, 3)).astype(np.float32), np.zeros(3, dtype=np.float32))
        for scale in (1, 1, 100)
    )
    alone, _ = joined(student, (student, student, student), rows)
    assert np.allclose(alone, student[0], atol=1e-4)
    weights, _ = joined(student, (one, other, one), rows)
    smaller = (other[0] / np.float32(1000), other[1])
    small, _ = joined(student, (one, smaller, one), rows)
    assert np.allclose(weights, small, atol=1e-4)
    assert not np.allclose(weights, student[0], atol=0.1)


def test_a_second_topic_counts_where_an_article_has_two() -> None:
    gold = [GoldRow("", "", "a"), GoldRow("", "", "a"), GoldRow("", "", "b")]
    probability = np.array([[0.9, 0.1], [0.2, 0.8], [0.9, 0.1]], dtype=np.float32)
    told = HeldOut(gold, probability, ("a", "b"), ())
    assert Measurements(told, told, ("", "b", "")).one_of_two_right() == pytest.approx(2 / 3)


def test_weights_of_another_encoder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match="not the weights"):
        SentenceEncoder(tmp_path)
