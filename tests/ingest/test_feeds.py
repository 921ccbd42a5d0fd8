"""Feeds in every dialect, and feeds that were made to hurt."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.feeds import read_feed
from ingest.parsed_source import ParsedSource, UnreadableError

ITEM = (
    "<item><title>{}</title><link>https://a.example/{}</link><description>{}</description></item>"
)
GOOD = ITEM.format("Good", 1, "It runs.")
HEAD = '<?xml version="1.0"?>'


def rss(items: str, head: str = HEAD) -> bytes:
    channel = "<title>Harbour Times</title><link>https://a.example/</link>"
    return f'{head}<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


def titles(part: ParsedSource) -> list[str]:
    return [entry.title for entry in part.entries]


def test_atom_gives_summary_text_and_dates() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour</title>
    <link rel="self" href="https://a.example/atom"/><id>urn:a</id>
    <entry><title type="html">Ferry &amp;amp; line</title><link href="https://a.example/1"/>
    <id>urn:1</id><updated>2023-11-12T23:00:18+01:00</updated><summary>Short.</summary>
    <content type="html">&lt;p&gt;The whole text.&lt;/p&gt;</content><category term="Local"/>
    </entry></feed>"""
    part = read_feed(atom, "atom.xml")
    (entry,) = part.entries
    assert part.feed.url == "https://a.example/atom"
    assert (entry.title, entry.summary, entry.body) == ("Ferry & line", "Short.", "The whole text.")
    assert entry.published == datetime(2023, 11, 12, 22, 0, 18, tzinfo=UTC)
    assert (entry.guid, entry.categories) == ("urn:1", ("Local",))


def test_a_json_feed_gives_its_items() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour",
        "feed_url": "https://a.example/feed.json",
        "language": "en",
        "items": [
            {
                "id": "1",
                "url": "https://a.example/1",
                "title": "Ferry line",
                "content_html": "<p>It runs.</p>",
                "date_published": "2023-11-12T22:00:18Z",
                "tags": ["Local", 3],
            },
            {"id": 2, "title": "No link but an id", "content_text": "So it stays."},
            {"id": "3", "url": "https://a.example/3"},
            "not an item",
        ],
    }
    part = read_feed(json.dumps(feed).encode(), "feed.json")
    assert titles(part) == ["Ferry line", "No link but an id"]
    first, second = part.entries
    assert (first.summary, first.body, first.categories) == ("It runs.", "", ("Local",))
    assert (second.canonical_url, second.guid) == ("", "2")
    assert first.id != second.id
    assert [r.reason for r in part.rejections] == ["has neither title nor text", "is not an item"]
    assert part.feed.url == "https://a.example/feed.json"


def test_a_long_text_without_a_summary_is_text_and_its_beginning_the_summary() -> None:
    whole = "It runs again. " * 200
    (entry,) = read_feed(
        rss(
            f"<item><title>T</title><link>https://a.example/1</link>"
            f'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">{whole}'
            "</content:encoded></item>"
        ),
        "x",
    ).entries
    assert entry.body == whole.strip()
    assert len(entry.summary) <= 1_000
    assert entry.summary.endswith("…")


def test_relative_links_are_resolved_against_the_feeds_address() -> None:
    item = "<item><title>T</title><link>/news/1</link></item>"
    (entry,) = read_feed(rss(item), "x", "https://b.example/rss").entries
    assert entry.url == "https://b.example/news/1"


def test_an_article_whose_feed_gives_no_readable_date_is_kept_and_the_date_is_doubted() -> None:
    dated = "<item><title>T</title><link>https://a.example/2</link><pubDate>{}</pubDate></item>"
    part = read_feed(rss(GOOD + dated.format("the day after")), "x")
    assert titles(part) == ["Good", "T"]
    assert part.entries[1].published is None
    assert part.entries[1].published_doubt == "has an unreadable date: 'the day after'"
    assert ["'the day after', which is not believed" in note.reason for note in part.notes] == [
        True
    ]
    assert not part.rejections


LETTERS = "abcdefghij"
BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
for small, large in pairwise(LETTERS):
    BOMB += f'<!ENTITY {large} "' + f"&{small};" * 10 + '">'
BOMB += "]>"
LATIN = '<?xml version="1.0" encoding="utf-8"?>'
NOT_16 = '<?xml version="1.0" encoding="utf-16"?>'


