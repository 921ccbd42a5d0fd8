"""Every engine and every snippet agrees on what a word is."""

from __future__ import annotations

import fnmatch
import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.stems import StemForm, stem, stem_forms
from search.text.words import LONGEST, _spans_of, fold, spans, words
from search.vocabulary import Vocabulary, counted, edit_distance, joined, shape_regex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dock workers' strike", ["dock", "workers", "strike"]),
        ("the mayor\u2019s plan", ["the", "mayor", "plan"]),
        ("don't won\u2019t", ["dont", "wont"]),
        ("l'\u00c9lys\u00e9e d\u2019Orsay", ["elysee", "orsay"]),
        ("O'Brien", ["obrien"]),
        ("U.S. and U.K.", ["us", "and", "uk"]),
        (
            "u.s, the U.S-China talks at 5 p.m",
            ["us", "the", "us", "china", "talks", "at", "5", "pm"],
        ),
        ("A.Novak wrote b.c.example", ["a", "novak", "wrote", "bc", "example"]),
        ("1,000.50 3.5% 2024-05-06", ["1000.50", "3.5", "2024", "05", "06"]),
        ("F-35 covid-19 a_b", ["f", "35", "covid", "19", "a", "b"]),
        ("Łódź naïve Straße İzmir", ["lodz", "naive", "strasse", "izmir"]),
        ("ΕΛΛΆΔΑ \u0451 й", ["ελλαδα", "\u0435", "й"]),
        ("東京の夏", ["東", "京", "の", "夏"]),
        ("हिन्दी समाचार", ["हिन्दी", "समाचार"]),
        ("C++ and C#, F# in C++23", ["c++", "and", "c#", "f#", "in", "c++", "23"]),
        ("ASP.NET or .NET", ["asp", "net", "or", ".net"]),
        ("AT&T, R&D & pay", ["at&t", "r&d", "pay"]),
        ("up+down #strike a++b", ["up", "down", "strike", "a", "b"]),
        ("won 🚢🎉 the ❤️ 🇺🇦👍🏽", ["won", "🚢", "🎉", "the", "❤", "🇺🇦", "👍"]),
        ("ﾌｪﾘｰ ｶﾞ が", ["フ", "ェ", "リ", "ー", "ガ", "が"]),
        ('צה"ל מנכ״ל "שלום"', ["צהל", "מנכל", "שלום"]),
        ("کتاب‌های so­zial", ["کتابهای", "sozial"]),
        ("Málaga São", ["malaga", "sao"]),
        ("كِتَابٌ كتـاب", ["كتاب", "كتاب"]),
        ("l'IA dell’Arte Hawai‘i Sana'a", ["ia", "arte", "hawaii", "sanaa"]),  # noqa: RUF001 - as people write it
        ("\u202e\x00 … —", []),
    ],
)
def test_words_are_what_people_take_for_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Erdoğan'ın Ankara’ya NATO'nun", "tr", ["erdogan", "ankara", "nato"]),  # noqa: RUF001 - as people write it
        ("ANKARA'DA O'Brien", "tr", ["ankara", "obrien"]),
        ("Harry'ego i Trump'owi", "pl", ["harry", "i", "trump"]),
        ("Sana'a", "en", ["sanaa"]),
    ],
)
def test_endings_behind_an_apostrophe_are_left_off_where_a_language_has_them(
    text: str, language: str, expected: list[str]
) -> None:
    assert words(text, language) == expected


@given(st.text(max_size=200))
def test_spans_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    end = 0
    for start, stop, word in spans(text):
        assert end <= start < stop <= len(text)
        assert 0 < len(word) <= LONGEST
        end = stop


@given(
    st.lists(
        st.sampled_from(
            ("U.S.", "C++", ".NET", "AT&T", "l'Élysée", "Ankara'da", "1,000", "日本", "🙂")
        )
        | st.text(max_size=60)
    ),
    st.sampled_from(("", "en", "tr")),
)
def test_the_words_of_a_text_are_those_between_its_spaces(parts: list[str], language: str) -> None:
    text = " ".join(parts)
    assert tuple(spans(text, language)) == _spans_of(text, language)


@given(st.text(max_size=50))
def test_a_folded_word_stays_as_it_is(text: str) -> None:
    for word in words(text):
        assert fold(word) == word


