"""Abbreviations in brackets: what they stand for, and which of them are nobody's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.entities.english.abbreviations import abbreviations, things_abbreviated
from nlp.entities.tagger import EntityTagger, Text


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger()


@pytest.mark.parametrize(
    ("text", "short", "words"),
    [
        ("read by near-infrared spectroscopy (NIRS) at once", "NIRS", "near-infrared spectroscopy"),
        ("a Gaussian mixture model (GMM) sorts them", "GMM", "Gaussian mixture model"),
        ("the Orlen Rivers Trust (ORT) says so", "ORT", "Orlen Rivers Trust"),
        ("many giant squid neurons (GSNs) fire", "GSN", "giant squid neurons"),
    ],
)
def test_the_words_before_a_bracket_are_what_it_abbreviates(
    text: str, short: str, words: str
) -> None:
    assert abbreviations(text) == ((short, words),)


@pytest.mark.parametrize(
    "text", ["the mayor (Labour) spoke", "(NIRS) alone", "seventeen votes (CDU)", "a b (XYZW)"]
)
def test_a_bracket_that_its_words_do_not_spell_explains_nothing(text: str) -> None:
    assert abbreviations(text) == ()


def test_what_says_that_it_is_an_organisation_is_not_taken_for_a_thing() -> None:
    assert things_abbreviated("the central bureau of investigation (CBI) asks") == frozenset()
    assert things_abbreviated("the Orlen Rivers Trust (ORT) says so") == frozenset()
    assert things_abbreviated("giant squid neurons (GSN) fire") == {"GSN"}


@given(st.text(alphabet="aAbB ()-.", max_size=60))
def test_what_an_abbreviation_stands_for_ends_before_its_bracket(text: str) -> None:
    for short, words in abbreviations(text):
        assert f"{words} ({short}" in text
        assert words[0].lower() == short[0].lower()


@pytest.mark.parametrize(
    ("summary", "short"),
    [
        ("The team used laser-induced breakdown spectroscopy (LIBS) in Oslo.", "libs"),
        ("Researchers train a variational lattice filter (VLF) in Oslo. The VLF is fast.", "vlf"),
        ("Doctors in Oslo treat chronic marsh fever (CMF) with it; CMF is rare.", "cmf"),
    ],
)
def test_the_abbreviation_of_a_method_is_no_organisation(
    tagger: EntityTagger, summary: str, short: str
) -> None:
    (mentions,) = tagger.tag([Text("New method is quicker", summary, "en")])
    keys = {mention.entity.key for mention in mentions if mention.entity}
    assert "place/oslo" in keys
    assert not [key for key in keys if key.endswith(f"/{short}")]


def test_what_abbreviates_to_an_organisation_is_one(tagger: EntityTagger) -> None:
    summary = "The paper was bought by Northern Media Investments (NMI) of Abu Dhabi, NMI said."
    (mentions,) = tagger.tag([Text("Paper is sold again", summary, "en")])
    found = {mention.entity.key for mention in mentions if mention.entity}
    assert {"org/northern-media-investments", "org/nmi"} <= found
