"""The topic model: the shipped one at work, and any model through saving and loading."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError
from models.tags import OTHER
from nlp.topics.fit import lexicon_model
from nlp.topics.model import PRETRAINED, TopicModel
from nlp.topics.taxonomy import load_taxonomy

SHIPPED = TopicModel.load()

CLEAR = [
    (
        "diplomacy",
        "Foreign ministers of Norland and Sudria meet for talks",
        "The ambassadors said the summit would restore diplomatic relations between both capitals.",
    ),
    (
        "sport",
        "Harbour United beat Castle Rovers in cup final",
        "The striker scored twice before half-time as the league champions lifted the trophy.",
    ),
    (
        "economy",
        "Central bank raises interest rates as inflation climbs",
        "Economists and investors expect slower growth, and shares fell in early trading.",
    ),
    (
        "gaming",
        "Lantern Keep arrives on PlayStation and Xbox in spring",
        "The role-playing game lets players explore an open world with new multiplayer quests.",
    ),
    (
        "crime",
        "Man charged with murder after stabbing in Millbrook",
        "Police arrested a suspect, and prosecutors told the court he will stand trial in May.",
    ),
    (
        "health",
        "Hospitals see fewer patients with measles after vaccine drive",
        "Doctors said the treatment of the disease has improved since the outbreak.",
    ),
]


@pytest.mark.parametrize(("slug", "title", "summary"), CLEAR)
def test_the_shipped_model_knows_a_clear_case(slug: str, title: str, summary: str) -> None:
    (topics,) = SHIPPED.tag([(title, summary)])
    assert topics[0].slug == slug
    assert 0.5 < topics[0].score <= 1


def test_an_article_of_unknown_words_is_other() -> None:
    (topics,) = SHIPPED.tag([("Qwrtz plmkj", "Xyzzq vbnmw")])
    assert [topic.slug for topic in topics] == [OTHER]
    assert 0 <= topics[0].score <= 1


def test_an_empty_article_is_other() -> None:
    assert [t.slug for t in SHIPPED.tag([("", "")])[0]] == [OTHER]


def test_nothing_in_is_nothing_out() -> None:
    assert SHIPPED.tag([]) == []
    assert SHIPPED.rank([]).shape == (0, len(SHIPPED.topics))


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=200)), max_size=5))
def test_any_text_gets_topics_with_scores_best_first(texts: list[tuple[str, str]]) -> None:
    tagged = SHIPPED.tag(texts)
    assert len(tagged) == len(texts)
    for topics in tagged:
        scores = [topic.score for topic in topics]
        assert scores
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_an_article_gets_the_same_scores_alone_and_in_company() -> None:
    texts = [(title, summary) for _, title, summary in CLEAR]
    together = SHIPPED.rank(texts)
    alone = np.concatenate([SHIPPED.rank([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_an_article_on_two_topics_gets_both() -> None:
    text = (
        "Foreign ministers seek a ceasefire as troops shell the border town",
        "Diplomats hope that talks can end the fighting; the army moved tanks to the front.",
    )
    slugs = {topic.slug for topic in SHIPPED.tag([text])[0]}
    assert {"diplomacy", "military"} <= slugs


def test_why_names_words_of_the_article_for_the_best_topic() -> None:
    _, title, summary = CLEAR[0]
    best = SHIPPED.why(title, summary)[0]
    said = {word for word, _ in best.words_for}
    assert best.slug == "diplomacy"
    assert said & {"diplomatic", "foreign", "ministers", "summit", "relations", "ambassadors"}
    assert all(weight > 0 for _, weight in best.words_for)
    assert all(weight < 0 for _, weight in best.words_against)


def test_why_scores_as_tagging_does() -> None:
    _, title, summary = CLEAR[1]
    (topics,) = SHIPPED.tag([(title, summary)])
    assert SHIPPED.why(title, summary)[0].score == pytest.approx(topics[0].score, abs=1e-4)


def test_the_shipped_model_is_small_and_holds_no_pickle() -> None:
    assert sum(path.stat().st_size for path in PRETRAINED.iterdir()) < 5_000_000
    with np.load(PRETRAINED / "weights.npz", allow_pickle=False) as arrays:
        assert {arrays[name].dtype.name for name in arrays.files} <= {"float16", "int8"}


def test_the_shipped_model_has_the_shipped_taxonomy() -> None:
    assert SHIPPED.topics == load_taxonomy()
    assert SHIPPED.languages == ("en",)


def test_a_model_says_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    SHIPPED.save(tmp_path / "model")
    again = TopicModel.load(tmp_path / "model")
    texts = [(title, summary) for _, title, summary in CLEAR]
    assert again.stamp == SHIPPED.stamp
    assert again.tag(texts) == SHIPPED.tag(texts)


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    SHIPPED.save(tmp_path / "one")
    SHIPPED.save(tmp_path / "two")
    for name in ("model.json", "weights.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_other_parameters_give_another_stamp() -> None:
    assert lexicon_model([], load_taxonomy()).stamp != SHIPPED.stamp


def test_a_missing_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="slugline topics fit"):
        TopicModel.load(tmp_path)


def test_parts_of_two_models_are_not_taken_for_one(tmp_path: Path) -> None:
    SHIPPED.save(tmp_path)
    head = json.loads((tmp_path / "model.json").read_text())
    head["temperature"] *= 2
    (tmp_path / "model.json").write_text(json.dumps(head))
    with pytest.raises(ModelError, match="one and the same fit"):
        TopicModel.load(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [b"", b"{}", b"[]", b"\xff", b'{"format": 99}', b'{"format": 1, "topics": [{"x": 1}]}'],
)
def test_a_damaged_model_is_refused(tmp_path: Path, damage: bytes) -> None:
    SHIPPED.save(tmp_path)
    (tmp_path / "model.json").write_bytes(damage)
    with pytest.raises(ModelError, match="can't be read"):
        TopicModel.load(tmp_path)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    SHIPPED.save(tmp_path)
    whole = (tmp_path / "weights.npz").read_bytes()
    (tmp_path / "weights.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="can't be read"):
        TopicModel.load(tmp_path)


def test_words_that_tell_a_reader_nothing_are_left_out_of_why() -> None:
    title = "Who is it that could have been at the hospital and why was he there"
    for why in SHIPPED.why(title, "They said that he will be in the new ward over this year.", 50):
        told = {word for word, _ in (*why.words_for, *why.words_against)}
        assert told <= {"hospital", "ward", "the hospital", "the new", "he will"} | {"new ward"}
    health = next(w for w in SHIPPED.why(title, "", 50) if w.slug == "health")
    assert "hospital" in dict(health.words_for)
