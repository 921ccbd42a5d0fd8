"""Lists of feeds come in and go out the same, and pages tell their feeds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import plain_title
from ingest.fetching.discover import discover
from ingest.fetching.fetch import Fetched
from ingest.formats.page_feeds import Offer, offered
from ingest.opml import read_opml, write_opml
from ingest.parsed_source import UnreadableError
from ingest.parsing.pool import InProcess
from models.errors import SourceError
from models.feed import Feed

NAMES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="/<>&"),
    min_size=1,
    max_size=12,
).filter(lambda name: plain_title(name) == name)
"""Names as cleaning leaves them: what looks like UTF-8 read as another code is mended."""
FEEDS = st.lists(
    st.builds(
        Feed,
        url=st.integers(0, 10**6).map(lambda n: f"https://a.example/{n}?x=1&y=2"),
        title=NAMES,
        language=st.sampled_from(["", "en", "pl"]),
        labels=st.lists(
            st.lists(NAMES, min_size=1, max_size=3).map("/".join), max_size=2, unique=True
        ).map(tuple),
        subscribed=st.just(True),
    ),
    max_size=6,
    unique_by=lambda feed: feed.url,
)


@given(FEEDS)
def test_what_is_written_is_read_again(feeds: list[Feed]) -> None:
    again = read_opml(write_opml(feeds).encode()).feeds
    assert {f.url: (f.title, f.language, set(f.labels)) for f in again} == {
        f.url: (f.title, f.language, set(f.labels)) for f in feeds
    }
    assert all(feed.subscribed for feed in again)


def test_nested_outlines_become_labels() -> None:
    data = b"""<?xml version="1.0"?><opml version="1.0"><body>
    <outline text="News"><outline text="Coast/East"><outline text="Harbour" xmlUrl="https://a.example/1"/>
    </outline></outline>
    <outline title="Own" xmlUrl="https://a.example/1"/>
    <OUTLINE TEXT="Other" XMLURL="https://a.example/2"/></body></opml>"""
    assert list(read_opml(data).feeds) == [
        Feed("https://a.example/1", "Harbour", labels=("News/Coast-East",), subscribed=True),
        Feed("https://a.example/2", "Other", subscribed=True),
    ]


def test_credentials_do_not_leave_with_an_export() -> None:
    assert "secret" not in write_opml([Feed("https://ann:secret@a.example/1")])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<opml>",
        b"<opml><body><outline",
        b'<!DOCTYPE o [<!ENTITY a "b">]><opml><outline text="&a;"/></opml>',
        b"<opml>" + b'<outline text="x">' * 1_000,
        b"<opml>" + b"<outline/>" * 60_000 + b"</opml>",
    ],
    ids=["empty", "open", "cut", "entity", "deep", "many"],
)
def test_a_malformed_or_malicious_list_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_opml(data)


PAGE = """<!doctype html><html><head><base href="https://cdn.example/a/">
<link rel="alternate" type="application/rss+xml" title="All &amp; more" href="../rss">
<link rel=alternate type=application/atom+xml href='https://b.example/atom'>
<link rel="alternate" hreflang="pl" href="/pl"><link rel="stylesheet" type="text/xml" href="/x">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" href="http://[bad"></head>"""


def test_a_page_tells_its_feeds_in_their_order() -> None:
    assert offered(PAGE.encode(), "https://a.example/") == [
        Offer("https://cdn.example/rss", "All & more"),
        Offer("https://b.example/atom", ""),
    ]


@given(st.text(alphabet="<>=\"' linkreatyphf/.&!-", max_size=200))
def test_no_page_crashes_the_search_for_feeds(page: str) -> None:
    offered(page.encode(), "https://a.example/")


class Site(dict[str, str]):
    """Pages by address."""

    def get(self, url: str) -> Fetched:  # type: ignore[override]  # a page, or an error
        if url not in self:
            raise SourceError(f"{url} answered 404 Not Found.")
        return Fetched(url, self[url].encode())


FEED = "<rss version='2.0'><channel><title>Harbour</title></channel></rss>"


def test_feeds_are_found_in_the_address_the_page_and_the_usual_places() -> None:
    itself = Site({"https://a.example/x": FEED})
    assert discover("https://a.example/x", itself, InProcess()) == [
        Offer("https://a.example/x", "Harbour")
    ]
    page = Site({"https://a.example/": PAGE})
    assert len(discover("https://a.example/", page, InProcess())) == 2
    usual = Site({"https://a.example/p": "<p>Hi</p>", "https://a.example/rss.xml": FEED})
    assert discover("https://a.example/p", usual, InProcess()) == [
        Offer("https://a.example/rss.xml", "Harbour")
    ]
    with pytest.raises(SourceError, match="names none"):
        discover("https://a.example/p", Site({"https://a.example/p": "<p>Hi</p>"}), InProcess())


def opml(outlines: str) -> bytes:
    return f"<opml version='2.0'><head/><body>{outlines}</body></opml>".encode()


@pytest.mark.parametrize(
    ("category", "labels"),
    [
        ("Harbour", ("Harbour",)),
        ("/Science/Ships,/Tech", ("Science/Ships", "Tech")),
        (" /Science / Ships , Tech ", ("Science/Ships", "Tech")),
        ("Ships,Ships,,/", ("Ships",)),
        ("R&amp;D", ("R&D",)),
        ("R&D", ("R&D",)),
        ("", ()),
    ],
)
def test_categories_are_labels(category: str, labels: tuple[str, ...]) -> None:
    outline = f"<outline text='A' category='{category}' xmlUrl='https://a.example/1'/>"
    (feed,) = read_opml(opml(outline)).feeds
    assert feed.labels == labels
    (feed,) = read_opml(opml(f"<outline text='News'>{outline}</outline>")).feeds
    assert feed.labels == ("News", *labels)


@pytest.mark.parametrize("written", ["&", "&amp;"])
def test_an_ampersand_in_an_address_costs_no_feed(written: str) -> None:
    good = "<outline text='Good' xmlUrl='https://a.example/rss'/>"
    other = f"<outline text='Q{written}A' xmlUrl='https://b.example/?tab=1{written}mod=2'/>"
    feeds = read_opml(opml(good + other)).feeds
    assert [feed.url for feed in feeds] == [
        "https://a.example/rss",
        "https://b.example/?tab=1&mod=2",
    ]
    assert feeds[1].title == "Q&A"


def test_an_outline_without_a_feed_is_named() -> None:
    empty = "<outline text='Folder'><outline text='Gone'/></outline>"
    found = read_opml(opml(f"{empty}<outline type='rss' text='U' url='https://a.example/2'/>"))
    assert [feed.url for feed in found.feeds] == ["https://a.example/2"]
    assert [(each.where, each.reason) for each in found.rejections] == [
        ("outline 2, 'Gone'", "has no address of a feed (xmlUrl)")
    ]


def test_what_stands_before_a_fault_is_taken() -> None:
    data = opml("<outline text='A' xmlUrl='https://a.example/1'/><outline text='B")
    found = read_opml(data)
    assert [feed.url for feed in found.feeds] == ["https://a.example/1"]
    assert "is broken XML" in found.rejections[0].reason


@pytest.mark.parametrize("encoding", ["cp1250", "utf-16", "utf-8"])
def test_an_opml_file_is_read_in_any_encoding(encoding: str) -> None:
    head = "<?xml version='1.0' encoding='windows-1250'?>"
    outline = "<outline text='Łódź' xmlUrl='https://a.example/1'/>"
    (feed,) = read_opml((head + opml(outline).decode()).encode(encoding)).feeds
    assert feed.title == "Łódź"
