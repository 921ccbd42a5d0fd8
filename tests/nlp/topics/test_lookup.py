"""The topics that a word stands for, by the shipped names and seed terms."""

from __future__ import annotations

import pytest

from nlp.topics.lookup import MOST, topics_for
from nlp.topics.taxonomy import Topic, load_taxonomy


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("war", "military"),
        ("Wojna", "military"),
        ("krieg", "military"),
        ("football", "sport"),
        ("films", "culture"),
        ("miltary", "military"),
        ("World Cup", "sport"),
        ("finance", "economy"),
    ],
)
def test_a_word_of_any_language_leads_to_its_topic(text: str, slug: str) -> None:
    assert topics_for(text, load_taxonomy())[0] == slug


@pytest.mark.parametrize("text", ["", "*", "xyzzy", "\u202e"])
def test_a_word_that_speaks_for_no_topic_leads_nowhere(text: str) -> None:
    assert topics_for(text, load_taxonomy()) == ()


def test_only_topics_of_the_taxonomy_in_use_are_named_and_few_of_them() -> None:
    own = tuple(Topic(f"t{n}", f"T{n}", terms=("harbour", *["x"] * n)) for n in range(9))
    assert len(topics_for("harbour", own)) == MOST
    assert topics_for("war", own) == ()
    chips = Topic("chips", "Chips", terms_in=(("pl", ("półprzewodnik*",)),))
    assert topics_for("półprzewodniki", (chips,)) == ("chips",)
