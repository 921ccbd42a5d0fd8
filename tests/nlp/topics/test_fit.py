"""Fitting: what is learned without labels, from few articles, and from a person's own taxonomy."""

import random
from collections.abc import Sequence

import pytest

from models.errors import ModelError
from models.tags import OTHER
from nlp.topics import fit as topic_fit
from nlp.topics.fit import fit, lexicon_model, make_vocabulary
from nlp.topics.model import TopicModel
from nlp.topics.seed_terms import NONE, lexicon_scores, lexicon_weights, pseudo_labels
from nlp.topics.taxonomy import Topic, load_taxonomy

TAXONOMY = (
    Topic("chess", "Chess", terms=("chess", "grandmaster", "checkmate", "queen's gambit")),
    Topic("baking", "Baking", terms=("bread", "sourdough", "oven", "flour")),
    Topic("sailing", "Sailing", terms=("yacht", "regatta", "mainsail", "spinnaker")),
)
COMPANY = {
    "chess": [
        "rook",
        "bishop",
        "pawn",
        "opponent",
        "tournament",
        "blunder",
        "endgame",
        "castling",
        "rating",
        "board",
    ],
    "baking": [
        "yeast",
        "crust",
        "recipe",
        "butter",
        "pastry",
        "rolls",
        "kneading",
        "loaf",
        "cinnamon",
        "dough",
    ],
    "sailing": [
        "wind",
        "harbour",
        "crew",
        "keel",
        "ocean",
        "race",
        "skipper",
        "anchor",
        "port",
        "deck",
    ],
}
FILLER = [f"filler{number}" for number in range(200)]


def invented(articles: int, seed: int = 0) -> list[tuple[str, str]]:
    """Articles that keep company with one topic; one in three also has its seed terms."""
    chance = random.Random(seed)  # noqa: S311 - invented texts, not secrets
    texts = []
    for number in range(articles):
        topic = TAXONOMY[number % len(TAXONOMY)]
        words = chance.sample(COMPANY[topic.slug], 4) + chance.sample(FILLER, 6)
        if chance.random() < 0.33:
            words += chance.sample(topic.terms, 2)
        chance.shuffle(words)
        texts.append((" ".join(words[:4]), " ".join(words[4:])))
    return texts


@pytest.fixture
def small_archives_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_fit, "FEWEST_ARTICLES", 300)


def best(model: TopicModel, title: str, summary: str = "") -> str:
    return model.tag([(title, summary)])[0][0].slug


def test_words_that_keep_company_with_seed_terms_are_learned(small_archives_learn: None) -> None:
    model = fit(invented(900), TAXONOMY)
    assert best(model, "Rook and pawn endgame", "A bishop blunder on the board") == "chess"
    assert best(model, "Butter in the dough", "A loaf of yeast pastry with crust") == "baking"
    assert "900 articles" in model.recipe


def test_the_same_input_gives_the_same_model(small_archives_learn: None) -> None:
    texts = invented(600)
    assert fit(texts, TAXONOMY).stamp == fit(list(texts), TAXONOMY).stamp


