"""The page of a facet: any value can be looked up, chosen beside others, or left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.sample_site import Site, open_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


def test_a_value_is_found_by_a_part_of_its_name(site: Site) -> None:
    html = site.text("/facets/source?q=dam&find=meridian")
    assert "Meridian Wire" in html
    assert "Harbour Post" not in html
    assert "/search?q=dam&amp;source=Meridian+Wire" in html
    assert "/search?q=dam&amp;source=-Meridian+Wire" in html


def test_topics_and_languages_are_found_by_their_names(site: Site) -> None:
    assert "/search?lang=fr" in site.text("/facets/lang?find=french")
    assert "/search?topic=economy" in site.text("/facets/topic?find=econ")


def test_others_can_be_chosen_beside_what_is_chosen(site: Site) -> None:
    html = site.text("/facets/topic?topic=politics")
    assert "/search?topic=politics%7Csport" in html
    sources = site.text("/facets/source?source=Touchline")
    assert "/search?source=Touchline&amp;source=Meridian+Wire" in sources


def test_the_search_page_leads_to_every_facet_and_offers_either(site: Site) -> None:
    html = site.text("/search?q=dam&topic=politics")
    assert "/facets/source?q=dam&amp;topic=politics" in html
    assert "/search?q=dam&amp;topic=politics%7Ceconomy" in html


def test_what_there_is_not_says_so(site: Site) -> None:
    site.text("/facets/nosuch", 404)
    assert "never closed" in site.text("/facets/topic?q=(dam", 400)
    assert "0 values" in site.text("/facets/topic?find=zzz")
