"""Articles over time as bars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.charts.histogram import HEIGHT, MOST_BARS, Histogram, histogram

FIRST = date(2023, 11, 1)


def picture_of(days: Iterable[tuple[date, int]]) -> Histogram:
    picture = histogram((day.isoformat(), count) for day, count in days)
    assert picture
    return picture


counts = st.lists(
    st.tuples(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 10_000)), min_size=1
)


@given(counts)
def test_every_article_is_in_a_bar_or_counted_beside_them(days: list[tuple[date, int]]) -> None:
    picture = picture_of(days)
    assert picture.total + picture.earlier + picture.later == sum(count for _, count in days)
    assert picture.earlier + picture.later <= 0.01 * sum(count for _, count in days)


@given(counts)
def test_bars_follow_each_other_without_gap_and_fit_the_picture(
    days: list[tuple[date, int]],
) -> None:
    bars = picture_of(days).bars
    for bar, after in pairwise(bars):
        assert after.first == bar.last + timedelta(days=1)
        assert after.x == bar.x + 10
    assert all(0 <= bar.height <= HEIGHT for bar in bars)
    assert all(bool(bar.height) == bool(bar.count) for bar in bars)
    assert len(bars) <= max(MOST_BARS + 1, 202)


@pytest.mark.parametrize(
    ("span", "unit"), [(1, "day"), (62, "day"), (63, "week"), (434, "week"), (600, "month")]
)
def test_the_unit_grows_with_the_span(span: int, unit: str) -> None:
    assert picture_of([(FIRST, 5), (FIRST + timedelta(days=span - 1), 5)]).unit == unit


def test_days_without_articles_have_a_place() -> None:
    picture = picture_of([(FIRST, 2), (FIRST + timedelta(days=3), 4)])
    assert [bar.count for bar in picture.bars] == [2, 0, 0, 4]
    assert picture.peak.first == date(2023, 11, 4)


def test_one_wrong_date_does_not_squeeze_a_month() -> None:
    month = [(FIRST + timedelta(days=n), 100) for n in range(30)]
    picture = picture_of([(date(1970, 1, 1), 3), *month, (date(2038, 1, 19), 1)])
    assert (picture.unit, picture.first, len(picture.bars)) == ("day", FIRST, 30)
    assert (picture.earlier, picture.later) == (3, 1)


def test_nothing_gives_no_picture() -> None:
    assert histogram([]) is None
    assert histogram([("", 3), ("2023-13-01", 2), ("2023-11-01", 0)]) is None


def test_with_the_archive_the_picture_has_all_its_days_and_shares_of_all_news() -> None:
    archive = {date(2025, 6, day): 10 for day in range(1, 11)}
    picture = histogram([("2025-06-03", 5), ("2025-06-04", 1)], archive)
    assert picture is not None
    assert (picture.first, picture.last) == (date(2025, 6, 1), date(2025, 6, 10))
    assert [bar.percent for bar in picture.bars][:5] == [0.0, 0.0, 50.0, 10.0, 0.0]
    assert picture.compared
    assert picture.most_percent == 50.0
    assert picture.shares.split()[2].endswith(",0.0")
    assert len(picture.shares.split()) == 10


def test_what_is_all_news_is_not_compared_with_itself() -> None:
    picture = histogram([("2025-06-03", 5)], {date(2025, 6, 3): 5})
    assert picture is not None
    assert not picture.compared
