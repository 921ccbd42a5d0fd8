"""A large feed in batches gives what it gives as a whole, less what no feed has."""

from __future__ import annotations

import io
from collections.abc import Iterator

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.feeds import read_feed
from ingest.parsed_source import UnreadableError
from ingest.parsing import xml_batches
from ingest.parsing.xml_batches import BATCH, MAX_ATTRIBUTES, MAX_CHILDREN, MAX_DEPTH, batches

ATOM = "http://www.w3.org/2005/Atom"
CHANNEL = "<title>Harbour</title><link>https://a.example/</link><language>en</language>"
PIECES = st.lists(
    st.sampled_from(
        [
            "<item><title>A</title></item>",
            "<item a='>'><title>B &amp; C</title><link>https://a.example/b</link></item>",
            '<item a="/>"/>',
            "<item/>",
            "<item><![CDATA[</item>]]></item>",
            "<item><!-- </item> --><title>D</title></item>",
            "<item><source><item>within</item></source><title>E</title></item>",
            "<image><title>Picture</title></image>",
            "<!-- <item> -->",
            "é\n",
        ]
    ),
    max_size=12,
)


def rss(items: str, channel: str = CHANNEL) -> bytes:
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


def parsed(data: bytes) -> list[tuple[str, str]]:
    found = feedparser.parse(io.BytesIO(data))
    return [(str(e.get("title")), str(e.get("link"))) for e in found.entries]


def in_batches(data: bytes) -> Iterator[tuple[str, str]]:
    for batch in batches(data).parts:
        yield from parsed(batch.data)


@settings(max_examples=60)
@given(PIECES, st.sampled_from(["\n", ""]))
def test_batches_hold_the_entries_of_the_whole_in_their_order(
    pieces: list[str], between: str
) -> None:
    data = rss(between.join(pieces))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_batches, "BATCH", 2)
        assert list(in_batches(data)) == parsed(data)


@pytest.mark.parametrize(
    "data",
    [
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b"<channel><title>Harbour</title></channel>"
        + b"<item><title>A</title></item>" * 5
        + b"</rdf:RDF>",
        f'<feed xmlns="{ATOM}" xml:base="https://a.example/x/"><title>Harbour</title>'.encode()
        + b'<entry><title>A</title><link href="1"/></entry>' * 5
        + b"</feed>",
        f'<a:feed xmlns:a="{ATOM}"><a:title>Harbour</a:title>'.encode()
        + b'<a:entry><a:title>A</a:title><a:link href="https://a.example/1"/></a:entry>' * 5
        + b"</a:feed>",
    ],
)
def test_batches_keep_what_their_entries_stand_in(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_batches, "BATCH", 2)
    assert list(in_batches(data)) == parsed(data)
    assert len(list(batches(data).parts)) == 3


def test_what_stands_behind_the_entries_belongs_to_the_feed() -> None:
    items = "<item><title>A</title><link>https://a.example/1</link></item>" * (BATCH + 1)
    part = read_feed(rss(items + "<title>Harbour Times</title>", channel=""), "x")
    assert len(part.entries) == BATCH + 1
    assert part.feed.title == "Harbour Times"
    assert {entry.source for entry in part.entries} == {"Harbour Times"}


ENTRY = "<item><title>{}</title><link>https://a.example/{}</link>{}</item>"


def test_more_elements_than_an_entry_has_are_left_out_and_named() -> None:
    many = "".join(f"<category>c{n}</category>" for n in range(MAX_CHILDREN + 10))
    part = read_feed(rss(ENTRY.format("A", 1, many) + ENTRY.format("B", 2, "")), "x")
    assert [entry.title for entry in part.entries] == ["A", "B"]
    assert part.entries[0].categories[0] == "c0"
    assert "more than 2,000 elements in another ('category')" in part.notes[0].reason


def test_an_element_of_many_attributes_is_left_out_and_named() -> None:
    many = " ".join(f'a{n}="1"' for n in range(MAX_ATTRIBUTES + 1))
    whole = rss(ENTRY.format("A", 1, f"<media {many}/>") + ENTRY.format("B", 2, ""))
    part = read_feed(whole, "x")
    assert [entry.title for entry in part.entries] == ["A", "B"]
    assert "has an element 'media' of 201 attributes" in part.notes[0].reason
    part = read_feed(rss(f"<item {many}><title>A</title></item>" + ENTRY.format("B", 2, "")), "x")
    assert [entry.title for entry in part.entries] == ["B"]
    for broken in (whole[:-20], f"<rss {many}/>".encode()):
        with pytest.raises(UnreadableError, match="has an element of 201 attributes"):
            read_feed(broken, "x")


def test_elements_far_within_each_other_are_left_out_and_named() -> None:
    deep = "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH
    part = read_feed(rss(ENTRY.format("A", 1, deep)), "x")
    assert part.entries[0].title == "A"
    assert "is nested deeper than" in part.notes[0].reason
