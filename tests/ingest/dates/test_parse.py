# ruff: noqa: RUF001 - digits of several scripts
"""Dates: every form of the archives and feeds, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates.parse import AmbiguousDateError, doubt, read_date, reads_day_first

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
def test_an_entry_without_a_date_has_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text", ["soon", "2023-13-45", "12", "9" * 400, "0001-01-01T00:00:00+23:59", "Sun, 99 Foo"]
)
def test_a_text_that_is_not_a_date_is_an_error(text: str) -> None:
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


@pytest.mark.parametrize(
    ("text", "right"),
    [
        # year, month, day with other marks
        ("2016/6/29 15:07:41", "2016-06-29T15:07:41"),
        ("2023/11/12", "2023-11-12T00:00:00"),
        ("2023/11/12 10:00:00 +0800", "2023-11-12T02:00:00"),
        ("2023.11.12 10:00:00", "2023-11-12T10:00:00"),
        ("2023. 11. 12. 오후 3:05", "2023-11-12T15:05:00"),
        ("2023年11月12日 10:00", "2023-11-12T10:00:00"),
        ("2023年11月12日 下午3時05分", "2023-11-12T15:05:00"),
        # day, month, year
        ("10-04-2020 19:00 +0400", "2020-04-10T15:00:00"),
        ("12.11.2023 10:00", "2023-11-12T10:00:00"),
        ("13/11/2023 10:00", "2023-11-13T10:00:00"),
        ("11/13/2023 2:05 PM", "2023-11-13T14:05:00"),
        ("11/11/2023", "2023-11-11T00:00:00"),
        ("12-Nov-2023 10:00:00", "2023-11-12T10:00:00"),
        ("2023-Nov-12", "2023-11-12T00:00:00"),
        # 12-hour clocks
        ("Sat, Oct 28 2023 08:28:28 PM", "2023-10-28T20:28:28"),
        ("Mon, 13 Nov 2023 12:15:00 AM", "2023-11-13T00:15:00"),
        ("Mon, 13 Nov 2023 12:15:00 PM", "2023-11-13T12:15:00"),
        ("November 12th 2023 at 4:05 p.m.", "2023-11-12T16:05:00"),
        ("Sun, 12 Nov 2023 1:00:00 PM EST", "2023-11-12T18:00:00"),
        ("Sunday,August 6,2017 13:14 pm", "2017-08-06T13:14:00"),
        # zones
        ("Wed, 12 Jul 2023 10:00:00 CEST", "2023-07-12T08:00:00"),
        ("Sun, 12 Nov 2023 10:00:00 AEST", "2023-11-12T00:00:00"),
        ("Sun Nov 12 10:00:00 CET 2023", "2023-11-12T09:00:00"),
        ("2023-11-12 10:00:00 EST", "2023-11-12T15:00:00"),
        ("2023-11-12 10:00:00 +0000 UTC", "2023-11-12T10:00:00"),
        ("2023-11-12T10:00:00+5:30", "2023-11-12T04:30:00"),
        ("Sun, 12 Nov 2023 10:00:00 +530", "2023-11-12T04:30:00"),
        ("Sun, 12 Nov 2023 10:00:00 GMT+8", "2023-11-12T02:00:00"),
        ("Sun, 12 Nov 2023 10:00:00 UTC-03", "2023-11-12T13:00:00"),
        ("Sunday 12th November 2023 10:00 (BST)", "2023-11-12T09:00:00"),
        ("Nov. 12, 2023, 4:05 p.m. ET", "2023-11-12T21:05:00"),
        ("Jul 12, 2023 4:05 PM ET", "2023-07-12T20:05:00"),
        ("2023-11-12 10:00:00 America/New_York", "2023-11-12T15:00:00"),
        ("12 Nov 2023 10:00:00 Europe/Berlin", "2023-11-12T09:00:00"),
        ("20231112T100000Z", "2023-11-12T10:00:00"),
        ("1699783200", "2023-11-12T10:00:00"),
        # names of months
        ("Do, 31 Okt 2019 23:52:59 -0400", "2019-11-01T03:52:59"),
        ("Mi, 06 Dez 2023 10:00:00 +0100", "2023-12-06T09:00:00"),
        ("Ke, 30 Lok 2013 11:34:37 +0000", "2013-10-30T11:34:37"),
        ("12 listopada 2023, 10:00", "2023-11-12T10:00:00"),
        ("mar, 14 nov 2023 08:00:00 +0100", "2023-11-14T07:00:00"),
        ("1er décembre 2023", "2023-12-01T00:00:00"),
        ("le 12 novembre 2023 à 10h30", "2023-11-12T10:30:00"),
        ("12 de noviembre de 2023 10:00", "2023-11-12T10:00:00"),
        ("zo 12 nov. 2023 10:00", "2023-11-12T10:00:00"),
        ("12 ноября 2023 10:00:00 +0300", "2023-11-12T07:00:00"),
        ("Utorak, June 25, 2019 - 19:32", "2019-06-25T19:32:00"),
        ("Sep 23, 2024", "2024-09-23T00:00:00"),
        ("12 Nov 23 10:00 GMT", "2023-11-12T10:00:00"),
        ("12 نوفمبر 2023 10:30", "2023-11-12T10:30:00"),
        # short years, times with dots, the end of a day
        ("12.11.23", "2023-11-12T00:00:00"),
        ("1.2.99 10:00", "1999-02-01T10:00:00"),
        ("12.11.23 10.30.00", "2023-11-12T10:30:00"),
        ("12.11.2023 10.30", "2023-11-12T10:30:00"),
        ("12.11.2023 klo 9.05", "2023-11-12T09:05:00"),
        ("12 Nov 2023 10.30.00 +0100", "2023-11-12T09:30:00"),
        ("12.11.2023 24:00", "2023-11-13T00:00:00"),
        ("Sun, 31 Dec 2023 24:00:00 +0100", "2023-12-31T23:00:00"),
        # the day of the year, and the form of logs
        ("2023-316", "2023-11-12T00:00:00"),
        ("2024-366T10:00:00Z", "2024-12-31T10:00:00"),
        ("12/Nov/2023:10:00:00 +0100", "2023-11-12T09:00:00"),
        ("[2/Jan/2023:00:00:01 -0500]", "2023-01-02T05:00:01"),
        # eras and digits
        ("令和5年11月12日", "2023-11-12T00:00:00"),
        ("令和元年5月1日", "2019-05-01T00:00:00"),
        ("平成31年4月30日 午後3時05分", "2019-04-30T15:05:00"),
        ("R5.11.12", "2023-11-12T00:00:00"),
        ("٢٠٢٣-١١-١٢ ١٠:٣٠", "2023-11-12T10:30:00"),
        ("١٢ نوفمبر ٢٠٢٣", "2023-11-12T00:00:00"),
        ("۲۰۲۳/۱۱/۱۲", "2023-11-12T00:00:00"),
    ],
)
def test_other_forms_are_read_right(text: str, right: str) -> None:
    assert read_date(text) == datetime.fromisoformat(right).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "13.13.23",
        "1.2.3",
        "2023-366",
        "2023-000",
        "12 Nov 2023 24:01",
        "12/Foo/2023:10:00:00 +0100",
        "12 Nov 2023 10:00 XYZ",
        "12 Nov 2023 13:14 AM",
        "1 Nov to 3 Dec 2023",
        "12 Nov",
        "November 2023",
        "99/99/2023",
        "2023/13/45",
        "Fri 12:00",
    ],
)
def test_what_is_not_one_day_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the text itself
        read_date(text)


def test_a_date_that_can_be_read_two_ways_needs_to_be_told_which() -> None:
    with pytest.raises(AmbiguousDateError):
        read_date("04/05/2023")
    assert read_date("04/05/2023", day_first=True) == datetime(2023, 5, 4, tzinfo=UTC)
    assert read_date("04-05-2023", day_first=False) == datetime(2023, 4, 5, tzinfo=UTC)
    assert read_date("04/05/2023", day_first=False) == datetime(2023, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("others", "language", "right"),
    [
        (["04/05/2023", "13/05/2023"], "", True),
        (["04/05/2023", "05/13/2023"], "", False),
        (["04/05/2023"], "pl", True),
        (["04/05/2023"], "en-US", False),
        (["04/05/2023"], "en-GB", True),
        (["04/05/2023"], "en", None),
        (["13/05/2023", "05/13/2023"], "pl", None),
        (["04/05/2023"], "", None),
    ],
)
def test_a_feeds_other_dates_and_language_tell_the_order(
    others: list[str], language: str, right: bool | None
) -> None:
    assert reads_day_first(others, language) is right


def test_a_month_is_that_of_the_feeds_language() -> None:
    assert read_date("12 listopada 2023", language="hr") == datetime(2023, 10, 12, tzinfo=UTC)
    assert read_date("12 listopada 2023", language="pl") == datetime(2023, 11, 12, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2037, 12, 31)),
    st.sampled_from(
        ["%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d %B %Y %H:%M:%S", "%a, %d %b %Y %I:%M:%S %p"]
    ),
)
def test_a_moment_written_in_any_form_comes_back(moment: datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    assert read_date(moment.strftime(form)) == moment.replace(tzinfo=UTC)
