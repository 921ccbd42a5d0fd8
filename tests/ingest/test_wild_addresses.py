"""Whatever stands where an address should be, nothing that reads it raises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fetching.address import credentials, is_loopback
from ingest.fetching.fetch import Answer
from ingest.fetching.target import login_at, redirected, target_of
from ingest.parsed_source import UnreadableError
from ingest.schedule import address_after
from ingest.section import section_of
from ingest.urls import canonical_url, host_of, is_web_address, outlet_of, tidy
from models.feed import Feed, parted, shown_address, without_logins
from tests.ingest.test_urls import WILD

PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "feed:",
            "//",
            "[",
            "]",
            "::1",
            "@",
            ":",
            "user:pw@",
            "/",
            "?",
            "#",
        ),
        *(
            "a.example",
            "xn--",
            ":99999",
            "%",
            "%2F",
            "%zz",
            "\ud800",
            "\u3002",
            "\u2100",
            "\n",
            "\0",
        ),
        *("www.google.com/amp/s/", "x.cdn.ampproject.org/c/s/", "youtu.be/", "127.", "é", ".."),
    ]
)
ADDRESS = st.one_of(WILD, st.lists(PIECES, max_size=9).map("".join), st.text(max_size=30))


@settings(max_examples=300)
@given(ADDRESS)
def test_whatever_is_made_of_an_address_never_raises(url: str) -> None:
    for read in (canonical_url, tidy, is_web_address, host_of, section_of, is_loopback):
        read(url)
    for show in (shown_address, without_logins, credentials, parted):
        show(url)
    outlet_of(url, "")
    feed = Feed(url=parted(url)[0], login="ann:secret")
    assert isinstance(feed.address, str)
    there = address_after(
        Feed(url="https://a.example/", login="ann:secret"), Answer(200, "", moved_to=url)
    )
    assert all(isinstance(part, str) for part in there)


@settings(max_examples=300)
@given(ADDRESS)
def test_what_cannot_be_fetched_is_unreadable(url: str) -> None:
    for ask in (
        target_of,
        lambda at: redirected("https://a.example/", at),
        lambda at: login_at(at, at),
    ):
        try:
            ask(url)
        except UnreadableError:
            continue
