"""What a reader prefers: kept in a cookie, and never more than what can be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.sample_site import Site, open_site
from web.canonical import nearest
from web.preferences.reader import LISTS, SIZES, Preferences, read_preferences, zones


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@given(st.text(max_size=400))
def test_a_cookie_says_nothing_that_cannot_be_chosen(cookie: str) -> None:
    found = read_preferences(cookie)
    assert found.list in ("", *LISTS)
    assert found.size in (0, *SIZES)
    assert not found.zone or found.zone in zones()


def test_a_cookie_is_read_as_it_was_written() -> None:
    chosen = Preferences("compact", 50, "", "Europe/Warsaw")
    assert read_preferences(chosen.cookie()) == chosen


def test_the_compact_list_and_the_page_size_are_kept(site: Site) -> None:
    client = site.client.application.test_client()
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
def test_each_view_has_one_address(site: Site, asked: str, led: str) -> None:
    answer = site.client.get(asked)
    assert (answer.status_code, answer.location) == (302, led)


def test_an_address_of_nothing_leads_nowhere(site: Site) -> None:
    assert site.client.get("/nosuch/").status_code == 404
    assert site.client.get("/%2Felsewhere.example/").location is None


def test_times_are_shown_in_the_readers_zone_too(site: Site) -> None:
    client = site.client.application.test_client()
    assert "CEST" not in client.get("/search").text
    client.get("/preferences/set?zone=Europe/Warsaw")
    assert "(14:00 CEST)" in client.get("/search").text


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/topics/Sport", "/topics/sport"),
        ("/topics/POLITICS", "/topics/politics"),
        ("/topics/econmy", "/topics/economy"),
        ("/sources/touchline", "/sources/Touchline"),
        ("/sources/meridian", "/sources/Meridian%20Wire"),
        ("/sources/harbour-post", "/sources/Harbour%20Post"),
    ],
)
def test_what_is_nearly_named_leads_to_what_is_meant(site: Site, asked: str, led: str) -> None:
    answer = site.client.get(asked)
    assert (answer.status_code, answer.location) == (302, led)


def test_what_could_be_several_leads_to_none(site: Site) -> None:
    assert nearest("post", {"Harbour Post": "Harbour Post", "Coast Post": "Coast Post"}) == ""
    assert site.client.get("/topics/nosuch").status_code == 404
    assert site.client.get("/sources/nosuch").status_code == 404


def test_sources_are_filtered_and_sorted(site: Site) -> None:
    page = site.text("/sources?sort=name")
    assert page.index("Echo Daily") < page.index("Touchline")
    assert "Touchline" not in site.text("/sources?q=wire")
    assert "No source has this in its name." in site.text("/sources?q=zzz")


def test_a_source_says_its_site_and_its_feeds(site: Site) -> None:
    page = site.text("/sources/Harbour%20Post")
    assert 'href="https://harbourpost.example/"' in page
    assert "https://harbourpost.example/rss" in page


def test_each_example_of_the_help_finds_something(site: Site) -> None:
    page = site.text("/help")
    links = re.findall(r'<td><a href="([^"]+)"', page)
    assert len(links) > 5
    for link in links:
        found = site.text(link.replace("&amp;", "&"))
        assert "No articles match" not in found
    assert "<kbd>j</kbd>" in page
