"""What an engine indexes of a text is what searches ask for, however the text is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.analysis import analyse
from search.text.casing import capitals
from search.text.stems import stem
from search.text.words import spans, words

LANGUAGES = ("", "en", "de", "fr", "pl", "tr", "ru", "ko", "he", "ar", "xx")
PIECES = st.sampled_from(
    [
        *("Gaza", "WHO", "Fed,", "(NATO)", "\u201cGaza", "Madeley\u2019s", "U.S.", ".NET", ".net"),
        *(
            "C++",
            "AT&T",
            "Ankara'da",
            "l'\u00c9lys\u00e9e",
            "Stra\u00dfe",
            "\u0130stanbul",
            "dogs'",
        ),
        *("\u0393\u03b1\u03b6\u03b1.", "\u041a\u0438\u0457\u0432\u2026", '\u05e6\u05d4"\u05dc'),
        *("\u65e5\u672c", "\u0e44\u0e17\u0e22", "A\u0640", "1,000", "\u2014", "e\u0301te\u0301"),
    ]
)
WORDS = st.one_of(PIECES, st.text(max_size=12))


@given(st.lists(WORDS, max_size=12), st.sampled_from(LANGUAGES))
def test_a_text_is_indexed_by_the_words_and_stems_that_searches_ask_for(
    pieces: list[str], language: str
) -> None:
    text = " ".join(pieces)
    read = analyse(text, language)
    assert read.words == [word for chunk in text.split() for word in words(chunk, language)]
    assert read.stems == [stem(word, language) for word in read.words]


@given(WORDS, st.sampled_from(LANGUAGES))
def test_a_piece_that_is_plain_has_the_marks_that_its_words_have(piece: str, language: str) -> None:
    text = f"so said 2 {piece} there"  # behind a word, no sentence begins
    expected = [
        mark
        for chunk in text.split()
        if (found := capitals(chunk, [*spans(chunk, language)]))
        for mark in (*found.acronyms, *(name for name, _, _ in found.names))
    ]
    assert set(analyse(text, language).marks) <= set(expected)


@pytest.mark.parametrize(
    "text", ["A\u0640", "so A\u0640 and B\u0640.", "\u0640", "so \u13a0a", "so \u13a0\u13a1"]
)
def test_a_letter_that_is_left_out_or_folds_to_a_capital_makes_no_mark(text: str) -> None:
    assert analyse(text, "en").marks == []
