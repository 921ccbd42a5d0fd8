"""Dates: every form of the archives and feeds, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import doubt, read_date

NOW = datetime(2023, 11, 12, 22, 0, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-12T22:00:18+00:00",
        "2023-11-12 22:00:18+00:00",
        "2023-11-12T22:00:18Z",
        "2023-11-12T23:00:18+01:00",
        "2023-11-12T22:00:18",
        "Sun, 12 Nov 2023 22:00:18 GMT",
        "Sun, 12 Nov 2023 17:00:18 -0500",
    ],
)
def test_every_form_of_one_moment_is_that_moment(text: str) -> None:
    assert read_date(text) == NOW


def test_microseconds_are_kept() -> None:
    assert read_date("2023-11-12 22:00:18.250000+00:00") == NOW.replace(microsecond=250_000)


@pytest.mark.parametrize("text", ["", "  ", "None", "null"])
def test_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text", ["soon", "2023-13-45", "12", "9" * 400, "0001-01-01T00:00:00+23:59", "Sun, 99 Foo"]
)
def test_what_is_no_date_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the text itself
        read_date(text)


@given(
    st.datetimes(
        timezones=st.just(UTC), min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)
    )
)
def test_an_iso_date_comes_back_as_written(moment: datetime) -> None:
    assert read_date(moment.isoformat()) == moment
    assert read_date(moment.isoformat(" ")) == moment


@given(st.text(max_size=60))
def test_any_text_is_a_date_in_utc_or_none_or_a_value_error(text: str) -> None:
    try:
        moment = read_date(text)
    except ValueError:
        return
    assert moment is None or moment.utcoffset() == timedelta(0)


def test_a_date_in_the_future_or_before_feeds_is_doubted() -> None:
    assert not doubt(NOW, NOW)
    assert not doubt(NOW + timedelta(hours=20), NOW)
    assert "future" in doubt(NOW + timedelta(days=3), NOW)
    assert "before" in doubt(datetime(1970, 1, 1, tzinfo=UTC), NOW)