@pytest.mark.parametrize(
    "feed",
    [
        rss(ITEM.format("&j;", 2, "x") + GOOD, HEAD + BOMB),
        rss(GOOD, f'{HEAD}<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        rss(GOOD, f'{HEAD}<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>'),
        rss(GOOD + ITEM.format("Caf\xe9", 2, "x"), LATIN).replace(b"\xc3\xa9", b"\xe9"),
        rss(GOOD, NOT_16),
        rss(GOOD, NOT_16).decode().encode("utf-16"),
        rss(GOOD, '<?xml version="1.0" encoding="klingon"?>'),
        rss(GOOD + ITEM.format("N\x00UL", 2, "a\x08b")),
        rss(GOOD + ITEM.format("R&D < Sales", 2, "<b>not closed")),
        rss(GOOD * 2)[:-60],
        rss(GOOD + ITEM.format("x" * 5_000_000, 2, "x")),
        rss(GOOD + ITEM.format("T", 2, "&lt;div&gt;&lt;b&gt;" * 50_000)),
        rss(GOOD + "<a>" * 5_000),
        rss(GOOD + "<!--" * 20_000),
        rss(GOOD + "<![CDATA[" * 20_000),
    ],
)
def test_a_feed_made_to_hurt_gives_its_good_entry_in_good_time(feed: bytes) -> None:
    start = time.monotonic()
    part = read_feed(feed, "x.xml")
    assert time.monotonic() - start < 10
    assert "Good" in titles(part)
    text = repr(part)
    assert "root:" not in text
    assert all(len(entry.title) <= 1_000 for entry in part.entries)


def test_an_external_entity_brings_nothing_in() -> None:
    head = f'{HEAD}<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    part = read_feed(rss(ITEM.format("A&x;B", 2, "&x;"), head), "x")
    assert "root" not in repr(part)


def test_a_cut_feed_says_so() -> None:
    part = read_feed(rss(GOOD * 3)[:-60], "x")
    assert any("is cut off" in r.reason for r in part.rejections)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  ",
        b"<!doctype html><html><body>Hi</body></html>",
        bytes(range(256)) * 20,
        b"{",
        b"{}",
    ],
)
def test_bytes_that_are_not_a_feed_are_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_feed(data, "x")


def test_more_tags_than_any_feed_has_are_refused() -> None:
    with pytest.raises(UnreadableError, match="tags"):
        read_feed(b"<rss>" + b"<a>" * 1_000_001, "x")


TEXT = st.text(max_size=40)
MARKUP = st.text(alphabet="<>&;\"'/=!-[]ab \x00é", max_size=60)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(TEXT | MARKUP, TEXT | MARKUP, TEXT | MARKUP), max_size=4),
    st.sampled_from(["utf-8", "latin-1", "utf-16", "windows-1250"]),
    st.integers(min_value=0, max_value=60),
)
def test_no_feed_crashes_and_every_item_is_somewhere(
    items: list[tuple[str, str, str]], encoding: str, cut: int
) -> None:
    from xml.sax.saxutils import escape

    clean = "".join(
        ITEM.format(*(escape(part.replace("\x00", "")) for part in (title, link, text)))
        for title, link, text in items
    )
    wild = "".join(ITEM.format(*item) for item in items)
    for body in (clean, wild):
        data = rss(body, f'<?xml version="1.0" encoding="{encoding}"?>').decode()
        encoded = data.encode(encoding, "replace")
        try:
            part = read_feed(encoded[: len(encoded) - cut], "x")
        except UnreadableError:
            continue
        if body == clean and not cut and encoding == "utf-8":
            broken = [n for n in part.notes if "broken XML" in n.reason]
            assert broken or len(part.entries) + len(part.rejections) == len(items)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_unreadable(data: bytes) -> None:
    for wrapped in (data, HEAD.encode() + data, rss("")[:-16] + data):
        try:
            assert isinstance(read_feed(wrapped, "x"), ParsedSource)
        except UnreadableError:
            continue


def test_a_post_without_a_title_is_an_article_whose_first_words_stand_in() -> None:
    text = "The ferry has come back after the storm, and nobody in the harbour believed it would."
    item = f"<item><link>https://a.example/1</link><description>{text}</description></item>"
    part = read_feed(rss(item), "x")
    assert part.entries[0].title.startswith("The ferry has come back after")
    assert len(part.entries[0].title) <= 80
    assert part.entries[0].summary == text
    assert "has no title; its first words stand in" in part.notes[0].reason


def test_a_note_of_a_json_feed_without_address_is_found_under_its_id() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Micro",
        "items": [{"id": "https://micro.example/2", "content_text": "Rain over the harbour."}],
    }
    (entry,) = read_feed(json.dumps(feed).encode(), "feed.json").entries
    assert (entry.url, entry.title) == ("https://micro.example/2", "Rain over the harbour.")


