from __future__ import annotations

import pytest

from nlp.dateline import dateline


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("DUBLIN (Meridian Wire) \u2014 Talks ended.", "DUBLIN", "(Meridian Wire)"),
        ("ST. JOHN'S, Newfoundland (MW) -- Talks ended.", "ST. JOHN'S", "(MW)"),
        ("OSLO: Talks ended.", "OSLO", ""),
    ],
)
def test_what_stands_before_the_first_sentence_is_found(text: str, place: str, agency: str) -> None:
    found = dateline(text)
    assert found
    assert found.place == place
    assert text[found.end :] == "Talks ended."
    named = text[found.agency.start : found.agency.stop] if found.agency else ""
    assert named == agency


@pytest.mark.parametrize("text", ["", "Talks in Oslo ended.", "UN: ", "Oslo (MW) \u2014 Talks."])
def test_a_text_that_begins_with_its_first_sentence_has_none(text: str) -> None:
    assert dateline(text) is None
