"""Web addresses as people paste them into a search."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pasted_address import read_address
from ingest.urls import canonical_url, part_of
from models.article import article_id

PAGE = "https://harbourpost.example/world/żuraw-strike?id=7"
ID = article_id(canonical_url(PAGE))


@pytest.mark.parametrize(
    "pasted",
    [
        PAGE,
        f"  {PAGE}\n",
        f"<{PAGE}>",
        f"http://www.{PAGE[8:]}",
        PAGE[8:],
        f"m.{PAGE[8:]}",
        f"{PAGE}&utm_source=mail&fbclid=x1",
        "https://harbourpost.example/world/%C5%BCuraw-strike?id=7",
        "harbourpost.example/world/%c5%bcuraw-strike?utm_medium=rss&id=7",
        quote(PAGE, safe=""),
        "HTTPS://HarbourPost.example/world/żuraw-strike?id=7#comments",
    ],
)
def test_every_way_to_write_an_address_leads_to_its_article(pasted: str) -> None:
    found = read_address(pasted)
    assert found is not None
    assert (found.article_id, found.host) == (ID, "harbourpost.example")


def test_a_part_of_a_page_is_known_by_the_address_that_it_has_in_the_store() -> None:
    found = read_address(f"{PAGE}#chapter-2")
    assert found is not None
    assert found.article_id == ID
    assert found.part_id == article_id(part_of(canonical_url(PAGE), "chapter-2"))
    whole = read_address(f"{PAGE}#utm_source=x")
    assert whole is not None
    assert whole.part_id == ""


def test_an_address_without_scheme_may_be_words() -> None:
    bare = read_address("harbourpost.example/world/x")
    whole = read_address("https://harbourpost.example/world/x")
    assert bare is not None
    assert whole is not None
    assert (bare.certain, whole.certain) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        *("", "harbour strike", "harbourpost.example", "Node.js", "and/or", "24/7", "C++"),
        *("source:harbourpost.example/x", "https://a.example/b strike", "5.6/10", "https://"),
        "topic:sport harbourpost.example/x",
    ],
)
def test_what_is_more_or_less_than_an_address_is_a_query(text: str) -> None:
    assert read_address(text) is None


@given(st.text(max_size=60) | st.from_regex(r"(?s)https?(://|%3A%2F%2F).{0,60}"))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    found = read_address(text)
    assert found is None or len(found.article_id) == len(ID)