def test_an_episode_without_a_link_leads_to_its_recording() -> None:
    item = '<item><title>Episode 2</title><enclosure url="https://pod.example/2.mp3"/></item>'
    (entry,) = read_feed(rss(item), "x").entries
    assert entry.url == "https://pod.example/2.mp3"


def test_relative_links_of_a_file_are_resolved_against_its_own_address() -> None:
    feed = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Rel</title>'
        b'<link rel="self" href="https://rel.example/blog/feed.xml"/>'
        b'<entry><title>One</title><id>1</id><link href="/blog/one"/></entry>'
        b'<entry><title>Two</title><id>2</id><link href="two"/></entry></feed>'
    )
    part = read_feed(feed, "feed.xml")
    assert [entry.url for entry in part.entries] == [
        "https://rel.example/blog/one",
        "https://rel.example/blog/two",
    ]


@pytest.mark.parametrize("first", ["2041-02-05T08:09:00Z", "1970-01-01T00:00:00Z", "whenever"])
def test_a_second_date_is_taken_where_the_first_cannot_be_believed(first: str) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Upd</title><entry><title>T</title>'
        f'<id>1</id><link href="https://upd.example/1"/><published>{first}</published>'
        "<updated>2023-11-12T01:52:24Z</updated></entry></feed>"
    )
    (entry,) = read_feed(feed.encode(), "x").entries
    assert entry.published == datetime(2023, 11, 12, 1, 52, 24, tzinfo=UTC)
    assert entry.published_doubt == ""


def test_the_other_dates_of_a_feed_tell_how_it_writes_them() -> None:
    dated = "<item><title>T</title><link>https://a.example/{0}</link><pubDate>{1}</pubDate></item>"
    days = ["04/05/2023 10:00", "13/05/2023 10:00"]
    part = read_feed(rss("".join(dated.format(n, day) for n, day in enumerate(days))), "x")
    assert [entry.published for entry in part.entries] == [
        datetime(2023, 5, 4, 10, tzinfo=UTC),
        datetime(2023, 5, 13, 10, tzinfo=UTC),
    ]
    assert "read with the day first" in part.notes[0].reason


MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
CAPTION = (
    "<media:content url='https://harbour.example/b.jpg'><media:title>Caption</media:title>"
    "<media:description>Photo of a boat</media:description></media:content>"
)
OWN = (
    "<title>Ferry runs</title><link>https://harbour.example/1</link>"
    "<description>It runs again.</description>"
)


@pytest.mark.parametrize(
    "item",
    [
        OWN + CAPTION,
        CAPTION + OWN,
        f"{OWN}<media:group>{CAPTION}</media:group>",
        "<media:title>Caption</media:title><media:description>Photo</media:description>" + OWN,
        OWN + "<media:content url='x' medium='image'/><media:description>Photo</media:description>",
        OWN + "<media:thumbnail url='x.jpg'><media:description>Photo</media:description>"
        "</media:thumbnail>",
    ],
)
@pytest.mark.parametrize("prefix", ["media", "m"])
def test_the_caption_of_a_picture_is_not_the_summary(item: str, prefix: str) -> None:
    text = (
        f"<rss version='2.0' {MEDIA}><channel><title>H</title><item>{item}</item></channel></rss>"
    )
    text = text.replace("media:", f"{prefix}:").replace(":media", f":{prefix}")
    (entry,) = read_feed(text.encode(), "f").entries
    assert (entry.title, entry.summary, entry.body) == ("Ferry runs", "It runs again.", "")


def test_a_caption_is_not_a_summary_but_a_film_description_is() -> None:
    caption = OWN.partition("<description>")[0] + CAPTION
    film = caption.replace("b.jpg", "film.mp4").replace("/1", "/2")
    data = (
        f"<rss version='2.0' {MEDIA}><channel><item>{caption}</item><item>{film}</item>"
        "</channel></rss>"
    )
    entries = read_feed(data.encode(), "f").entries
    assert [entry.summary for entry in entries] == ["", "Photo of a boat"]


def test_ampersands_of_links_are_those_of_the_page() -> None:
    link = "https://harbour.example/x?a=1&b=2&copy=3"
    for written in (link, link.replace("&", "&amp;"), link.replace("&", "&amp;amp;")):
        item = f"<item><title>T</title><link>{written}</link></item>"
        data = f"<rss version='2.0'><channel>{item}</channel></rss>"
        (entry,) = read_feed(data.encode(), "f").entries
        assert entry.url == link


@pytest.mark.parametrize(
    "data", [rss(""), b'{"version": "https://jsonfeed.org/version/1.1", "items": []}']
)
def test_a_feed_without_entries_says_so(data: bytes) -> None:
    assert [note.reason for note in read_feed(data, "x").notes] == ["is a feed without entries"]
