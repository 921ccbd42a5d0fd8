"""Organisations by their last word, by it alone and without it, where the article names them."""

from __future__ import annotations

import pytest

from nlp.entities.english.candidates import known_type
from nlp.entities.english.short_names import is_rank, is_team, kind_by_last_word
from nlp.entities.tagger import EntityTagger, Text
from nlp.entities.word_lists import given_names


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger()


def keys(tagger: EntityTagger, title: str, summary: str) -> set[str]:
    (mentions,) = tagger.tag([Text(title, summary, "en")])
    return {mention.entity.key for mention in mentions if mention.entity}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("quentiva labs", "org"),
        ("harbour pharmaceuticals", "org"),
        ("tornesk rd", "place"),
        ("anna hill", ""),
        ("labs", ""),
        ("quentiva orlov", ""),
    ],
)
def test_the_last_word_says_what_a_name_is_unless_a_given_name_opens_it(
    name: str, kind: str
) -> None:
    assert kind_by_last_word(name) == kind


def test_a_team_is_a_place_and_a_word_in_the_plural() -> None:
    assert is_team("Buffalo Bills")
    assert is_team("New York Jets")
    assert not is_team("Buffalo Bill")
    assert not is_team("Anna Holms")
    assert not is_team("New York Times")


def test_a_team_is_known_by_its_last_word_where_it_is_named_in_full(tagger: EntityTagger) -> None:
    summary = "The Buffalo Bills scored three touchdowns against the New York Jets on Sunday."
    found = keys(tagger, "Bills beat Jets again", summary)
    assert {"org/buffalo-bills", "org/new-york-jets"} <= found
    assert not {"org/bills", "org/jets", "person/bills", "person/jets"} & found


def test_a_company_is_known_without_its_last_word(tagger: EntityTagger) -> None:
    found = keys(tagger, "Quentiva opens an office", "Quentiva Labs will hire 40 in Oslo.")
    assert "org/quentiva-labs" in found
    assert not any(key.startswith("person/quentiva") for key in found)


def test_the_letters_of_two_words_are_the_organisation(tagger: EntityTagger) -> None:
    summary = "The policy was approved by the Football Association."
    assert "org/football-association" in keys(tagger, "New FA policy for Wembley", summary)


def test_a_score_says_that_a_citys_club_is_meant(tagger: EntityTagger) -> None:
    found = keys(tagger, "Chelsea 1-0 Leeds: relief for the manager", "Their win was narrow.")
    assert "place/leeds" not in found
    assert "org/leeds" in found


def test_technical_terms_in_capitals_are_not_organisations(tagger: EntityTagger) -> None:
    found = keys(tagger, "How to move photos to a NAS", "An APT group used a DLL and an ETF.")
    assert not {"org/nas", "org/apt", "org/dll", "org/etf"} & found


def test_a_rank_and_its_land_are_no_organisation(tagger: EntityTagger) -> None:
    assert is_rank("duchess of norland")
    assert not is_rank("bank of norland")
    found = keys(tagger, "", "Clara Brandt, the Duchess of Norland, opened the harbour on Monday.")
    assert not {key for key in found if key.startswith("org/")}


@pytest.mark.parametrize(
    ("summary", "key"),
    [
        (
            "It was settled by the Oslo Board of Harbours on Tuesday, its members said.",
            "org/oslo-board-of-harbours",
        ),
        (
            "He works at the Tornesk Institutes of Marine Science, which is in Norway.",
            "org/tornesk-institutes-of-marine-science",
        ),
    ],
)
def test_what_a_body_is_stands_before_of(tagger: EntityTagger, summary: str, key: str) -> None:
    assert key in keys(tagger, "Plan for the port is delayed", summary)


@pytest.mark.parametrize("written", ["US Navy", "US navy", "U.S. Navy", "US capitol police"])
def test_a_states_body_is_known_without_its_capitals(written: str) -> None:
    assert known_type(written) == (len(written), "org")
    assert known_type("US ships")[1] == ""


def test_given_names_are_known_without_their_accents() -> None:
    assert {"sébastien", "sebastien"} <= given_names()
