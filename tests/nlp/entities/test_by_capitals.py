"""Names that capitals and the words around them tell, where no pipeline reads the language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.entities.quality import judged
from bench.nlp.languages_invented import INVENTED, invented, named
from nlp.entities.by_capitals import is_placed, names_by_capitals, provinces
from nlp.entities.tagger import EntityTagger, Text

LANGUAGES = ("de", "es", "fr", "it", "ru", "uk")
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.5

NAMES = [
    ("de", "Oberst Carsten Weidner spricht", ["Carsten Weidner"]),
    ("de", "Anna Maria Keller und Jürgen Althaus kommen", ["Anna Maria Keller", "Jürgen Althaus"]),
    ("de", "Die Stadtverwaltung von Fulda schließt", []),
    ("de", "Prozess vor dem Landgericht Leipzig", ["Landgericht Leipzig"]),
    ("de", "Die Hallstein AG baut Stellen ab", ["Hallstein AG"]),
    ("fr", "L'ouvreur Mathis Etcheverry marque", ["Mathis Etcheverry"]),
    ("fr", "Par AURORE HOLM Avec Julien Marchal", ["AURORE HOLM", "Julien Marchal"]),
    ("fr", "La Banque de France prévient", ["Banque de France"]),
    ("es", "El general Óscar Palacios habló", ["Óscar Palacios"]),
    ("es", "El Banco de México decide", ["Banco de México"]),
    ("es", "Peregrinos en Santiago de Compostela", []),
    ("it", "La senatrice Giulia Ferranti vota", ["Giulia Ferranti"]),
    ("it", "Lo dice la Banca d'Italia", ["Banca d'Italia"]),
    ("uk", "Депутатка Олена Кравчук виступила", ["Олена Кравчук"]),
    ("ru", "Депутат Олег Карпухин выступил", ["Олег Карпухин"]),
    ("ru", "Роман Толстого вышел", []),
    ("nl", "Anna Keller spreekt", []),
    ("", "Anna Keller", []),
]


@pytest.mark.parametrize(("language", "text", "names"), NAMES)
def test_people_and_organisations_by_their_form(language: str, text: str, names: list[str]) -> None:
    found = [text[span.start : span.end] for span in names_by_capitals(text, language)]
    assert sorted(found) == sorted(names)


@pytest.mark.parametrize(
    ("language", "before", "placed"),
    [
        ("de", "Zugunglück bei ", True),
        ("de", "Der neue ", False),
        ("fr", "séisme à ", True),
        ("fr", "l\u2019armée d\u2019", True),
        ("fr", "au-dessus de la ", False),
        ("it", "torna il lupo sull'", True),
        ("uk", "пожежа на ", True),
        ("nl", "in ", False),
    ],
)
def test_words_that_place_what_follows(language: str, before: str, placed: bool) -> None:
    assert is_placed(f"{before}Tornesk", len(before), language) is placed


def test_a_province_may_have_an_article_before_it() -> None:
    text = "au-dessus de la Bretagne"
    assert is_placed(text, text.index("Bretagne"), "fr", is_province=True)
    assert "Bretagne" in provinces("fr")
    assert provinces("ru") == provinces("nl") == {}


@pytest.mark.parametrize(
    ("language", "title", "keys"),
    [
        ("de", "Streit in Bayern um die Schule", {"place/bavaria"}),
        ("fr", "Un avion survole la Bretagne", {"place/brittany"}),
        ("es", "Un incendio en Andalucía", {"place/andalusia"}),
        ("it", "Maltempo in Toscana e a Bari", {"place/tuscany", "place/bari"}),
        ("ru", "Пожар в Перми", {"place/perm"}),
        ("uk", "Пожежа під Черніговом", {"place/chernihiv"}),
    ],
)
def test_provinces_and_short_cities_are_places(language: str, title: str, keys: set[str]) -> None:
    (mentions,) = EntityTagger({}).tag([Text(title, "", language)])
    assert {mention.entity.key for mention in mentions if mention.entity} == keys


@given(st.sampled_from(LANGUAGES), st.text(max_size=80))
def test_any_text_is_read_and_names_lie_inside_it(language: str, text: str) -> None:
    for span in names_by_capitals(text, language):
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip()


@pytest.mark.parametrize("name", sorted(path.stem for path in INVENTED.glob("*.txt")))
def test_names_in_invented_news_are_rarely_wrong(name: str) -> None:
    rows = [article.row for article in invented(name)]
    pairs = [
        judged(row, found)
        for row, found in zip(rows, named(rows, name.partition("-")[0]), strict=True)
    ]
    right = sum(len(there & said) for there, said in pairs)
    assert right >= LEAST_PRECISION * sum(len(said) for _, said in pairs)
    assert right >= LEAST_RECALL * sum(len(there) for there, _ in pairs)
