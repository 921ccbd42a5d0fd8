"""Words that may have been meant as a date or a source lead to the search for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from search.query.nodes import DateRange, Term
from search.query.otherwise import otherwise
from search.query.parse import parse

NOW = datetime(2025, 6, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["yesterday", "Last  Week", "2023-11", "2023-11-05", "past 7 days", "this month"]
)
def test_a_date_alone_leads_to_what_was_published_then(text: str) -> None:
    notice = otherwise(text, lambda _: False)
    assert notice is not None
    assert isinstance(parse(notice.query, NOW), DateRange)


def test_a_host_alone_leads_to_its_source() -> None:
    notice = otherwise("www.Example.com", {"example.com"}.__contains__)
    assert notice is not None
    assert parse(notice.query, NOW) == Term("example.com", "source")


@pytest.mark.parametrize(
    "text", ["", "strike", "news of yesterday", "may", "Node.js", "20-11", "2023", "example.com/x"]
)
def test_other_words_are_left_alone(text: str) -> None:
    assert otherwise(text, lambda _: False) is None
