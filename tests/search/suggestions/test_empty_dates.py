"""Dates of a search that no article has are told, with the date of the newest article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from search.query.nodes import And, DateRange, Node, Not, Or, Term
from search.query.parse import parse
from search.suggestions.empty_dates import empty_dates

NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
NEWEST = datetime(2023, 11, 30, 23, tzinfo=UTC)


def told(query: Node, *, found: bool = False, newest: datetime | None = NEWEST) -> str:
    notice = empty_dates(query, lambda _: found, lambda: newest)
    return notice.text if notice else ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("published:yesterday", "dated 2026-03-04;"),
        ("dam published:today", "dated 2026-03-05;"),
        ("published:'last week'", "dated from 2026-02-23 to 2026-03-01;"),
        ("published:>20250101", "dated since 2025-01-02;"),
        ("published:[TO 20250101]", "dated before 2025-01-02;"),
    ],
)
def test_dates_are_told_as_they_were_read(text: str, words: str) -> None:
    assert told(parse(text, NOW)) == f"No article is {words} the newest is of 2023-11-30."


def test_nothing_is_told_of_dates_that_articles_have_or_that_are_not_required() -> None:
    day = DateRange(NOW, None)
    assert told(day, found=True) == ""
    assert told(day, newest=None) == ""
    assert told(Term("dam")) == ""
    assert told(Or((Term("dam"), day))) == ""
    assert told(And((Term("dam"), Not(day)))) == ""
