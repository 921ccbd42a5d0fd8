"""A sitemap of news is read as a feed is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds import read_feed
from ingest.parsed_source import ParsedSource, UnreadableError

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://a.example/1</loc><lastmod>2023-11-12</lastmod>
 <n:news><n:publication><n:name>Harbour Times</n:name><n:language>en</n:language></n:publication>
 <n:publication_date>2023-11-12T22:00:18+01:00</n:publication_date>
 <n:title>Ferry &amp; line</n:title><n:keywords>sea, local</n:keywords></n:news>
 <image:image><image:loc>https://a.example/1.jpg</image:loc><image:title>A boat</image:title>
 </image:image></url>
<url><loc>https://a.example/about</loc></url>
</urlset>"""


def test_its_articles_are_taken_with_their_source() -> None:
    part = read_feed(NEWS.encode(), "news.xml", "https://a.example/news.xml")
    (entry,) = part.entries
    assert (entry.title, entry.url) == ("Ferry & line", "https://a.example/1")
    assert (entry.source, entry.language) == ("Harbour Times", "en")
    assert entry.categories == ("sea", "local")
    assert entry.published == datetime(2023, 11, 12, 21, 0, 18, tzinfo=UTC)
    assert part.feed.url == "https://a.example/news.xml"
    assert part.feed.title == "Harbour Times"


def test_a_cut_one_gives_what_stands_before_the_cut() -> None:
    part = read_feed(NEWS[:-40].encode(), "news.xml")
    assert len(part.entries) == 1
    assert "is broken XML" in part.rejections[0].reason


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<sitemapindex><sitemap><loc>https://a.example/</loc></sitemap></sitemapindex>", "index"),
        (b"<urlset><url><loc>https://a.example/about</loc></url></urlset>", "without news"),
        (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset><url/></urlset>', "entities"),
    ],
)
def test_what_holds_no_news_says_so(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read_feed(data, "x")


@given(st.text(alphabet='<>/"=urlsetnewtitlo &;', max_size=120))
def test_any_sitemap_is_read_or_unreadable(text: str) -> None:
    try:
        assert isinstance(read_feed(f"<urlset>{text}".encode(), "x"), ParsedSource)
    except UnreadableError:
        return
