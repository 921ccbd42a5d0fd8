"""The page that compares searches: a picture, its tables, and addresses that can be shared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.sample_site import Site, open_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def test_two_searches_stand_beside_each_other(site: Site) -> None:
    html = site.text("/compare?q=dam&q=Rovers&by=week&as=count")
    assert html.count("<polyline") == 2
    assert 'aria-label="Articles a week, 2025-05-26 to 2025-06-16' in html
    assert "/search?q=Rovers&amp;since=2025-06-02&amp;until=2025-06-08" in html
    assert "/search?q=dam&amp;source=Harbour+Post" in html
    assert "/search?q=dam&amp;lang=en" in html


def test_the_picture_shows_shares_unless_counts_are_asked_for(site: Site) -> None:
    assert "Share of all articles a day" in site.text("/compare?q=dam&q=Kask")


def test_filters_hold_for_every_search(site: Site) -> None:
    html = site.text("/compare?q=dam&q=Rovers&topic=sport&since=2025-06-03&until=2025-06-10")
    assert "/search?q=Rovers&amp;topic=sport&amp;since=2025-06-03&amp;until=2025-06-10" in html
    assert "since=2025-06-02" not in html


def test_one_search_asks_for_a_second_one(site: Site) -> None:
    html = site.text("/compare?q=dam")
    assert "Add a second search" in html
    assert "<polyline" not in html
    assert "/compare?q=dam" in site.text("/search?q=dam")


@pytest.mark.parametrize(("asked", "fields"), [(0, 2), (1, 2), (2, 3), (4, 5), (5, 5)])
def test_the_form_has_a_field_more_than_there_are_searches(
    site: Site, asked: int, fields: int
) -> None:
    html = site.text("/compare?" + "&".join(f"q=word{n}" for n in range(asked)))
    assert html.count('type="text" id="q') == fields


def test_more_than_five_are_cut_to_the_fields_of_the_form(site: Site) -> None:
    html = site.text("/compare?" + "&".join(f"q=word{n}" for n in range(9)))
    assert 'value="word4"' in html
    assert 'value="word5"' not in html


@pytest.mark.parametrize(
    ("query", "words"),
    [("(dam", "never closed"), ("topic:sprt", "the nearest is sport")],
)
def test_a_search_that_cannot_be_read_is_named(site: Site, query: str, words: str) -> None:
    html = site.text(f"/compare?q=Kask&q={query}", 400)
    assert words in html
    assert f'value="{query}"' in html


def test_what_is_typed_is_shown_as_text(site: Site) -> None:
    html = site.text('/compare?q="><script>alert(1)</script>&q=dam', 400)
    assert "<script>" not in html
