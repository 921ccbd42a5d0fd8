from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.activity import unusual

TODAY = date(2025, 6, 30)


def days(*counts: int, until: int = 0) -> dict[date, int]:
    """Articles of days in their order, the last of them `until` days ago."""
    end = TODAY - timedelta(days=until)
    return {end - timedelta(days=n): count for n, count in enumerate(reversed(counts))}


@pytest.mark.parametrize(
    ("by_day", "says"),
    [
        (days(*[5] * 28), ""),
        (days(*[5] * 28, until=3), ""),
        (days(*[5] * 28, until=4), "silent for 4 days; it gave 5.0 a day before"),
        (days(*[1, 0, 0] * 9, 1, until=25), ""),
        (days(*[1, 0, 0] * 9, 1, until=28), "silent for 28 days; it gave 0.4 a day before"),
        (days(*[5] * 28, until=60), "silent for 60 days; it gave 5.0 a day before"),
        (days(*[5] * 28, 50), "gave 50 articles on 2025-06-30; it gave 5.0 a day before"),
        (days(*[5] * 28, 50, 5), "gave 50 articles on 2025-06-29; it gave 5.0 a day before"),
        (days(*[5] * 28, 49), ""),
        (days(*[1] * 28, 19), ""),
        (days(500), ""),
        (days(500, until=9), ""),
        (days(*[0] * 27, 3, until=9), ""),
        ({}, ""),
    ],
)
def test_silence_and_floods_are_reported_and_nothing_else(
    by_day: dict[date, int], says: str
) -> None:
    assert unusual(by_day, TODAY) == says


def test_days_ahead_of_today_are_not_believed() -> None:
    ahead = {TODAY + timedelta(days=300): 9}
    assert unusual(days(*[5] * 28, until=9) | ahead, TODAY).startswith("silent for 9 days")
