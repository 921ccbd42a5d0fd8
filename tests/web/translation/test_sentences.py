"""Sentences of other parts in the language of a page: forms that exist, and values as they are."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import web
from web.translation import localization, sentences
from web.translation.sentences import recognise

ROOT = Path(web.__file__).parents[1]
POLISH = {"Accept-Language": "pl"}


@lru_cache(maxsize=1)
def literals() -> str:
    """Return all texts of the code, those in f-strings piece by piece."""
    own = Path(sentences.__file__)
    found = []
    for folder in ("web", "search", "store", "ingest", "models", "nlp", "slugline"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path != own:
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found += [
                    node.value
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                ]
    return "\n".join(found)


@pytest.mark.parametrize("form", sentences.ALL)
def test_a_form_is_one_that_the_code_says(form: str) -> None:
    pieces = [piece.strip(" .:“”") for piece in re.split(r"\{\w+\}", form)]
    longest = max(pieces, key=len)
    said = literals()
    assert longest in said or all(word in said for word in longest.split(" "))


@pytest.mark.parametrize("form", sentences.ALL)
def test_a_translation_has_the_same_values(form: str) -> None:
    polish = localization.messages("pl")[form]
    names = re.compile(r"\{\w+\}")
    assert sorted(names.findall(polish)) == sorted(names.findall(form))


def test_the_form_that_leaves_least_to_values_is_taken() -> None:
    found = recognise("Ostvar is of the type org, not place.")
    assert found
    assert found[0] == "{entity} is of the type {type}, not {other}"
    assert dict(found[1]) == {"entity": "Ostvar", "type": "org", "other": "place"}
    assert recognise("Nobody says this.") is None


@pytest.mark.parametrize(
    ("address", "polish"),
    [
        ("/search?q=(cyclone", "Nie zamknięto nawiasu."),
        ("/search?q=cyclone+AND", "Po obu stronach AND musi coś stać"),
        ("/search?since=soon&sort=best", "„soon” to nie data"),
        ("/topics/nosuch", "Nie ma tematu „nosuch”."),
        ("/entities/person/nosuch", "Nazwy, które zaczynają się od „nosuch”"),
        ("/nosuch", "Pod tym adresem nie ma strony."),
        ("/compare?q=(a&q=b", "Nie można odczytać „(a”. Nie zamknięto nawiasu."),
    ],
)
def test_faults_are_told_in_polish(demo_client: FlaskClient, address: str, polish: str) -> None:
    page = demo_client.get(address, headers=POLISH).text
    assert polish in page.replace("&#39;", "'")
    assert "“" not in page


def test_quotation_marks_are_those_of_the_language(demo_client: FlaskClient) -> None:
    said = localization.translate_message
    with demo_client.application.test_request_context(headers=POLISH):
        told = said("No article has the words “Zażółć”, “jaźń”.")
        assert told == "Żaden artykuł nie zawiera słów „Zażółć”, „jaźń”."
        assert said("There is no topic 'war'; the nearest is military") == (
            "Nie ma tematu „war”; najbliższy to military"
        )
        assert said('There is no list "O\'Hara"') == "Nie ma listy „O'Hara”"
        assert "The “new” plan" in said("Made the list “The “new” plan”.")
        told = said("This server does not keep what is read (web.reading).")
        assert told == "Ten serwer nie zapisuje, co przeczytano (web.reading)."
        assert localization.quoted("war") == "„war”"
    with demo_client.application.test_request_context():
        assert said("No article has the word “Zażółć”.") == "No article has the word “Zażółć”."
        assert localization.quoted("war") == "“war”"


def test_no_polish_text_has_the_quotation_marks_of_english() -> None:
    assert [text for text in localization.messages("pl").values() if "“" in text] == []


def test_the_feeds_that_a_page_offers_have_titles_in_its_language(demo_client: FlaskClient) -> None:
    assert "Slugline: wszystkie artykuły" in demo_client.get("/", headers=POLISH).text
    assert "Slugline: all articles" in demo_client.get("/").text


def test_what_nobody_foresaw_stays_english(demo_client: FlaskClient) -> None:
    with demo_client.application.test_request_context(headers=POLISH):
        assert localization.translate_message("An unforeseen fault.") == "An unforeseen fault."
        assert localization.translate_message("A fault {with} braces.") == "A fault {with} braces."
        assert localization.translate_message("There is no topic {x}.") == "Nie ma tematu {x}."
    with demo_client.application.test_request_context():
        assert (
            localization.translate_message("A bracket is never closed.")
            == "A bracket is never closed."
        )


def test_nouns_of_two_words_are_counted_in_their_polish_forms(demo_client: FlaskClient) -> None:
    page = demo_client.get("/stories?day=2025-06-05", headers=POLISH).text
    assert "niezależne źródła ·" in page or "niezależnych źródeł ·" in page
    assert "źródłos" not in page
    assert "Artykuły na dzień" in demo_client.get("/", headers=POLISH).text
