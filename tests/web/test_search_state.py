"""The question that an address asks, and the address of a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from search.engine import Sort
from web.context import WebSettings
from web.search_state import SearchState, read_page, read_search_state

NOW = datetime(2023, 11, 15, 9, tzinfo=UTC)
SETTINGS = WebSettings()

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Z")), min_size=1)
values = st.lists(words.filter(lambda w: len(w) <= 60), max_size=4, unique=True).map(tuple)
days = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))
questions = st.builds(
    SearchState,
    text=words | st.just(""),
    topics=values,
    entities=values,
    sources=values,
    languages=values,
    since=days,
    until=days,
    sort=st.none() | st.sampled_from(Sort),
    page=st.integers(1, 900),
    as_typed=st.booleans(),
    by_story=st.booleans(),
)


def read(*pairs: tuple[str, str]) -> SearchState:
    return read_search_state(MultiDict(pairs), SETTINGS, NOW)


def pairs_of(state: SearchState) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, given in state.args().items()
        for value in (given if isinstance(given, list) else [given])
    ]


@given(questions)
def test_a_question_survives_its_address(state: SearchState) -> None:
    if state.since and state.until and state.since > state.until:
        state = replace(state, since=state.until, until=state.since)
    again = read(*pairs_of(state))
    assert again.args() == state.args()
    assert again.request(20) == state.request(20)
    assert not again.remarks


@given(questions, st.sampled_from(["topic", "entity", "source", "lang"]), words)
def test_a_filter_put_on_and_off_again_leaves_the_question(
    state: SearchState, name: str, value: str
) -> None:
    if not state.has(name, value):
        once = state.toggled(name, value)
        assert once.has(name, value)
        assert once.page == 1
        assert once.toggled(name, value) == replace(state, page=1)


def test_either_of_several_values_can_be_asked_for_and_each_taken_away_again() -> None:
    state = read(("topic", "sport"), ("topic", "-crime"))
    either = state.either("topic", "health")
    assert either
    assert either.topics == ("sport|health", "-crime")
    assert either.has("topic", "health")
    assert either.either("topic", "health") is None
    assert either.toggled("topic", "sport").topics == ("health", "-crime")
    assert either.toggled("topic", "sport|health").topics == ("-crime",)
    # Several sources are alternatives already, and there is nothing to add to what is left out.
    assert read(("source", "a")).either("source", "b") is None
    assert read(("topic", "-crime")).either("topic", "sport") is None


def test_the_last_day_is_part_of_the_span() -> None:
    filters = read(("since", "2023-11-01"), ("until", "2023-11-12")).request(20).filters
    assert filters.since == datetime(2023, 11, 1, tzinfo=UTC)
    assert filters.until == datetime(2023, 11, 13, tzinfo=UTC)


def test_the_days_before_and_after_are_as_many() -> None:
    state = read(("since", "2023-11-06"), ("until", "2023-11-12"), ("page", "3"))
    before, after = state.shifted(-1), state.shifted(1)
    assert before
    assert after
    assert before.args() == {"since": ["2023-10-30"], "until": ["2023-11-05"]}
    assert after.args() == {"since": ["2023-11-13"], "until": ["2023-11-19"]}
    assert read(("since", "2023-11-06")).shifted(1) is None
    assert SearchState(since=date.min, until=date.min).shifted(-1) is None


def test_dates_may_be_written_as_people_say_them() -> None:
    state = read(("since", "last week"), ("until", "2023-11"))
    assert (state.since, state.until) == (date(2023, 11, 6), date(2023, 11, 30))


def test_months_the_wrong_way_round_are_whole_months() -> None:
    state = read(("since", "2023-11"), ("until", "2023-03"))
    assert (state.since, state.until) == (date(2023, 3, 1), date(2023, 11, 30))


def test_days_the_wrong_way_round_are_swapped_and_said_so() -> None:
    state = read(("since", "2023-11-12"), ("until", "2023-11-01"))
    assert (state.since, state.until) == (date(2023, 11, 1), date(2023, 11, 12))
    assert "swapped" in state.remarks[0]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("since", "32 juin", "not a date"),
        ("until", "x" * 500, "not a date"),
        ("sort", "loudest", "not a sort order"),
        ("topic", "x" * 201, "ignored"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_said(name: str, value: str, word: str) -> None:
    state = read((name, value))
    assert state == SearchState()
    assert len(state.remarks) == 1
    assert word in state.remarks[0]
    assert len(state.remarks[0]) < 200


def test_there_is_a_limit_to_filters() -> None:
    state = read(*(("topic", f"t{n}") for n in range(25)))
    assert len(state.topics) == SETTINGS.max_filters
    assert "first 20" in state.remarks[0]


@pytest.mark.parametrize("text", ["", "x", "-3", "1.5", "²", "٣", " ", "1e9"])
def test_a_page_that_is_not_a_number_is_the_first(text: str) -> None:
    assert read_page(MultiDict([("page", text)])) == 1


def test_without_words_the_newest_come_first_and_with_words_the_best() -> None:
    assert read().order is Sort.NEWEST
    assert read(("q", "dam")).order is Sort.RELEVANCE
    assert read(("q", "dam"), ("sort", "newest")).order is Sort.NEWEST


def test_the_order_that_is_meant_anyway_is_not_in_the_address() -> None:
    assert read(("q", "dam"), ("sort", "relevance")).args() == {"q": "dam"}
    assert read(("sort", "newest"), ("page", "1")).args() == {}
