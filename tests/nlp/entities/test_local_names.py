"""Without a pipeline, names of the news are known as the language writes them."""

from __future__ import annotations

import pytest

from models.tags import Origin
from nlp.entities.gazetteer import local_names
from nlp.entities.tagger import EntityTagger, Text

ARTICLES = [
    (
        "de",
        "Selenskyj trifft Scholz in Kiew",
        "Danach reiste er nach Moskau und Warschau; die Europäische Union half.",
        {"person/volodymyr-zelensky", "person/olaf-scholz", "place/kyiv", "place/moscow"}
        | {"place/warsaw", "org/european-union"},
    ),
    (
        "fr",
        "Poutine à Moscou",
        "Les Nations unies appellent Netanyahou.",
        {"person/vladimir-putin", "place/moscow", "org/united-nations"}
        | {"person/benjamin-netanyahu"},
    ),
    (
        "es",
        "Zelenski viaja a Nueva York",
        "La Comisión Europea se reúne en Bruselas.",
        {"person/volodymyr-zelensky", "place/new-york", "org/european-commission"}
        | {"place/brussels"},
    ),
    (
        "it",
        "Meloni a Londra",
        "A Mosca le Nazioni Unite.",
        {"person/giorgia-meloni", "place/london", "place/moscow", "org/united-nations"},
    ),
    (
        "uk",
        "Зеленський зустрівся з Байденом",
        "Він прибув до Варшави, потім до Німеччини.",
        {"person/volodymyr-zelensky", "person/joe-biden", "place/warsaw", "place/germany"},
    ),
    (
        "ru",
        "Путин в Москве",
        "Переговоры в Киеве, ждут Евросоюз.",
        {"person/vladimir-putin", "place/moscow", "place/kyiv", "org/european-union"},
    ),
]


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger({})


@pytest.mark.parametrize(("language", "title", "summary", "keys"), ARTICLES)
def test_names_are_the_same_entities_in_every_language(
    tagger: EntityTagger, language: str, title: str, summary: str, keys: set[str]
) -> None:
    (mentions,) = tagger.tag([Text(title, summary, language)])
    assert {mention.entity.key for mention in mentions if mention.entity} == keys
    for mention in mentions:
        field = title if mention.field == "title" else summary
        assert field[mention.start : mention.end] == mention.text
        assert mention.origin is Origin.RULE
    assert tagger.unsupported(language)


def test_the_four_spellings_of_zelensky_are_one(tagger: EntityTagger) -> None:
    for name in ("Zelensky", "Zelenskyy", "Zelenskiy", "Zelenski"):
        (mentions,) = tagger.tag([Text(f"Volodymyr {name}", f"{name} spoke.", "nl")])
        assert {m.entity.key for m in mentions if m.entity} == {"person/volodymyr-zelensky"}


def test_a_language_without_a_list_has_its_countries() -> None:
    assert local_names("nl")["Duitsland"].key == "place/germany"
    assert local_names("") == {}
    assert local_names("xx") == {}