def test_a_word_has_a_stem_in_each_language() -> None:
    assert stem("elections", "en") == stem("elected", "en") == stem("elections", "")
    assert stem("hauser", "de") == "haus"
    assert stem("warszawie", "pl") == stem("warszawa", "pl") != stem("warszawie", "en")
    assert stem("서울에서", "ko") == stem("서울", "ko") == "서울"
    assert stem("בארהב", "he") == stem("ארהב", "he") == "ארהב"
    assert stem("הממשלה", "he") == stem("ממשלה", "he")
    kyiv = {stem(word, "uk") for word in ("київ", "києві", "києва", "києвом")}
    assert kyiv == {"київ"}
    assert stem("изборите", "bg") == stem("избори", "bg")
    assert stem("საქართველოს", "ka") == stem("საქართველო", "ka")
    assert stem("kyiv", "uk") == "kyiv"
    assert stem("kriza", "sq") == "kriza"
    assert stem("c++", "en") == "c++"
    assert stem("2024", "en") == "2024"
    assert stem_forms("hauser", ("de", "en")) == (
        StemForm("hauser", banned=("de",)),
        StemForm("haus", only=("de",)),
    )
    assert stem_forms("oslo", ("de", "en")) == (StemForm("oslo"),)
    assert stem_forms("Ankara'da", ("tr",)) == (
        StemForm("ankarada", banned=("tr",)),
        StemForm(stem("ankara", "tr"), only=("tr",)),
    )


def vocabulary(*found: str) -> Vocabulary:
    return counted((word, len(word)) for word in sorted(set(found)))


def test_a_vocabulary_is_the_same_read_back() -> None:
    known = vocabulary("a", "bc", "東", "\ud800x")
    again = Vocabulary.from_bytes(known.to_bytes())
    assert list(again.words) == list(known.words)
    assert again.counts.tolist() == known.counts.tolist()
    assert len(Vocabulary.from_bytes(counted([]).to_bytes())) == 0


def test_joined_vocabularies_add_their_counts() -> None:
    both = joined([counted([("a", 1), ("b", 2)]), counted([("b", 3), ("c", 4)])])
    assert dict(zip(both.words, both.counts.tolist(), strict=True)) == {"a": 1, "b": 5, "c": 4}
    assert both.count("b") == 5
    assert both.count("bb") == 0


_WORDS = st.lists(st.text("abcé", min_size=1, max_size=6), max_size=30)


@given(_WORDS, st.text("abcé*?", min_size=1, max_size=8))
def test_a_shape_finds_what_the_shell_would(found: list[str], pattern: str) -> None:
    known = vocabulary(*found)
    matched = [known.words[place] for place in known.matching(pattern)]
    assert matched == [word for word in known.words if fnmatch.fnmatchcase(word, pattern)]


@given(_WORDS, st.text("abcé", max_size=3))
def test_a_prefix_finds_what_begins_so(found: list[str], prefix: str) -> None:
    known = vocabulary(*found)
    matched = [known.words[place] for place in known.with_prefix(prefix)]
    assert matched == [word for word in known.words if word.startswith(prefix)]


def _edits(one: str, other: str) -> int:
    """Optimal string alignment, as the textbook has it."""
    table = np.zeros((len(one) + 1, len(other) + 1), dtype=int)
    table[:, 0], table[0, :] = range(len(one) + 1), range(len(other) + 1)
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i, j] = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return int(table[-1, -1])


@given(st.text("abcd", max_size=7), st.text("abcd", max_size=7), st.integers(0, 3))
def test_edits_are_counted_up_to_a_limit(one: str, other: str, limit: int) -> None:
    assert edit_distance(one, other, limit) == min(_edits(one, other), limit + 1)


@given(_WORDS, st.text("abcé", min_size=1, max_size=6), st.integers(1, 2), st.integers(0, 2))
def test_near_words_are_all_that_are_near(
    found: list[str], word: str, distance: int, prefix: int
) -> None:
    known = vocabulary(*found)
    near = {known.words[place]: edits for edits, place in known.near(word, distance, prefix)}
    expected = {
        other: _edits(word, other)
        for other in known.words
        if _edits(word, other) <= distance and other.startswith(word[:prefix])
    }
    assert near == expected


def test_no_shape_is_slow() -> None:
    began = time.perf_counter()
    assert shape_regex("*a" * 30 + "*b").search("a" * LONGEST) is None
    assert shape_regex("*?" * 30 + "b").search("a" * LONGEST) is None
    assert time.perf_counter() - began < 0.5


def test_a_shape_is_no_expression() -> None:
    assert shape_regex("a.b(").search("a.b(")
    assert not shape_regex("a.b").search("axb")
    assert isinstance(shape_regex("[*]"), re.Pattern)
