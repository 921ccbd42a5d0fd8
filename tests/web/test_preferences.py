"""What a reader prefers: kept in a cookie, and never more than what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.sample_site import World, open_world
from web.preferences.reader import LISTS, SIZES, Preferences, read_preferences, zones


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("world")) as opened:
        yield opened


@given(st.text(max_size=400))
def test_a_cookie_says_nothing_that_can_not_be_chosen(cookie: str) -> None:
    found = read_preferences(cookie)
    assert found.list in ("", *LISTS)
    assert found.size in (0, *SIZES)
    assert not found.zone or found.zone in zones()


def test_a_cookie_is_read_as_it_was_written() -> None:
    chosen = Preferences("compact", 50, "", "Europe/Warsaw")
    assert read_preferences(chosen.cookie()) == chosen


def test_the_compact_list_and_the_page_size_are_kept(world: World) -> None:
    client = world.client.application.test_client()
    answer = client.get("/preferences/set?list=compact&size=50&next=/search")
    assert (answer.status_code, answer.location) == (302, "/search")
    page = client.get("/search").text
    assert '<body class="compact">' in page
    assert page.count('<article class="hit">') > 40
    assert client.get("/preferences/set?next=//elsewhere.example").location == "/"


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/topics/", "/topics"),
        ("/topics/sport/?page=2", "/topics/sport?page=2"),
        ("/search?q=dam&source=&since=", "/search?q=dam"),
        ("/entities?begins=&type=person", "/entities?type=person"),
    ],
)
def test_each_view_has_one_address(world: World, asked: str, led: str) -> None:
    answer = world.client.get(asked)
    assert (answer.status_code, answer.location) == (302, led)


def test_an_address_of_nothing_leads_nowhere(world: World) -> None:
    assert world.client.get("/nosuch/").status_code == 404
    assert world.client.get("/%2Felsewhere.example/").location is None


def test_times_are_shown_in_the_readers_zone_too(world: World) -> None:
    client = world.client.application.test_client()
    assert "CEST" not in client.get("/search").text
    client.get("/preferences/set?zone=Europe/Warsaw")
    assert "(14:00 CEST)" in client.get("/search").text
