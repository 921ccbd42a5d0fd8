"""Two time lines in one picture: the same days for both, and shares of the same news."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from web.charts.against import against
from web.charts.histogram import histogram
from web.charts.lines import HEIGHT

DAYS = st.dates(date(2025, 5, 1), date(2025, 7, 30))


def test_both_are_counted_over_the_days_of_the_picture() -> None:
    news = {date(2025, 6, day): 10 for day in range(1, 5)}
    picture = histogram([("2025-06-02", 5), ("2025-06-04", 1)], news)
    found = against(picture, [("2025-06-04", 2), ("2025-06-01", 1), ("2025-07-01", 3)])
    assert found
    assert [span.first.day for span in found.spans] == [1, 2, 3, 4]
    assert [span.counts for span in found.spans] == [(0, 1), (5, 0), (0, 0), (1, 2)]
    assert found.spans[1].percents == (50.0, 0.0)
    assert found.outside == 3


def test_the_highest_value_of_either_is_at_the_top() -> None:
    news = {date(2025, 6, 1): 100, date(2025, 6, 2): 10}
    found = against(histogram([("2025-06-01", 4)], news), [("2025-06-02", 3)])
    assert found
    counts, shares = found.lines("count"), found.lines("share")
    assert [[point.y for point in line] for line in counts.lines] == [[0, HEIGHT], [HEIGHT, 25]]
    assert (counts.peak, shares.peak) == (4, 30)
    assert shares.lines[1][1].y == 0


def test_a_single_day_makes_no_line() -> None:
    assert against(histogram([("2025-06-01", 4)]), [("2025-06-01", 1)]) is None
    assert against(None, []) is None


@given(
    st.dictionaries(DAYS, st.integers(1, 9), min_size=2), st.dictionaries(DAYS, st.integers(1, 9))
)
def test_no_article_is_lost(mine: dict[date, int], others: dict[date, int]) -> None:
    days = [(day.isoformat(), count) for day, count in others.items()]
    found = against(histogram([(day.isoformat(), n) for day, n in mine.items()], mine), days)
    if found is None:
        assert max(mine) - min(mine) < timedelta(days=1)
        return
    inside = sum(span.counts[1] for span in found.spans)
    assert inside + found.outside == sum(others.values())
