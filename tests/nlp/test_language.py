"""Languages are told from the text alone, short headlines included."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.language import READ, LanguageDetector, readable_part, said_once


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Harbour council votes to widen the northern breakwater"),
        ("en", "Taj hotels sees data breach"),
        ("en", "Fire engulfs old mill, no one hurt"),
        ("pl", "Sejm przyjął ustawę o ochronie brzegów rzeki"),
        ("pl", "Rząd zapowiada nowe drogi"),
        ("fr", "Le conseil municipal approuve l'extension du port de pêche"),
        ("de", "Der Stadtrat stimmt für den Ausbau des Hafens"),
        ("es", "El ayuntamiento aprueba la ampliación del puerto pesquero"),
        ("it", "Il consiglio comunale approva l'ampliamento del porto"),
        ("pt", "A câmara municipal aprova a ampliação do porto de pesca"),
        ("nl", "De gemeenteraad stemt in met de uitbreiding van de haven"),
        ("cs", "Městská rada schválila rozšíření rybářského přístavu"),
        ("uk", "Міська рада схвалила розширення рибальського порту"),
        ("ru", "Городской совет одобрил расширение рыболовного порта"),
        ("sw", "Baraza la jiji limeidhinisha upanuzi wa bandari ya uvuvi"),
        ("ha", "Majalisar birnin ta amince da fadada tashar jiragen ruwa ta kamun kifi"),
        ("zh", "市议会批准扩建渔港并拨款修建防波堤"),
        ("ja", "市議会は漁港の拡張を承認しました"),
        ("ar", "مجلس المدينة يوافق على توسيع ميناء الصيد"),
        ("hi", "नगर परिषद ने मछली बंदरगाह के विस्तार को मंजूरी दी"),
    ],
)
def test_a_headline_is_told_by_its_words(
    detector: LanguageDetector, language: str, text: str
) -> None:
    assert detector.detect([text]) == [language]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "港口扩建"),
        ("zh", "市长辞职"),
        ("zh", "台北下雪"),
        ("ja", "港が再開"),
        ("ja", "市長が辞任"),
        ("ja", "フェリー再開"),
        ("ja", "ﾌｪﾘｰ再開"),
        ("ja", "NHK会長が辞任"),
        ("ja", "円高進行"),
        ("ko", "항구 재개"),
        ("ko", "시장 사임"),
        ("ko", "KBS 사장 사임"),
    ],
)
def test_a_few_signs_of_east_asian_scripts_are_a_headline(
    detector: LanguageDetector, language: str, text: str
) -> None:
    assert detector.detect([text]) == [language]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Veerboot vaart uit"),
        ("nl", "Burgemeester treedt af"),
        ("it", "Neve a Milano"),
        ("it", "Meloni: no al Mes"),
        ("it", "Conte: no al premierato"),
        ("it", "Salvini: sì al Ponte"),
        ("it", "Giorgetti: conti a posto"),
        ("fr", "Séisme au Maroc"),
        ("fr", "Le gel arrive"),
        ("de", "Schnee in München"),
        ("es", "El alcalde viaja a Rabat"),
        ("es", "Feijóo: no al pacto"),
        ("es", "Petro: no al decreto"),
        ("es", "Ayuso: no a la amnistía"),
        ("pt", "Chuva em Lisboa"),
        ("pt", "Lula: não ao golpe"),
        ("ro", "Primarul merge la Cluj"),
        ("sv", "Snö i Stockholm"),
        ("fi", "Lumisade jatkuu"),
        ("hu", "Esik az eső"),
        ("cs", "Sníh v Praze"),
        ("uk", "Уряд подав проєкт"),
        ("ru", "Снег в Москве"),
        ("en", "Snow in Madrid"),
        ("en", "Mayor of Paris resigns"),
    ],
)
def test_function_words_tell_a_short_headline(
    detector: LanguageDetector, language: str, text: str
) -> None:
    assert detector.detect([text]) == [language]


@pytest.mark.parametrize(
    "text", ["", "   ", "Sport", "12:30", "😀😀😀", "\0\0", "https://a.example/b"]
)
def test_what_has_no_words_has_no_language(detector: LanguageDetector, text: str) -> None:
    assert detector.detect([text]) == [""]


def test_a_headline_of_foreign_names_is_in_the_language_that_its_feed_claims(
    detector: LanguageDetector,
) -> None:
    headline = "Nowa Lighthouse Ferry wkrótce"
    assert detector.detect([headline]) == ["en"]
    assert detector.detect([headline], ["pl-PL"]) == ["pl"]


@pytest.mark.parametrize("claim", ["en-US", "de", "pl", "xx", "", "🏴"])
def test_no_claim_is_believed_against_the_text(detector: LanguageDetector, claim: str) -> None:
    text = "Le conseil municipal approuve l'extension du port de pêche et la construction du quai"
    assert detector.detect([text], [claim]) == ["fr"]


def test_a_headline_that_is_its_own_summary_is_read_once() -> None:
    assert said_once("Harbour opens", " Harbour opens ") == "Harbour opens"
    assert said_once("Harbour opens", "At last.") == "Harbour opens\nAt last."


def test_addresses_and_handles_do_not_speak_for_a_text(detector: LanguageDetector) -> None:
    text = (
        "Wir sehen uns morgen am Hafen https://harbour.example/latest/news/update @thecrew #update"
    )
    assert detector.detect([text]) == ["de"]


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_two_letter_code_or_none(detector: LanguageDetector, text: str) -> None:
    (language,) = detector.detect([text])
    assert language == "" or (len(language) == 2 and language.isascii())


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert len(readable_part("word " * 1_000_000)) == READ
