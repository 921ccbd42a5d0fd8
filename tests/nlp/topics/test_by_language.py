"""Each article is scored by the model of its language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nlp.topics.by_language import TopicModels
from nlp.topics.model import PRETRAINED, TopicModel

POLISH = [
    ("Prokuratura zatrzymała podejrzanego o rozbój", "Policja ustaliła, że napadł na kantor."),
    ("Inflacja znów wzrosła, ceny paliw też", "Narodowy Bank Polski podnosi stopy procentowe."),
    ("Msza w katedrze i pielgrzymka wiernych", "Biskup mówił o modlitwie i Ewangelii."),
    ("Rosyjskie rakiety spadły na Charków", "Ukraińska armia odparła atak wojsk na froncie."),
]
SUBJECTS = ["crime", "economy", "religion", "military"]
MOST_BYTES = 2_000_000


@pytest.fixture(scope="module")
def models() -> TopicModels:
    return TopicModels.load()


def test_polish_articles_get_topics_in_any_case_of_their_words(models: TopicModels) -> None:
    best = [topics[0].slug for topics in models.tag(POLISH, "pl")]
    assert best == SUBJECTS


def test_an_article_is_scored_by_the_model_of_its_language(models: TopicModels) -> None:
    english = [("Central bank raises interest rates", "Inflation hurts growth, economists say.")]
    assert models.tag(english, "en") == models.main.tag(english)
    polish = models.of("pl")
    assert polish is not None
    assert models.tag(POLISH, "pl") == polish.tag(POLISH)
    assert models.tag(POLISH, "xx") == [()] * len(POLISH)
    assert models.why(*POLISH[0], "pl")[0].slug == "crime"
    assert models.why(*POLISH[0], "xx") == ()


def test_the_stamp_changes_with_any_model(models: TopicModels) -> None:
    polish = models.of("pl")
    assert polish is not None
    other = TopicModels(models.main, {"pl": replace(polish, temperature=polish.temperature + 1)})
    assert other.stamp != models.stamp
    assert TopicModels.load().stamp == models.stamp
    assert {polish.stamp, models.main.stamp} <= set(models.stamp.split())


def test_a_topic_that_the_main_model_has_not_is_not_given(models: TopicModels) -> None:
    polish = models.of("pl")
    assert polish is not None
    main = TopicModel.load()
    kept = [number for number, slug in enumerate(main.slugs) if slug != "crime"]
    fewer = replace(
        main,
        topics=tuple(main.topics[number] for number in kept),
        weights=main.weights[:, :, kept],
        bias=main.bias[:, kept],
        verdicts=None,
        opinion=None,
    )
    own = TopicModels(fewer, {"pl": polish})
    found = own.tag(POLISH, "pl")
    assert "crime" not in {topic.slug for topics in found for topic in topics}
    assert all(topics for topics in found)
    assert [topics[0].slug for topics in found[1:]] == SUBJECTS[1:]


@pytest.mark.parametrize("language", [path.name for path in sorted(PRETRAINED.glob("??"))])
def test_a_shipped_model_is_small_and_says_how_it_was_made(language: str) -> None:
    folder = PRETRAINED / language
    assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_BYTES
    model = TopicModel.load(folder)
    assert model.languages == (language,)
    assert model.stamp in (folder / "card.md").read_text(encoding="utf-8")
    assert Path(folder / "weights.npz").read_bytes()[:2] == b"PK"
