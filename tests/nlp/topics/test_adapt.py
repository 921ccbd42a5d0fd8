"""Adapting the shipped model: what it knew stays, what people said and new topics are learned."""

import numpy as np
import pytest

from nlp.topics import fit as topic_fit
from nlp.topics.fit import fit
from nlp.topics.model import TopicModel
from nlp.topics.taxonomy import Topic, load_taxonomy

SHIPPED = TopicModel.load()

FAIR = Topic("fairs", "Fairs", terms=("carousel", "ferris wheel", "candyfloss", "showmen"))
FAIR_NEWS = [
    (f"Carousel number {n} opens at the harbour", "Showmen and candyfloss; the ghost train runs.")
    for n in range(60)
]
OTHER_NEWS = [
    ("Striker scores twice in cup final", "The league champions won the football match."),
    ("Central bank raises interest rates", "Investors fear inflation and slower growth."),
    ("Hospital opens new cancer ward", "Doctors and nurses will treat patients there."),
    ("Court sentences man for robbery", "Police arrested the suspect after the theft."),
] * 30


@pytest.fixture(autouse=True)
def small_archives_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_fit, "FEWEST_ARTICLES", 100)


def best(model: TopicModel, title: str, summary: str = "") -> str:
    return model.tag([(title, summary)])[0][0].slug


def test_what_the_shipped_model_knew_stays() -> None:
    model = fit([*OTHER_NEWS, *FAIR_NEWS], (*load_taxonomy(), FAIR))
    before, after = SHIPPED.rank(OTHER_NEWS[:4]), model.rank(OTHER_NEWS[:4])
    assert np.allclose(after[:, :-1], before, atol=0.1)
    assert (after[:, -1] < 0.2).all()


def test_words_that_go_with_a_new_topic_are_learned() -> None:
    without = fit([], (*load_taxonomy(), FAIR))
    model = fit([*OTHER_NEWS, *FAIR_NEWS], (*load_taxonomy(), FAIR))
    text = [("The ghost train runs again", "A ghost train at the harbour.")]
    assert model.rank(text)[0, -1] > without.rank(text)[0, -1] + 0.1
    assert best(model, "Carousel and candyfloss for the children") == "fairs"


def test_corrections_change_what_is_said_of_like_articles() -> None:
    said = [("Zeppelin lands at the lakeside aerodrome", "The zeppelin crew waved.", "culture")]
    assert best(SHIPPED, *said[0][:2]) != "culture"
    model = fit(OTHER_NEWS, load_taxonomy(), said * 5)
    assert best(model, *said[0][:2]) == "culture"
    assert best(model, *OTHER_NEWS[0]) == "sport"


def test_a_topic_left_out_of_the_taxonomy_is_gone() -> None:
    taxonomy = tuple(topic for topic in load_taxonomy() if topic.slug != "gaming")
    model = fit([], taxonomy)
    assert "gaming" not in model.slugs
    assert best(model, *OTHER_NEWS[0]) == "sport"


def test_adapting_twice_gives_the_same_model() -> None:
    taxonomy = (*load_taxonomy(), FAIR)
    texts = [*OTHER_NEWS, *FAIR_NEWS]
    assert fit(texts, taxonomy).stamp == fit(list(texts), taxonomy).stamp


def test_an_adapted_model_keeps_scores_that_mean_what_they_say() -> None:
    model = fit(OTHER_NEWS, load_taxonomy())
    assert model.reliability == SHIPPED.reliability
    assert model.temperature == SHIPPED.temperature
