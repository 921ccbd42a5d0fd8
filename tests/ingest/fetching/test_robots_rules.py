"""The rules of a robots.txt are read as RFC 9309 says, whatever its size."""

from __future__ import annotations

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.fetch import Answer
from ingest.fetching.robots import MAX_KEPT, Robots
from ingest.fetching.robots_rules import MAX_RULES, matches, read_rules
from models.errors import SourceError
from tests.ingest.fetching.test_page_text import Site, rules

PAGE = "https://harbour.example/world/2025/1?page=2"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("user-AGENT : slugline # us\rdisallow : /world # not this", False),
        ("User-agent: Slugline/0.1\nDisallow: /", False),
        ("User-agent: SluglineNews\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Slugline\nAllow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Slugline\nCrawl-delay: 2", True),
        ("User-agent: Other\nUser-agent: Slugline\n\nDisallow: /", False),
        ("User-agent: Slugline\nDisallow: /a\nUser-agent: Slugline\nDisallow: /world", False),
        ("User-agent: *\nDisallow: /world\nAllow: /world", True),
        ("User-agent: *\nDisallow: /world/\nAllow: /world", False),
        ("User-agent: *\nDisallow: /*?page=", False),
        ("User-agent: *\nDisallow: /*1$", True),
        ("User-agent: *\nDisallow: /*2$", False),
        ("User-agent: *\nDisallow: /w%6Frld", False),
        ("\ufeffUser-agent: *\nDisallow: /world", False),
        ("Disallow: /", True),
    ],
)
def test_the_longest_rule_of_our_group_counts(text: str, allowed: bool) -> None:
    assert read_rules(text.encode(), "Slugline").allow(PAGE) is allowed


def test_escapes_are_equal_whoever_wrote_them() -> None:
    ours = read_rules("User-agent: *\nDisallow: /é\nDisallow: /%e4".encode(), "Slugline")
    assert not ours.allow("https://harbour.example/%C3%A9/1")
    assert not ours.allow("https://harbour.example/%E4")
    assert ours.allow("https://harbour.example/e")


def test_the_rules_themselves_may_always_be_read() -> None:
    assert read_rules(b"User-agent: *\nDisallow: /", "x").allow("https://a.example/robots.txt")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("0.5", 0.5), ("-1", 0), ("nan", 0), ("inf", 86_400), ("1e300", 86_400), ("x", 0)],
)
def test_a_delay_is_a_number_of_seconds(value: str, seconds: float) -> None:
    assert read_rules(f"User-agent: *\nCrawl-delay: {value}".encode(), "x").delay == seconds


def test_a_rule_that_the_cap_cuts_off_is_left_out() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    cut = head + b"#" * (MAX_RULES - len(head) - 12) + b"\nDisallow: /world"
    assert len(cut) > MAX_RULES
    found = read_rules(cut, "Slugline")
    assert found.allow(PAGE)
    assert not found.allow("https://harbour.example/a")


@given(st.text("ab*", max_size=12), st.booleans(), st.text("ab", max_size=12).map("/".__add__))
def test_wildcards_match_as_a_regular_expression_would(
    pattern: str, is_whole: bool, path: str
) -> None:
    pattern = "/" + pattern + "$" * is_whole
    wanted = re.escape(pattern.removesuffix("$")).replace(r"\*", ".*") + r"\Z" * is_whole
    assert matches(pattern, path) is bool(re.match(wanted, path))


@given(st.binary(max_size=300), st.text(max_size=30))
def test_whatever_a_site_answers_is_an_answer(data: bytes, path: str) -> None:
    found = read_rules(b"User-agent: *\n" + data, "Slugline")
    assert found.allow(f"https://harbour.example/{path}") in {True, False}
    assert 0 <= found.delay <= 86_400


@pytest.mark.parametrize(
    "body",
    [
        b"".join(b"Disallow:/%d*a*b\n" % n for n in range(100_000)),
        b"User-agent: *\n" * 100_000,
        b"Disallow: /" + b"*a" * 200_000 + b"\n",
        b"\r\n" * 10_000_000,
    ],
)
def test_no_site_can_make_its_rules_costly(body: bytes) -> None:
    tracemalloc.start()
    try:
        found = read_rules(b"User-agent: *\n" + body, "Slugline")
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 10_000_000
    assert peak < 40_000_000
    found.allow("https://harbour.example/" + "ab" * 2_000)


def test_the_rules_of_all_sites_together_have_a_limit() -> None:
    long = "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(20_000))
    robots = Robots()
    pages: dict[str, Answer | SourceError] = {
        f"https://{n}.example/robots.txt": rules(long) for n in range(20)
    }
    site = Site(pages)
    for n in range(20):
        assert not robots.allows(f"https://{n}.example/1", site)
    assert robots.held <= MAX_KEPT
    assert not robots.allows("https://19.example/1", site)
    assert len(site.asked) == 20, "the newest are remembered"
