"""How an article writes a name, and the entity that people browse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.entities.canonical import canonical, resolve
from nlp.entities.keys import MAX_SLUG, folded, key_of

CURLY = "\u2019"


@pytest.mark.parametrize(
    ("written", "label", "key", "name", "country"),
    [
        ("Xi Jinping", "PERSON", "person/xi-jinping", "Xi Jinping", ""),
        ("President Xi Jinping", "PERSON", "person/xi-jinping", "Xi Jinping", ""),
        ("XI JINPING", "PERSON", "person/xi-jinping", "Xi Jinping", ""),
        (f"Xi Jinping{CURLY}s", "PERSON", "person/xi-jinping", "Xi Jinping", ""),
        (f"Nancy Pelosi{CURLY}s", "PERSON", "person/nancy-pelosi", "Nancy Pelosi", ""),
        ("Deputy Prime Minister Anna Holm", "PERSON", "person/anna-holm", "Anna Holm", ""),
        ("Sen. Maria Vane", "PERSON", "person/maria-vane", "Maria Vane", ""),
        ("King", "PERSON", "person/king", "King", ""),
        ("Recep Tayyip Erdoğan", "PERSON", "person/recep-tayyip-erdogan", None, ""),
        ("Recep Tayyip Erdogan", "PERSON", "person/recep-tayyip-erdogan", None, ""),
        ("US", "GPE", "place/united-states", "United States", "US"),
        ("U.S.", "GPE", "place/united-states", "United States", "US"),
        ("the United States", "GPE", "place/united-states", "United States", "US"),
        ("America", "GPE", "place/united-states", "United States", "US"),
        ("USA", "ORG", "place/united-states", "United States", "US"),
        ("UK", "GPE", "place/united-kingdom", "United Kingdom", "GB"),
        (f"Britain{CURLY}s", "GPE", "place/united-kingdom", "United Kingdom", "GB"),
        ("Hong Kong", "GPE", "place/hong-kong", "Hong Kong", "HK"),
        ("Czech Republic", "GPE", "place/czechia", "Czechia", "CZ"),
        ("Türkiye", "GPE", "place/turkey", "Turkey", "TR"),
        ("Nato", "ORG", "org/nato", "NATO", ""),
        ("NATO", "GPE", "org/nato", "NATO", ""),
        ("Apec", "ORG", "org/apec", "APEC", ""),
        ("EU", "ORG", "org/european-union", "European Union", ""),
        ("European Union", "ORG", "org/european-union", "European Union", ""),
        ("NYC", "GPE", "place/new-york-city", "New York City", ""),
        ("KARACHI", "GPE", "place/karachi", "Karachi", ""),
        ("Liverpool", "ORG", "org/liverpool", "Liverpool", ""),
        ("Americans", "NORP", "group/american", "American", ""),
        (f"McDonald{CURLY}s", "ORG", "org/mcdonalds", "McDonald's", ""),
        ("Volodymyr Zelenskyy", "PERSON", "person/volodymyr-zelensky", "Volodymyr Zelensky", ""),
        ("习近平", "PERSON", "person/习近平", "习近平", ""),
    ],
)
def test_one_entity_has_many_names(
    written: str, label: str, key: str, name: str | None, country: str
) -> None:
    entity = canonical(written, label)
    assert entity is not None
    assert (entity.key, entity.country) == (key, country)
    assert name is None or entity.name == name


@pytest.mark.parametrize("label", ["DATE", "CARDINAL", "ORDINAL", "MONEY", "PERCENT", "TIME"])
def test_numbers_and_dates_are_no_entities(label: str) -> None:
    assert canonical("20 March", label) is None


@pytest.mark.parametrize("written", ["", "'s", "—", "\0", "😀", "..."])
def test_what_has_no_letters_is_no_entity(written: str) -> None:
    assert canonical(written, "ORG") is None


def test_a_surname_is_the_person_whom_the_article_names_in_full() -> None:
    names = [canonical(name, "PERSON") for name in ("Xi", "Xi Jinping", "Joe Biden", "Biden")]
    resolved = resolve(names)
    assert [name.key for name in resolved if name] == [
        "person/xi-jinping",
        "person/xi-jinping",
        "person/joe-biden",
        "person/joe-biden",
    ]


def test_us_the_pronoun_is_not_the_country() -> None:
    entity = canonical("Us", "GPE")
    assert entity is None or entity.key != "place/united-states"


def test_a_surname_alone_is_whom_the_news_of_the_day_means() -> None:
    (alone,) = resolve([canonical("Biden", "PERSON")])
    assert alone is not None
    assert alone.key == "person/joe-biden"
    _, other = resolve([canonical("Beau Biden", "PERSON"), canonical("Biden", "PERSON")])
    assert other is not None
    assert other.key == "person/beau-biden"


def test_a_surname_of_two_people_in_the_article_stays_by_itself() -> None:
    names = [canonical(name, "PERSON") for name in ("Anna Holm", "Erik Holm", "Holm")]
    assert [name.key for name in resolve(names) if name][-1] == "person/holm"


@given(st.text(max_size=300))
def test_a_key_has_no_blank_and_a_bounded_length(name: str) -> None:
    key = key_of("person", name)
    assert len(key) <= len("person/") + MAX_SLUG + 9
    assert not any(letter.isspace() for letter in key)
    assert key == key_of("person", folded(name)) or len(folded(name)) > MAX_SLUG


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert key_of("work", "a" * 200) != key_of("work", "a" * 201)


def test_a_city_has_one_name_however_it_is_written() -> None:
    assert canonical("Zürich", "GPE") == canonical("Zurich", "GPE") == canonical("ZURICH", "GPE")
