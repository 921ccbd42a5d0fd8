"""Searches over time as lines: every time has a point, and a long time is cut where least is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.charts.lines import HEIGHT, MOST_POINTS, STEP, last_day, lines

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def test_times_without_articles_are_points_at_the_bottom() -> None:
    picture = lines([{"2023-11-01": 2, "2023-11-04": 4}, {"2023-11-02": 1}], "day")
    assert picture
    assert picture.times == ("2023-11-01", "2023-11-02", "2023-11-03", "2023-11-04")
    assert [point.y for point in picture.lines[0]] == [50.0, 100.0, 100.0, 0.0]
    assert picture.path(1) == "0,100.0 10,75.0 20,100.0 30,100.0"
    assert (picture.peak, picture.outside, picture.width) == (4, 0, 3 * STEP)


def test_weeks_and_months_follow_each_other() -> None:
    weeks = lines([{"2023-12-25": 1, "2024-01-08": 1}], "week")
    months = lines([{"2023-11": 1, "2024-02": 1}], "month")
    assert weeks
    assert weeks.times == ("2023-12-25", "2024-01-01", "2024-01-08")
    assert months
    assert months.times == ("2023-11", "2023-12", "2024-01", "2024-02")
    assert last_day("2024-02", "month").isoformat() == "2024-02-29"
    assert last_day("2023-12-25", "week").isoformat() == "2023-12-31"


def test_one_wrong_date_does_not_flatten_the_picture() -> None:
    november = {f"2023-11-{day:02}": 9.0 for day in range(1, 31)}
    picture = lines([{"1970-01-01": 1.0, **november}], "day")
    assert picture
    assert len(picture.times) == MOST_POINTS
    assert picture.times[-1] == "2023-11-30"
    assert picture.outside == 1


@pytest.mark.parametrize("series", [[], [{}], [{"2023-11-01": 3.0}]])
def test_fewer_than_two_times_make_no_picture(series: list[dict[str, float]]) -> None:
    assert lines(series, "day") is None


@given(st.lists(st.dictionaries(DAYS.map(str), st.floats(0, 1e6)), max_size=5))
def test_any_values_stay_inside_the_picture(series: list[dict[str, float]]) -> None:
    picture = lines(series, "day")
    for line in picture.lines if picture else ():
        assert len(line) <= MOST_POINTS
        assert all(0 <= point.y <= HEIGHT for point in line)
