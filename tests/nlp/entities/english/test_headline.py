"""Headlines are read as running text would write them, and no character moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.entities.english.headline import running


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Fire Damages Oslo After Delay", "Fire damages Oslo after delay"),
        (
            "Oslo Teacher Anna Holm Resigns After Deal",
            "Oslo teacher Anna Holm resigns after deal",
        ),
        ("TEACHER RESIGNS IN OSLO, US SAYS", "Teacher resigns in Oslo, US says"),
        ("Anna Holm resigns over a harbour deal", "Anna Holm resigns over a harbour deal"),
        ("Mayor's Plan", "Mayor's Plan"),
        ("", ""),
    ],
)
def test_common_words_lose_the_capital_of_a_headline(headline: str, expected: str) -> None:
    assert running(headline) == expected


def test_a_word_that_the_article_writes_with_a_capital_keeps_it() -> None:
    headline = "First Harbour Bank Shares Fall Sharply"
    assert running(headline, frozenset({"First", "Harbour", "Bank"})).startswith(
        "First Harbour Bank"
    )


@given(st.text(max_size=80))
def test_every_character_keeps_its_place(headline: str) -> None:
    rewritten = running(headline)
    assert len(rewritten) == len(headline)
    assert all(
        new == old or new.lower() == old.lower()
        for new, old in zip(rewritten, headline, strict=True)
    )
