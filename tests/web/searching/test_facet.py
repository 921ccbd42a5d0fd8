"""The page of a facet: any value can be looked up, chosen beside others, or left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.sample_site import World, open_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("world")) as opened:
        yield opened


def test_a_value_is_found_by_a_part_of_its_name(world: World) -> None:
    html = world.text("/facets/source?q=dam&find=meridian")
    assert "Meridian Wire" in html
    assert "Harbour Post" not in html
    assert "/search?q=dam&amp;source=Meridian+Wire" in html
    assert "/search?q=dam&amp;source=-Meridian+Wire" in html


def test_topics_and_languages_are_found_by_their_names(world: World) -> None:
    assert "/search?lang=fr" in world.text("/facets/lang?find=french")
    assert "/search?topic=economy" in world.text("/facets/topic?find=econ")


def test_others_can_be_chosen_beside_what_is_chosen(world: World) -> None:
    html = world.text("/facets/topic?topic=politics")
    assert "/search?topic=politics%7Csport" in html
    sources = world.text("/facets/source?source=Touchline")
    assert "/search?source=Touchline&amp;source=Meridian+Wire" in sources


def test_the_search_page_leads_to_every_facet_and_offers_either(world: World) -> None:
    html = world.text("/search?q=dam&topic=politics")
    assert "/facets/source?q=dam&amp;topic=politics" in html
    assert "/search?q=dam&amp;topic=politics%7Ceconomy" in html


def test_what_there_is_not_says_so(world: World) -> None:
    world.text("/facets/nosuch", 404)
    assert "never closed" in world.text("/facets/topic?q=(dam", 400)
    assert "0 values" in world.text("/facets/topic?find=zzz")
