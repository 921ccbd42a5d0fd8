"""How pages put things into words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web import formatting as wording

HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "/relative",
    "https:",
    "https://",
    "http:///path",
    "https://a.example/x y",
    "https://a.example/\u202egpj",
    "https://[::1",
    "https://a.example/" + "x" * 3000,
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_no_one_is_sent_to_what_is_no_web_page(url: str) -> None:
    assert wording.outside_link(url) == ""


@pytest.mark.parametrize("url", ["https://a.example/x?y=1&z=ü", "HTTP://A.example:80/", "http://b"])
def test_web_pages_are_linked_as_they_are(url: str) -> None:
    assert wording.outside_link(url) == url


@given(st.text())
def test_whatever_is_linked_begins_with_http(url: str) -> None:
    linked = wording.outside_link(url)
    assert not linked or linked.lower().startswith(("http://", "https://"))


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