def test_a_fitted_model_says_the_same_once_saved(
    small_archives_learn: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    model = fit(invented(600), TAXONOMY)
    folder = tmp_path_factory.mktemp("model")
    model.save(folder)
    again = TopicModel.load(folder)
    assert again.stamp == model.stamp
    assert again.tag(invented(9, seed=1)) == model.tag(invented(9, seed=1))


def test_corrections_of_people_are_learned_from(small_archives_learn: None) -> None:
    texts = invented(600)
    said = [("Zugzwang again", "zugzwang for the challenger", "chess")] * 40
    without, taught = fit(texts, TAXONOMY), fit([*texts, *(s[:2] for s in said)], TAXONOMY, said)
    assert "zugzwang" not in without.vocabulary.columns
    assert best(taught, "Zugzwang in the challenger match", "zugzwang") == "chess"
    assert "40 corrections" in taught.recipe


def test_a_correction_to_an_unknown_topic_is_an_error() -> None:
    with pytest.raises(ModelError, match="'golf'"):
        fit([], TAXONOMY, [("A hole in one", "", "golf")])


def test_a_small_archive_gets_the_seed_terms_alone_and_says_so() -> None:
    model = fit(invented(50), TAXONOMY)
    assert "seed terms alone" in model.recipe
    assert best(model, "Sourdough bread from a cold oven") == "baking"
    assert best(model, "Nothing of the kind", "at all") == OTHER


def test_a_small_archive_with_the_shipped_taxonomy_gets_the_shipped_model() -> None:
    model = fit(invented(50), load_taxonomy())
    assert model.stamp == TopicModel.load().stamp


CHIPS = Topic(
    "semiconductors",
    "Semiconductors",
    terms=(
        "semiconductor",
        "semiconductors",
        "chipmaker",
        "chipmakers",
        "wafer",
        "foundry",
        "lithography",
        "chip factory",
    ),
)
CHIP_NEWS = ("Chipmaker orders lithography machines", "The foundry makes wafers; a wafer plant.")
MATCH = ("Striker scores twice in cup final", "The league champions won the football match.")


def test_a_new_topic_works_beside_the_shipped_ones_even_without_articles() -> None:
    model = fit([], (*load_taxonomy(), CHIPS))
    assert "seed terms for 1;" in model.recipe
    assert best(model, *CHIP_NEWS) == "semiconductors"
    assert best(model, *MATCH) == "sport"


def test_a_new_topic_is_learned_beside_the_shipped_ones(small_archives_learn: None) -> None:
    texts = [*invented(300), *[CHIP_NEWS, MATCH] * 60]
    model = fit(texts, (*load_taxonomy(), CHIPS))
    assert "adapted to 420 articles" in model.recipe
    assert best(model, *CHIP_NEWS) == "semiconductors"
    assert best(model, *MATCH) == "sport"


def test_a_shipped_topic_with_other_seed_terms_is_another_topic() -> None:
    own = Topic("sport", "Sport", terms=("curling", "bandy", "korfball"))
    taxonomy = tuple(own if topic.slug == "sport" else topic for topic in load_taxonomy())
    model = fit([], taxonomy)
    assert "seed terms" in model.recipe
    assert best(model, "Bandy and korfball and curling at the weekend") == "sport"


def test_the_shipped_model_takes_no_part_in_another_language() -> None:
    model = fit([], load_taxonomy(), languages=("pl",))
    assert model.languages == ("pl",)
    assert "seed terms alone" in model.recipe


def test_a_seed_phrase_counts_as_a_phrase() -> None:
    model = lexicon_model([], TAXONOMY)
    assert "queen" not in model.vocabulary.columns
    topics = (Topic("a", "A", terms=("red planet",)), Topic("b", "B", terms=("blue whale",)))
    model = lexicon_model([], topics)
    assert model.rank([("The red planet", "")])[0][0] > 0.9
    assert model.rank([("A red house on another planet", "")])[0][0] == pytest.approx(0.5)


def test_terms_that_no_text_can_match_are_an_error_when_there_are_no_others() -> None:
    with pytest.raises(ModelError, match="No seed term"):
        lexicon_model([], [Topic("a", "A", terms=("?",)), Topic("b", "B", terms=("f-16",))])


def test_only_clear_cases_become_pseudo_labels() -> None:
    texts = [("chess checkmate", ""), ("chess bread", ""), ("filler", ""), ("chess", "")]
    vocabulary = make_vocabulary(texts * 30, TAXONOMY)
    weights = lexicon_weights(TAXONOMY, vocabulary) * 2
    labels = pseudo_labels(lexicon_scores(vocabulary.counts(texts), weights), most_share=1)
    assert labels[0] == 0
    assert labels[1] == labels[2] == NONE


def test_one_topic_never_takes_more_than_its_share_of_labels() -> None:
    import numpy as np

    scores = np.zeros((100, 3), dtype=np.float32)
    scores[:, 0] = np.linspace(5, 50, 100)
    labels = pseudo_labels(scores, most_share=0.06)
    assert (labels == 0).sum() == 6
    assert set(np.flatnonzero(labels == 0)) == set(range(94, 100))


def vocabulary_of(texts: Sequence[tuple[str, str]]) -> set[str]:
    return set(make_vocabulary(texts, TAXONOMY).terms)


def test_rare_and_ubiquitous_words_and_bare_numbers_are_left_out() -> None:
    texts = [("the common word", f"2023 number{n}") for n in range(20)]
    texts += [("thrice", ""), ("thrice", ""), ("thrice", "")]
    terms = vocabulary_of(texts)
    assert "thrice" in terms
    assert not terms & {"common", "2023", "number3"}
    assert "chess" in terms
