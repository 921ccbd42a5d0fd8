"""Entries that a feed tells apart are articles of their own, whatever they link to."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds import read_feed
from ingest.same_page import separate_entries
from models.article import Entry

HOST = "https://tool.example"
Row = tuple[str, str, str]


def ids(*rows: Row) -> list[str]:
    """Return the ids of the entries of a feed with these headlines, links and guids."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        + (f"<guid isPermaLink='false'>{escape(guid)}</guid>" if guid else "")
        + "</item>"
        for title, link, guid in rows
    )
    data = f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()
    return [entry.id for entry in read_feed(data, "f.xml").entries]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A", "/", "1"), ("B", "/", "2")),
        (("A", "/status", "tag:1"), ("B", "/status", "tag:2")),
        (("A", "/status", "urn:uuid:1"), ("B", "/status", "urn:uuid:2")),
        (("A", "/x", "https://guid.example/1"), ("B", "/x", "https://guid.example/2")),
        (("A", "/x", f"{HOST}/x#1"), ("B", "/x", f"{HOST}/x#2")),
        (("A", "/c#v1.2", f"{HOST}/c#v1.2"), ("B", "/c#v1.1", f"{HOST}/c#v1.1")),
        (("A", "/c#2023-11-12", ""), ("B", "/c#2023-11-11", "")),
        (("A", "/c#1", ""), ("B", "/c#2", "")),
        (("A", "/#!/a", ""), ("B", "/#!/b", "")),
        (("A", "/a.php?source=1234", ""), ("B", "/a.php?source=5678", "")),
        (("A", "/a?source=ferry-runs", "a"), ("B", "/a?source=dam-mended", "b")),
        (("A", "/a?utm_source=1", "1"), ("B", "/a?utm_source=2", "2")),
        *(
            (("A", f"/v.asp?{name}=77", ""), ("B", f"/v.asp?{name}=78", ""))
            for name in ("ref", "src", "mod", "partner", "feature", "share", "rss", "si", "li")
        ),
    ],
)
def test_entries_of_one_page_are_articles_of_their_own(one: Row, other: Row) -> None:
    first, second = ((title, HOST + link, guid) for title, link, guid in (one, other))
    both = ids(first, second)
    assert len(set(both)) == 2
    assert ids(second, first) == both[::-1]
    assert ids(first, second, first) == [*both, both[0]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A", "/x", "g"), ("B", "/x", "g")),
        (("A", "/x", ""), ("B", "/x", "")),
        (("A", "/x", f"{HOST}/x"), ("B", "/x", f"{HOST}/x")),
        (("A", "/status", "tag:1"), ("A", "/status", "tag:2")),
        (("A", "/a?source=rss", ""), ("B", "/a?source=twitter", "")),
        (("A", "/a?utm_source=1", ""), ("B", "/a?utm_source=2", "")),
        (("A", "/a#xtor=RSS-1", ""), ("B", "/a#xtor=RSS-2", "")),
        (("A", "/a#rss", ""), ("B", "/a", "")),
    ],
)
def test_an_entry_under_a_new_headline_is_a_version(one: Row, other: Row) -> None:
    assert len(set(ids(*((title, HOST + link, guid) for title, link, guid in (one, other))))) == 1


def test_revisions_that_a_site_counts_in_its_guids_are_versions() -> None:
    page = "https://www.bbc.co.uk/news/world-1"
    assert len(set(ids(("A", page, f"{page}#0"), ("B", page, f"{page}#1")))) == 1


ENTRIES = st.lists(
    st.builds(
        lambda title, path, guid: Entry(
            HOST + path, f"{HOST}{path.partition('#')[0]}", title, guid=guid
        ),
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["/", "/a", "/a#1", "/a#2", "/a#rss", "/b?x=1#\u00e9"]),
        st.sampled_from(["", "1", "2", f"{HOST}/a", f"{HOST}/a#1", "\ud7ff %"]),
    ),
    max_size=8,
)


@given(ENTRIES)
def test_only_addresses_change_and_the_order_of_entries_makes_no_difference(
    entries: list[Entry],
) -> None:
    told = separate_entries(entries)
    assert [(e.url, e.title, e.guid) for e in told] == [(e.url, e.title, e.guid) for e in entries]
    again = separate_entries(entries[::-1])[::-1]
    assert [e.id for e in again] == [e.id for e in told]
    for entry, before in zip(told, entries, strict=True):
        assert entry.canonical_url.partition("#")[0] == before.canonical_url.partition("#")[0]
