"""Canonical URLs: every way to a page is one, and no two pages are."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.section import section_of
from ingest.urls import canonical_url, host_of, is_web_address, outlet_of, tidy

PAGE = "https://harbour.example/news/ferry-line"


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/news/ferry-line",
        "http://harbour.example/news/ferry-line/",
        "HTTPS://WWW.Harbour.Example:443/news/ferry-line",
        "http://harbour.example:80//news/./ferry-line",
        "https://m.harbour.example/news/ferry-line",
        "https://amp.harbour.example/news/ferry-line",
        "https://www.harbour.example/news/ferry-line/amp/",
        "https://www.harbour.example/news/ferry-line?amp=1",
        "https://www.google.com/amp/s/www.harbour.example/news/ferry-line",
        "https://harbour-example.cdn.ampproject.org/c/s/harbour.example/news/ferry-line",
        "https://harbour.example/news/ferry-line?utm_source=rss&utm_medium=feed",
        "https://harbour.example/news/ferry-line?at_medium=RSS&at_campaign=X&ns_mchannel=rss&ito=1",
        "https://harbour.example/news/ferry-line#comments",
        "https://harbour.example/news/ferry%2Dline",
        "https://harbour.example/news/ferry-line?",
        "https://harbour.example/news/ferry-line?utm_source=a&amp;utm_medium=b",
        "  https://harbour.example/news/ferry-line\n",
    ],
)
def test_every_way_to_a_page_has_one_canonical_url(url: str) -> None:
    assert canonical_url(url) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/?p=1", "https://a.example/?p=2"),
        ("https://a.example/view?id=1", "https://a.example/view?id=2"),
        ("https://a.example/view.aspx?nwid=63127", "https://a.example/view.aspx?nwid=63130"),
        ("https://a.example/watch?v=aB", "https://a.example/watch?v=ab"),
        ("https://a.example/News", "https://a.example/news"),
        ("https://a.example/app#!/one", "https://a.example/app#!/two"),
        ("https://a.example/?123", "https://a.example/?124"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://pl.a.example/x", "https://a.example/x"),
        ("https://a.example/x?cid=1", "https://a.example/x?cid=2"),
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
    ],
)
def test_what_tells_two_articles_apart_stays(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("name", ["ref", "source", "src", "mod", "partner", "campaign", "share"])
def test_a_doubtful_parameter_is_dropped_where_it_tracks(name: str) -> None:
    page = "https://a.example/x"
    for value in ("rss", "twitter", "newsletter-2023", "home.rss", "b.example.com", ""):
        assert canonical_url(f"{page}?{name}={value}") == page
    for value in ("1234", "dam-is-mended", "a8f3"):
        assert canonical_url(f"{page}?{name}={value}") == f"{page}?{name}={value}"


def test_a_doubtful_parameter_is_dropped_where_its_site_tracks_with_it() -> None:
    assert (
        canonical_url("https://www.youtube.com/watch?v=1&si=a8") == "https://youtube.com/watch?v=1"
    )
    assert canonical_url("https://a.medium.com/p/1?source=user---4") == "https://a.medium.com/p/1"
    assert canonical_url("https://a.example/p/1?gi=61ce87d573e8") == "https://a.example/p/1"
    assert canonical_url("https://a.example/p/1?source=user---4").endswith("?source=user---4")


@pytest.mark.parametrize("written", ["&amp;", "&amp;amp;", "&#38;", "&#038;", "&#x26;"])
def test_an_ampersand_that_was_escaped_over_is_one(written: str) -> None:
    assert tidy(f"https://a.example/x?a=1{written}b=2") == "https://a.example/x?a=1&b=2"


def test_a_host_of_dots_is_not_a_host() -> None:
    assert canonical_url("http://../a") == ""


def test_a_short_video_link_is_the_video() -> None:
    assert canonical_url("https://youtu.be/abc?si=x") == "https://youtube.com/watch?v=abc"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ferry",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/x",
        "https://",
        "http:///x",
        "https://[::1",
        "https://a.example:99999/",
        "//a.example/x",
        "https://a.example/" + "x" * 5_000,
    ],
    ids=lambda url: url[:20],
)
def test_what_is_not_a_web_address_has_no_canonical_url(url: str) -> None:
    assert not is_web_address(url)
    assert canonical_url(url) == ""


URLS = st.from_regex(
    r"\Ahttps?://(www\.|m\.)?[a-z]{1,6}\.(com|co\.uk|example)(:80|:8080)?"
    r"(/[a-zA-Z0-9%._~&=é -]{0,9}){0,4}(\?[a-z=&%0-9;]{0,12})?(#[a-z!/]{0,5})?\Z"
)


@given(URLS)
def test_a_canonical_url_is_its_own(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(URLS)
def test_the_quick_look_and_the_long_way_agree(url: str) -> None:
    assert canonical_url(url) == canonical_url(f" {url}")


@given(st.text(max_size=80))
def test_whatever_is_called_a_link_never_crashes(text: str) -> None:
    for url in (text, f"https://{text}", f"http://a.example/{text}"):
        canonical_url(url)
        section_of(url)
        tidied = tidy(url)
        assert tidy(tidied) == tidied
        assert not set(tidied) & set(string.whitespace + '<>"`')


@pytest.mark.parametrize(
    ("url", "section"),
    [
        (
            "https://a.example/news/china/diplomacy/article/3241249/can-it-be?utm=1",
            "news/china/diplomacy",
        ),
        ("https://a.example/comment/opinion/article/3240978/thaw", "comment/opinion"),
        ("https://a.example/news/world-europe-67364922", "news/world-europe"),
        ("https://a.example/news/uk-67371473", "news/uk"),
        (
            "https://a.example/2023/11/01/business/energy-environment/wind.html",
            "business/energy-environment",
        ),
        ("https://a.example/football/2023/nov/09/report", "football"),
        ("https://a.example/en/world/asia/taiwan-vote", "world/asia"),
        ("https://a.example/us/politics/vote", "us/politics"),
        ("https://www.reddit.example/r/worldnews/comments/abc/title/", "r/worldnews"),
        ("https://a.example/articles/some-thing-81a4", ""),
        ("https://a.example/watch?v=1", ""),
        ("https://a.example/some-long-title-of-an-article", ""),
        ("https://a.example", ""),
        ("no link", ""),
    ],
)
def test_a_section_is_read_off_the_path(url: str, section: str) -> None:
    assert section_of(url) == section


def test_the_feeds_of_an_outlet_are_one_outlet() -> None:
    assert outlet_of("https://www.harbour.example/a", "Harbour - World") == "harbour.example"
    assert outlet_of("", "Harbour - World") == "Harbour - World"


WILD = st.lists(
    st.sampled_from(
        [
            *(
                "http://",
                "https://",
                "//",
                "www.google.com/amp/s/",
                "x.example",
                "a.cdn.ampproject.org",
            ),
            *(
                ":99999",
                ":80",
                ":-1",
                ":x",
                "[::1]",
                "[",
                "]",
                "xn--",
                "xn--a",
                "/c/s/",
                "/",
                "..",
                "%",
            ),
            *(
                "%zz",
                "?",
                "&amp;",
                "=",
                "#!",
                "@",
                "\u00fc",
                "\u2100",
                "\uff0f",
                "\ud800",
                "\0",
                " ",
                ".",
            ),
        ]
    ),
    max_size=9,
).map("".join)


@given(st.one_of(WILD, st.text(max_size=60), WILD.map("https://x.example/".__add__)))
def test_no_link_raises(link: str) -> None:
    for function in (canonical_url, section_of, is_web_address, tidy, host_of):
        function(link)
    canonical = canonical_url(link)
    assert not canonical or is_web_address(tidy(canonical))
    assert canonical_url(canonical) == canonical, "what is canonical stays so"


PIECES = st.lists(
    st.sampled_from(
        [
            "/",
            "?",
            "#",
            "&",
            "amp;",
            "&#38;",
            "%",
            "%2",
            "a",
            "f",
            "%41",
            "\n",
            " ",
            "(",
            "..",
            ".",
            "é",
        ]
    ),
    max_size=9,
).map("".join)


@given(st.sampled_from(["https://x.example/", "https://youtu.be/"]), PIECES)
@example("https://x.example/", "(%a\namp;")
@example("https://x.example/", "%%41a\xad.")
def test_escapes_that_come_of_pieces_are_in_capitals_at_once(site: str, rest: str) -> None:
    canonical = canonical_url(site + rest)
    assert canonical_url(canonical) == canonical


def test_a_page_in_the_cache_of_a_page_in_a_viewer_is_the_publishers_own() -> None:
    inner = "x.example/news/1"
    for _ in range(3):
        inner = f"www.google.com/amp/s/{inner}"
        assert canonical_url(f"https://{inner}") == "https://x.example/news/1"
    assert canonical_url("https://a-b.cdn.ampproject.org/c/s/a.b/amp/amp/") == "https://a.b/"


def test_a_page_in_a_viewer_with_an_impossible_port_keeps_the_address_of_the_viewer() -> None:
    link = "https://www.google.com/amp/s/x.example:99999/y"
    assert canonical_url(link) == "https://google.com/amp/s/x.example:99999/y"


def test_escapes_are_equal_however_they_are_written() -> None:
    small = canonical_url("https://harbour.example/caf%c3%a9-rouvre?q=%e2%82%ac")
    assert small == canonical_url("https://harbour.example/caf%C3%A9-rouvre?q=%E2%82%AC")


def test_a_host_is_one_in_its_own_letters_and_in_punycode() -> None:
    own = canonical_url("https://bücher.example/news/1")
    assert own == canonical_url("https://xn--bcher-kva.example/news/1") != ""
