"""How pages put things into words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from web import formatting


def test_times_are_shown_in_utc() -> None:
    hong_kong = timezone(timedelta(hours=8))
    assert formatting.moment(datetime(2023, 11, 12, 2, 5, tzinfo=hong_kong)) == "11 Nov 2023, 18:05"
    assert formatting.long_day(datetime(2023, 11, 12, tzinfo=UTC)) == "Sunday 12 November 2023"
    assert formatting.moment(None) == "undated"


def test_spans_do_not_say_things_twice() -> None:
    assert formatting.days(date(2023, 11, 1), date(2023, 11, 30)) == "1 to 30 Nov 2023"
    assert formatting.days(date(2023, 3, 1), date(2023, 11, 2)) == "1 Mar to 2 Nov 2023"
    assert formatting.days(date(2022, 3, 1), date(2023, 3, 1)) == "1 Mar 2022 to 1 Mar 2023"
    assert formatting.days(date(2023, 3, 1), date(2023, 3, 1)) == "1 Mar 2023"


def test_languages_and_countries_have_names() -> None:
    assert formatting.language("fr") == "French"
    assert formatting.language("el") == "Greek"
    assert formatting.language("") == "Language unknown"
    assert formatting.language("zz") == "zz"
    assert formatting.country("FR") == "France"
    assert formatting.country("TW") == "Taiwan"
    assert formatting.country("??") == "??"
