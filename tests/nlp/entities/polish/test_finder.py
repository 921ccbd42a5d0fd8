"""Polish names: found in any case, with the span as printed and the nominative as the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.local_names import TABLE, local_name
from nlp.entities.polish.finder import PolishFinder
from nlp.entities.polish.lexicon import local_names
from nlp.entities.tagger import EntityTagger

FINDER = PolishFinder()


def found(title: str, summary: str = "") -> dict[str, str]:
    """Return what is printed and the key of the entity that it stands for."""
    (mentions,) = FINDER.tag([(title, summary)])
    return {m.text: m.entity.key for m in mentions if m.entity}


@pytest.mark.parametrize(
    ("text", "printed", "key"),
    [
        ("Spotkanie z Andrzejem Dudą w pałacu", "Andrzejem Dudą", "person/andrzej-duda"),
        ("O Mariannie Kowalskiej mówią", "Mariannie Kowalskiej", "person/marianna-kowalska"),
        ("Książka Beaty Nowak jest w księgarni", "Beaty Nowak", "person/beata-nowak"),
        ("Prezent dla Karola Wójcika", "Karola Wójcika", "person/karol-wojcik"),
        ("Wczoraj w Tczewie padał deszcz", "Tczewie", "place/tczew"),
        ("Droga do Nowego Sącza zamknięta", "Nowego Sącza", "place/nowy-sacz"),
        ("Kolejny nalot na Kijów. Pomoc dla Kijowa", "Kijowa", "place/kyiv"),
        ("Ceny w Niemczech rosną", "Niemczech", "place/germany"),
        ("Akcje Orlenu drożeją", "Orlenu", "org/pkn-orlen"),
        ("Minister z PiS-u odszedł", "PiS-u", "org/pis"),
        ("W Ministerstwie Zdrowia", "Ministerstwie Zdrowia", "org/ministerstwo-zdrowia"),
        ("Wyrok Sądu Okręgowego w sprawie", "Sądu Okręgowego", "org/sad-okregowy"),
        ("Do Ursuli von der Leyen", "Ursuli von der Leyen", "person/ursula-von-der-leyen"),
        ("Od Komisji Europejskiej", "Komisji Europejskiej", "org/european-commission"),
    ],
)  # fmt: skip
def test_an_inflected_name_is_its_nominative(text: str, printed: str, key: str) -> None:
    assert found(text).get(printed) == key


def test_a_surname_alone_is_the_one_whose_full_name_is_near() -> None:
    said = found("Kaczmarek odchodzi z klubu", "Trener Jan Kaczmarek pożegnał się z drużyną.")
    assert said["Kaczmarek"] == said["Jan Kaczmarek"] == "person/jan-kaczmarek"


def test_people_of_a_country_and_words_that_open_a_sentence_are_no_places() -> None:
    assert found("Polski producent mebli rośnie", "Polacy kupują więcej.") == {}


def test_a_word_in_capitals_that_names_nobody_is_left_out() -> None:
    assert found("Wzrost PKB i niższy VAT", "Nowy telewizor LED z GPS.") == {}


def test_an_institution_ends_where_its_head_is_named() -> None:
    said = found("Mówi szef Polskiego Funduszu Rozwoju Paweł Nowicki")
    assert said == {
        "Polskiego Funduszu Rozwoju": "org/polski-fundusz-rozwoju",
        "Paweł Nowicki": "person/pawel-nowicki",
    }


@given(st.text(max_size=200), st.text(alphabet="AaBbŁłą .,-'\u2013„”\n", max_size=200))
def test_offsets_are_exact_and_nothing_overlaps_in_any_text(title: str, summary: str) -> None:
    (mentions,) = FINDER.tag([(title, summary)])
    texts = {"title": title, "summary": summary}
    for field, text in texts.items():
        behind = 0
        for mention in (m for m in mentions if m.field == field):
            assert text[mention.start : mention.end] == mention.text
            assert mention.start >= behind
            behind = mention.end


def test_polish_names_of_entities_that_other_languages_name_otherwise() -> None:
    assert local_name("place/kyiv", "Kyiv", "pl") == "Kijów"
    assert local_name("place/germany", "Germany", "pl") == "Niemcy"
    assert local_name("org/european-union", "European Union", "pl") == "Unia Europejska"
    assert local_name("place/germany", "Germany", "en") == "Germany"
    assert local_name("place/germany", "Deutschland", "pl") == "Deutschland"  # a person's word
    assert local_name("place/tczew", "Tczew", "pl") == "Tczew"


def test_the_table_of_local_names_is_what_the_gazetteers_say() -> None:
    made = TABLE.read_text(encoding="utf-8")
    assert made == local_names(), "python -m bench.entities.local_names writes it anew"


def test_the_tagger_reads_polish_without_a_pipeline() -> None:
    tagger = EntityTagger({})
    assert tagger.unsupported("pl") == ""
    assert tagger.languages == ("pl",)
    assert FINDER.stamp in tagger.stamp
