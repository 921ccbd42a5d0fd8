"""How pages put things into words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from web import formatting as wording


def test_times_are_shown_in_utc() -> None:
    hong_kong = timezone(timedelta(hours=8))
    assert wording.moment(datetime(2023, 11, 12, 2, 5, tzinfo=hong_kong)) == "11 Nov 2023, 18:05"
    assert wording.long_day(datetime(2023, 11, 12, tzinfo=UTC)) == "Sunday 12 November 2023"
    assert wording.moment(None) == "undated"


def test_spans_do_not_say_things_twice() -> None:
    assert wording.days(date(2023, 11, 1), date(2023, 11, 30)) == "1 to 30 Nov 2023"
    assert wording.days(date(2023, 3, 1), date(2023, 11, 2)) == "1 Mar to 2 Nov 2023"
    assert wording.days(date(2022, 3, 1), date(2023, 3, 1)) == "1 Mar 2022 to 1 Mar 2023"
    assert wording.days(date(2023, 3, 1), date(2023, 3, 1)) == "1 Mar 2023"


def test_numbers_have_nouns() -> None:
    assert wording.counted(1, "article") == "1 article"
    assert wording.counted(91055, "article") == "91,055 articles"
    assert wording.counted(2, "entity", "entities") == "2 entities"


def test_languages_and_countries_have_names() -> None:
    assert wording.language("fr") == "French"
    assert wording.language("el") == "Greek"
    assert wording.language("") == "Language unknown"
    assert wording.language("zz") == "zz"
    assert wording.country("FR") == "France"
    assert wording.country("TW") == "Taiwan"
    assert wording.country("??") == "??"
