from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from nlp.trends import CLEAR, ComparedDays, CountChange, days_there, g_squared, ratio, rises, series


def counted(name: str, now: int, before: int) -> CountChange:
    return CountChange("topic", name, name.title(), now, before)


def test_what_rises_is_listed_the_clearest_first_and_what_falls_is_not() -> None:
    found = rises(
        [
            counted("flood", 60, 20),
            counted("budget", 100, 400),
            counted("strike", 200, 20),
            counted("summit", 10, 400),
        ],
        now=1000,
        before=4000,
        limit=10,
    )
    assert [rise.key for rise in found] == ["strike", "flood"]
    assert found[0].strength > found[1].strength >= CLEAR
    assert (found[0].now, found[0].before, found[0].name) == (200, 20, "Strike")


def test_what_is_new_has_a_ratio_too() -> None:
    (rise,) = rises([counted("eruption", 12, 0)], 1000, 4000, 10)
    assert rise.ratio == pytest.approx((12.5 / 1001) / (0.5 / 4001), abs=0.01)


def test_a_few_articles_are_not_a_trend_however_new() -> None:
    assert rises([counted("eruption", 4, 0)], 100, 40_000, 10) == ()


def test_more_news_in_all_makes_nothing_rise() -> None:
    assert rises([counted("economy", 1000, 100)], 10_000, 1_000, 10) == ()


def test_nothing_rises_where_there_was_nothing_before() -> None:
    assert rises([counted("economy", 1000, 0)], 10_000, 0, 10) == ()


def test_the_list_is_as_long_as_asked_and_ties_have_an_order() -> None:
    same = [counted(name, 50, 5) for name in ("c", "a", "b")]
    assert [rise.key for rise in rises(same, 1000, 4000, 2)] == ["a", "b"]


COUNTS = st.tuples(
    st.integers(0, 500), st.integers(0, 500), st.integers(500, 5000), st.integers(500, 5000)
)


@given(COUNTS)
def test_the_statistic_is_the_g_test_of_the_textbooks(counts: tuple[int, int, int, int]) -> None:
    here, there, now, before = counts
    mine = g_squared(here, there, now, before)
    if here + there == 0:
        assert mine == pytest.approx(0, abs=1e-6)
        return
    table = [[here, there], [now - here, before - there]]
    if here + there == now + before:
        return
    theirs = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-6)


@given(COUNTS)
def test_now_and_before_are_treated_alike(counts: tuple[int, int, int, int]) -> None:
    here, there, now, before = counts
    assert ratio(here, there, now, before) * ratio(there, here, before, now) == pytest.approx(1)
    assert g_squared(here, there, now, before) == pytest.approx(
        g_squared(there, here, before, now), abs=1e-6
    )


def test_stretches_meet_without_a_gap() -> None:
    stretches = ComparedDays(date(2025, 6, 30), days=7, against=28)
    assert stretches.since == date(2025, 6, 24)
    assert stretches.before == date(2025, 5, 27)
    days = stretches.all_days
    assert (len(days), days[0], days[-1]) == (35, stretches.before, stretches.until)
    assert days[28] == stretches.since


def test_days_without_articles_are_in_the_series() -> None:
    days = ComparedDays(date(2025, 6, 3), 1, 2).all_days
    assert series({date(2025, 6, 3): 5, date(2025, 6, 1): 2, date(2024, 1, 1): 9}, days) == (
        2,
        0,
        5,
    )


@pytest.mark.parametrize(
    ("there", "expected"),
    [(60, (7, 28)), (35, (7, 28)), (10, (2, 8)), (2, (1, 1)), (1, (1, 1))],
)
def test_a_young_archive_is_parted_as_an_old_one(there: int, expected: tuple[int, int]) -> None:
    until = date(2025, 6, 30)
    stray = {date(2025, 5, 28): 1}
    per_day = {until - timedelta(days=n): 100 for n in range(min(there, 35))}
    assert days_there(stray | per_day, until) == expected
