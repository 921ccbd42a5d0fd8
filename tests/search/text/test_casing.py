"""Capital letters are kept where they tell words apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.analysis import analyse
from search.text.casing import mark_of
from search.text.stems import stem
from search.text.words import fold, words


def marks_in(text: str, language: str = "en") -> list[str]:
    return sorted(analyse(text, language).marks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rate is set by the Fed in May.", ["Fed", "May"]),
        ("Fed hens lay more, says WHO of the US", ["US", "WHO"]),
        (
            "It rained all day long here. Turkey won, and then the \u201cMen\u201d left for Turkey",
            ["Turkey"],
        ),
        ("Man Fed Up With WHO Advice Again", ["WHO"]),
        ("STRIKE AT THE HARBOUR, SAYS WHO", []),
        ("a NATOnal McDonald iPhone UNHAPPY-BUNCHES", []),
        ("nothing here", []),
    ],
)
def test_a_mark_is_kept_where_a_capital_says_something(text: str, expected: list[str]) -> None:
    assert marks_in(text) == expected


def test_german_nouns_are_not_marked_but_acronyms_are() -> None:
    assert marks_in("Der Rat der EU tagt mit dem Minister", "de") == ["EU"]


def test_a_typed_word_has_the_mark_that_an_article_has() -> None:
    assert [mark_of(w, fold(w)) for w in ("WHO", "Fed", "who", "iOS", "A", "Łódź")] == [
        *("WHO", "Fed", "", "", "", "Lodz")
    ]


@given(st.text(max_size=80))
def test_no_mark_is_a_word(text: str) -> None:
    read = analyse(text, "en")
    assert not set(read.marks) & set(read.words)


_TEXTS = st.text(max_size=80) | st.lists(
    st.sampled_from(
        ("(.NET", ".net,", "C++.", "U.S.", "l'Ue", "Fed's", "a.", ".", "x#", "R&D)", " ")
    )
).map("".join)


@given(_TEXTS, st.sampled_from(["en", "tr", "de", ""]))
def test_a_text_read_in_pieces_has_the_words_of_the_whole(text: str, language: str) -> None:
    read = analyse(text, language)
    assert read.words == words(text, language)
    assert read.stems == [stem(word, language) for word in read.words]
