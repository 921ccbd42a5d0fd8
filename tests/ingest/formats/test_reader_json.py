"""Exports of other feed readers are articles of the feeds that they came from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.reader_json import is_reader_export, read_reader_export
from ingest.parsed_source import ParsedSource, UnreadableError, joined
from ingest.source import read
from tests.ingest.parsing.test_json_stream import JSON

STARRED: dict[str, Any] = {
    "id": "user/-/state/com.google/starred",
    "title": "Starred",
    "items": [
        {
            "id": "tag:google.com,2005:reader/item/0001",
            "title": "Ferry runs again &amp; again",
            "published": 1_699_862_400,
            "canonical": [{"href": "https://harbour.example/ferry"}],
            "alternate": [{"href": "https://other.example/"}],
            "categories": [
                "user/-/state/com.google/read",
                "user/-/label/Sea",
                "Local",
            ],
            "origin": {
                "streamId": "feed/https://harbour.example/rss",
                "title": "Harbour Times",
                "htmlUrl": "https://harbour.example",
            },
            "summary": {"content": "<p>The line to the islands.</p>"},
        },
        {
            "title": "Dam holds",
            "published": "1699862400000",
            "alternate": [{"href": "https://valley.example/dam"}],
            "origin": {"streamId": "feed/12", "feedUrl": "https://valley.example/atom"},
            "content": {"content": "<p>It holds.</p>"},
        },
        "nothing",
        {"title": "Without a link"},
    ],
}
MINIFLUX: dict[str, Any] = {
    "total": 1,
    "entries": [
        {
            "title": "Ferry runs again",
            "url": "https://harbour.example/ferry",
            "published_at": "2023-11-13T08:00:00Z",
            "content": "<p>The line to the islands.</p>",
            "hash": "abc",
            "tags": ["Sea"],
            "feed": {"title": "Harbour Times", "feed_url": "https://harbour.example/rss"},
        }
    ],
}
FEEDBIN = [
    {
        "title": "Ferry runs again",
        "url": "https://harbour.example/ferry",
        "published": "2023-11-13T08:00:00.000000Z",
        "content": "<p>The line to the islands.</p>",
        "author": None,
    }
]


def parts(path: Path, content: object) -> list[ParsedSource]:
    path.write_text(json.dumps(content), encoding="utf-8")
    return list(read(str(path)))


@pytest.mark.parametrize("is_streamed", [False, True])
def test_starred_articles_are_those_of_their_feeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_streamed: bool
) -> None:
    if is_streamed:
        monkeypatch.setattr("ingest.archives.json_days.MAX_WHOLE", 10)
    found = parts(tmp_path / "starred.json", STARRED)
    assert [(part.feed.url, part.feed.title, len(part.entries)) for part in found] == [
        ("", "", 0),
        ("https://harbour.example/rss", "Harbour Times", 1),
        ("https://valley.example/atom", "valley.example", 1),
    ]
    first, second = (entry for part in found for entry in part.entries)
    assert (first.title, first.summary) == (
        "Ferry runs again & again",
        "The line to the islands.",
    )
    assert (first.url, first.source) == ("https://harbour.example/ferry", "Harbour Times")
    assert first.categories == ("Sea", "Local")
    assert first.published == second.published == datetime(2023, 11, 13, 8, tzinfo=UTC)
    assert [each.where for each in found[0].rejections] == [
        "starred.json, item 3",
        "starred.json, item 4",
    ]


@pytest.mark.parametrize("content", [MINIFLUX, FEEDBIN], ids=["Miniflux", "Feedbin"])
def test_exports_of_miniflux_and_feedbin_are_read(tmp_path: Path, content: object) -> None:
    [entry] = joined(parts(tmp_path / "entries.json", content)).entries
    assert (entry.title, entry.summary) == ("Ferry runs again", "The line to the islands.")
    assert entry.url == "https://harbour.example/ferry"
    assert entry.published == datetime(2023, 11, 13, 8, tzinfo=UTC)


@pytest.mark.parametrize("published", [10**400, -5, 1e308, True, [], "soon", "9" * 5_000])
def test_an_absurd_moment_is_never_believed(published: object) -> None:
    item = STARRED["items"][0] | {"published": published}
    whole = joined(read_reader_export(STARRED | {"items": [item]}, "a.json"))
    [entry] = whole.entries
    assert entry.published is None


@given(JSON)
def test_whatever_stands_in_an_export_ends_no_run(value: object) -> None:
    contents: list[dict[str, Any]] = [
        STARRED | {"items": [value]},
        MINIFLUX | {"entries": [value, value]},
    ]
    for content in contents:
        read_all = joined(read_reader_export(content, "a.json"))
        assert len(read_all.entries) + read_all.rejected == len(content.get("entries", [0]))


@given(st.dictionaries(st.sampled_from(sorted(STARRED["items"][0])), JSON))
def test_whatever_stands_in_an_item_ends_no_run(item: dict[str, object]) -> None:
    read_all = joined(read_reader_export(STARRED | {"items": [item]}, "a.json"))
    assert len(read_all.entries) + read_all.rejected == 1


def test_what_is_not_an_export_is_not_taken_for_one() -> None:
    others: list[Any] = [[], {}, {"items": []}, {"id": "x", "items": []}, {"entries": []}, "x"]
    for content in others:
        assert not is_reader_export(content)
        with pytest.raises(UnreadableError):
            list(read_reader_export(content, "a.json"))
