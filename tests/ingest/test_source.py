"""The front door: every kind of location, and every way in which one can be bad."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.fetching.fetch import Fetched
from ingest.source import count_parts, read
from models.errors import SourceError

MARKDOWN = """# Source:Harbour Times, URL:https://harbour.example/rss, language:en

## Ferry line reopens after storm
 - [https://harbour.example/news/local/ferry-reopens](https://harbour.example/news/local/ferry-reopens)
 - RSS feed: https://harbour.example/rss
 - date published: 2023-11-12T22:00:18+00:00

The line to the outer islands runs again.

## Council votes on new library
 - [https://harbour.example/news/council](https://harbour.example/news/council)
 - RSS feed: https://harbour.example/rss
 - date published: 2023-11-12 21:30:12.250000+00:00

## Not a heading of an entry
 - nor a list of one

"""

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Times</title>
<link>https://harbour.example/</link><language>en</language>
<item><title>Ferry line reopens &amp; runs</title><link>https://harbour.example/news/ferry</link>
<description>&lt;p&gt;It runs &lt;b&gt;again&lt;/b&gt;.&lt;/p&gt;</description>
<pubDate>Sun, 12 Nov 2023 22:00:18 GMT</pubDate><category>Local</category></item>
</channel></rss>"""

OPML = """<opml version="2.0"><body><outline text="Coast"><outline text="Harbour" type="rss"
 xmlUrl="https://harbour.example/rss"/></outline>
 <outline text="Gone" xmlUrl="https://gone.example/rss"/></body></opml>"""


def entry(**other: object) -> dict[str, object]:
    return {
        "source": "https://harbour.example/rss",
        "title": "Ferry line reopens",
        "description": "It runs again.",
        "link": "https://harbour.example/news/ferry",
        "date_published": "2023-11-12T22:00:18+00:00",
        "artist": "Harbour Times",
        "language": "en",
        **other,
    }


class FileSource:
    """A fetcher that has one feed."""

    def get(self, url: str) -> Fetched:
        if url == "https://harbour.example/rss":
            return Fetched(url, RSS.encode(), "application/rss+xml")
        raise SourceError(f"{url} answered 404 Not Found.")


def zip_of(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_markdown_file_gives_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "day.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    (part,) = read(str(path))
    assert [e.title for e in part.entries] == [
        "Ferry line reopens after storm",
        "Council votes on new library",
    ]
    assert part.entries[0].source == "Harbour Times"
    assert part.entries[0].section == "news/local"
    assert part.entries[0].feed == part.feed.url == "https://harbour.example/rss"
    assert part.entries[1].summary == "## Not a heading of an entry - nor a list of one"
    assert not part.rejections
    assert count_parts(str(path)) == 1


def test_a_json_file_gives_its_entries_and_names_other_values(tmp_path: Path) -> None:
    path = tmp_path / "day_entries.json"
    bad = [
        entry(title=None, description=""),
        entry(link=""),
        entry(date_published="soon"),
        "text",
        entry(link="x"),
    ]
    path.write_text(json.dumps([entry(), *bad]), encoding="utf-8")
    (part,) = read(str(path))
    assert [e.title for e in part.entries] == ["Ferry line reopens"]
    reasons = [(r.where.rpartition(", ")[2], r.reason) for r in part.rejections]
    assert reasons == [
        ("entry 2", "has neither title nor text"),
        ("entry 3", "has no link: 'Ferry line reopens'"),
        ("entry 4", "has an unreadable date: 'soon' ('Ferry line reopens')"),
        ("entry 5", "is not an entry but a text"),
        ("entry 6", "has a link that is not a web address: 'x'"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty"),
        ('[{"title": "Fer', "is cut off"),
        ('{"a": 1}', "neither"),
        ("<", "not JSON"),
    ],
)
def test_a_file_that_is_not_json_is_a_rejection(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "day_entries.json"
    path.write_text(content, encoding="utf-8")
    (part,) = read(str(path))
    assert not part.entries
    assert [reason in r.reason for r in part.rejections] == [True]


def test_the_markdown_is_read_only_where_the_json_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "a_entries.json").write_text(json.dumps([entry()]), encoding="utf-8")
    (tmp_path / "a_entries.md").write_text(MARKDOWN, encoding="utf-8")
    (tmp_path / "b_entries.json").write_text("[", encoding="utf-8")
    (tmp_path / "b_entries.md").write_text(MARKDOWN, encoding="utf-8")
    (tmp_path / "keywords.json").write_text('{"keywords": []}', encoding="utf-8")
    first, second = read(str(tmp_path))
    assert (first.name, len(first.entries), first.rejections) == ("a_entries.json", 1, ())
    assert (second.name, len(second.entries)) == ("b_entries.md", 2)
    assert [r.where for r in second.rejections] == ["b_entries.json"]
    assert count_parts(str(tmp_path)) == 2


def test_the_publisher_is_named_by_the_json_or_its_markdown_or_its_host(tmp_path: Path) -> None:
    nameless = json.dumps([entry(artist=None)])
    members = {"a.json": nameless, "b.json": nameless, "b.md": MARKDOWN, "c.md": MARKDOWN[70:]}
    archive = zip_of(tmp_path / "month.zip", members)
    a, b, c = read(str(archive))
    assert a.entries[0].source == "harbour.example"
    assert b.entries[0].source == "Harbour Times"
    assert c.entries[0].source == "harbour.example"


def test_a_zip_refuses_by_name_what_does_not_belong_in_an_archive(tmp_path: Path) -> None:
    good = json.dumps([entry()])
    archive = zip_of(
        tmp_path / "month.zip",
        {
            "11/2023-11-12/a_entries.json": good,
            "../up_entries.json": good,
            "/root_entries.json": good,
            "inner.zip": b"PK",
            "bomb_entries.json": b" " * 5_000_000,
        },
    )
    parts = list(read(str(archive)))
    assert sum(len(p.entries) for p in parts) == 1
    refused = {r.where: r.reason for p in parts for r in p.rejections}
    assert set(refused) == {
        "../up_entries.json",
        "/root_entries.json",
        "inner.zip",
        "bomb_entries.json",
    }
    assert count_parts(str(archive)) == len(parts)
    assert sorted(os.listdir(tmp_path)) == ["month.zip"]  # noqa: PTH208 - nothing was unpacked


def test_a_feed_file_gives_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "harbour.xml"
    path.write_text(RSS, encoding="utf-8")
    (part,) = read(str(path))
    (found,) = part.entries
    assert found.title == "Ferry line reopens & runs"
    assert found.summary == "It runs again."
    assert found.original == "<p>It runs <b>again</b>.</p>"
    assert found.source == "Harbour Times"
    assert found.categories == ("Local",)
    assert found.published is not None
    assert found.published.isoformat() == "2023-11-12T22:00:18+00:00"


def test_a_feed_url_is_fetched(tmp_path: Path) -> None:
    (part,) = read("https://harbour.example/rss", fetcher=FileSource())
    assert part.feed.url == part.name == "https://harbour.example/rss"
    with pytest.raises(SourceError, match="404"):
        list(read("https://gone.example/rss", fetcher=FileSource()))


def test_opml_reads_each_feed_and_one_that_fails_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(OPML, encoding="utf-8")
    first, second = sorted(read(str(path), fetcher=FileSource()), key=lambda p: len(p.rejections))
    assert first.feed.labels == ("Coast",)
    assert len(first.entries) == 1
    assert [r.reason for r in second.rejections] == [
        "https://gone.example/rss answered 404 Not Found."
    ]
    assert count_parts(str(path)) == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.md", None, "does not exist"),
        ("empty", "", "holds nothing to read"),
        ("month.zip", "not a zip", "not a ZIP"),
        ("notes.txt", "Dear diary", "is not a feed"),
        ("sources.json", "[]", "no articles"),
    ],
)
def test_a_location_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    path = tmp_path / name
    if content == "":
        path.mkdir()
    elif content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=message) as caught:
        list(read(str(path)))
    assert name in str(caught.value)


def test_credentials_in_a_feeds_address_stand_nowhere_in_what_is_read(tmp_path: Path) -> None:
    class Guarded:
        def get(self, url: str) -> Fetched:
            if "ann:pw@" not in url:
                raise SourceError("asked without credentials")
            if "gone" in url:
                raise SourceError("https://gone.example/rss answered 404 Not Found.")
            return Fetched("https://harbour.example/rss", RSS.encode())

    (part,) = read("https://ann:pw@harbour.example/rss", fetcher=Guarded())
    assert part.feed.url == part.name == part.entries[0].feed == "https://harbour.example/rss"
    path = tmp_path / "feeds.opml"
    path.write_text(OPML.replace("https://", "https://ann:pw@"), encoding="utf-8")
    parts = list(read(str(path), fetcher=Guarded()))
    assert len(parts) == 2
    assert "ann" not in repr(parts)
