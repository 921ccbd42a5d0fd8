"""Each topic's own yes or no: chances that mean what they say, of several topics or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import SourceError
from models.tags import OTHER
from nlp.topics.model import OPINION_UNIT, TopicModel
from nlp.topics.shipped import several
from nlp.topics.shipped.corpus import CorpusText
from nlp.topics.shipped.labels import title_hash
from nlp.topics.shipped.second_opinion import TrainingArticles, second_opinion
from nlp.topics.shipped.several import PARTS, Judgement, labelled, read_several, readings
from nlp.topics.shipped.verdicts import figures, given, marks, with_verdicts

PLAIN = replace(TopicModel.load(), verdicts=None, opinion=None)
TEXTS = [
    ("Striker scores twice in cup final", "The league champions won the match."),
    ("Hospital opens new cancer ward", "Doctors and nurses will treat patients there."),
    ("Court sentences doctor for poisoning patients", "Police arrested him at the hospital."),
    ("A quiet day", "Nothing in particular."),
] * 12
LABELS = [{"sport"}, {"health"}, {"crime", "health"}, set[str]()] * 12


def test_articles_get_all_their_topics_or_none() -> None:
    model = with_verdicts(PLAIN, TEXTS, LABELS)
    found = [{topic.slug for topic in topics} for topics in model.tag(TEXTS[:4])]
    assert found == [{"sport"}, {"health"}, {"crime", "health"}, {OTHER}]
    chances = model.chances(TEXTS)
    wanted = marks(model.slugs, LABELS)
    assert abs(chances.sum() - wanted.sum()) < 0.1 * wanted.sum()
    assert model.verdicts
    assert model.verdicts.best <= model.verdicts.limit
    said = given(chances, model.verdicts.best, model.verdicts.limit)
    assert figures(said, wanted)[2] > 0.95


def test_a_second_opinion_moves_the_chance_of_its_topic_alone() -> None:
    model = with_verdicts(PLAIN, TEXTS, LABELS)
    assert model.verdicts
    word, topic = model.vocabulary.columns["hospital"], model.slugs.index("disaster")
    opinion = np.zeros((len(model.vocabulary), len(model.slugs)), dtype=np.float32)
    opinion[word, topic] = 100
    heard = replace(model, opinion=opinion, verdicts=replace(model.verdicts, second=OPINION_UNIT))
    before, after = model.chances(TEXTS[1:2])[0], heard.chances(TEXTS[1:2])[0]
    assert after[topic] > before[topic]
    assert np.array_equal(np.delete(after, topic), np.delete(before, topic))
    assert np.array_equal(model.rank(TEXTS[1:2]), heard.rank(TEXTS[1:2]))


def test_verdicts_and_opinion_are_saved_with_the_model(tmp_path: Path) -> None:
    model = with_verdicts(PLAIN, TEXTS, LABELS)
    shape = (len(model.vocabulary), len(model.slugs))
    opinion = np.random.default_rng(7).normal(0, 200, shape).astype(np.float32)
    model = replace(model, opinion=opinion).rounded()
    model.save(tmp_path)
    again = TopicModel.load(tmp_path)
    assert again.verdicts == model.verdicts
    assert again.stamp == model.stamp
    assert again.opinion is not None
    assert np.abs(again.opinion).max() == 127
    assert again.tag(TEXTS[:4]) == model.tag(TEXTS[:4])
    assert replace(model, opinion=None).stamp != model.stamp


def test_labels_are_dealt_into_parts_and_what_was_learned_does_not_report() -> None:
    corpus = [CorpusText(f"Headline number {n}", "Text.", "host.example") for n in range(60)]
    labels = {title_hash(text.title): frozenset({"sport"}) for text in corpus[:40]}
    rows = labelled(corpus, labels)
    assert len(rows.texts) == len(rows.topics) == 40
    assert set(rows.parts.tolist()) == set(range(PARTS))
    assert rows.reports.all()
    fewer = labelled(corpus, labels, not_reported=frozenset(list(labels)[:3]))
    assert fewer.texts == rows.texts
    assert fewer.reports.sum() == 37


def test_a_second_opinion_learns_from_articles_without_a_label() -> None:
    """A word that no labelled article has is learned from where unlabelled ones have it."""
    random = np.random.default_rng(3)
    vocabulary = PLAIN.vocabulary
    wanted = np.array([[n % 2 == topic for topic in range(2)] for n in range(40)])
    vectors = np.where(wanted, 1.0, -1.0) + random.normal(0, 0.1, (40, 2))
    told = [("ward", "patients")] * 40
    taught = TrainingArticles(
        labelled=told,
        labelled_vectors=vectors.astype(np.float32),
        wanted=wanted,
        others=told[:2],
        vectors=vectors[:2].astype(np.float32),
        sections=np.array([0, 1], dtype=np.int64),
        unlabelled=[("striker", "striker"), ("senate", "senate")] * 20,
        unlabelled_vectors=np.array([[1.0, -1.0], [-1.0, 1.0]] * 20, dtype=np.float32),
    )
    opinion = second_opinion(taught, vocabulary)
    first, second = (opinion[vocabulary.columns[word]] for word in ("striker", "senate"))
    assert first[0] > 0 > first[1]
    assert second[1] > 0 > second[0]


def test_a_label_that_is_no_topic_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "several_file", lambda language: tmp_path / f"{language}.txt")
    (tmp_path / "en.txt").write_text("0123456789abcdef sport,cheese\n", encoding="utf-8")
    with pytest.raises(SourceError, match="line 1"):
        read_several("en", ["sport"])


def test_topics_behind_a_question_mark_are_accepted_and_not_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "several_file", lambda language: tmp_path / f"{language}.txt")
    lines = "0123456789abcdef sport ?health,crime\nfedcba9876543210 other ?sport\n"
    (tmp_path / "en.txt").write_text(lines, encoding="utf-8")
    assert readings("en", ["sport", "health", "crime"]) == {
        "0123456789abcdef": Judgement(
            frozenset({"sport"}), frozenset({"sport", "health", "crime"})
        ),
        "fedcba9876543210": Judgement(frozenset(), frozenset({"sport"})),
    }
    (tmp_path / "en.txt").write_text("0123456789abcdef sport ?cheese\n", encoding="utf-8")
    with pytest.raises(SourceError, match="line 1"):
        readings("en", ["sport"])


def test_drawn_articles_have_both_readings_and_are_in_no_other_list() -> None:
    first, second, more = (
        readings(f"en-drawn{which}", PLAIN.slugs) for which in ("", "-second", "-more")
    )
    assert first.keys() == second.keys()
    assert len(first) == len(more) == 150
    assert more.keys().isdisjoint({*first, *read_several("en", PLAIN.slugs)})


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_labels_that_come_with_slugline_can_be_read(language: str) -> None:
    labels = read_several(language, PLAIN.slugs)
    assert len(labels) >= 300
    assert sum(len(topics) > 1 for topics in labels.values()) > 50
