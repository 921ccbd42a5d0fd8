"""Text in any encoding of the web is read, and no codec is run that is none."""

from __future__ import annotations

import encodings.aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds import read_feed
from ingest.parsing.xml_text import MAX_HEAD, to_utf8

FEED = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><title>{}</title>'
    "<item><title>{}</title><link>https://a.example/1</link></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Zażółć gęślą jaźń"),
        ("iso-8859-2", "Zażółć gęślą jaźń"),
        ("windows-1251", "Паром снова ходит"),
        ("koi8-r", "Паром снова ходит"),
        ("shift_jis", "フェリー再開"),
        ("euc-jp", "フェリー再開"),
        ("iso-2022-jp", "フェリー再開"),
        ("gb2312", "渡轮恢复运行"),
        ("big5", "渡輪恢復運行"),
        ("euc-kr", "여객선 운항 재개"),
        ("utf-16", "Zażółć gęślą jaźń"),
        ("utf-16-le", "Zażółć gęślą jaźń"),
        ("utf-16-be", "Zażółć gęślą jaźń"),
        ("utf-32", "Zażółć gęślą jaźń"),
    ],
)
def test_the_encodings_of_the_web_are_read(encoding: str, text: str) -> None:
    data = FEED.format(encoding, text, text).encode(encoding)
    (entry,) = read_feed(data, "x").entries
    assert (entry.title, entry.source) == (text, text)


def test_what_the_server_says_beats_the_declaration() -> None:
    data = FEED.format("utf-8", "Паром", "Паром").encode("windows-1251")
    (entry,) = read_feed(data, "x", content_type="text/xml; charset=Windows-1251").entries
    assert entry.title == "Паром"


@pytest.mark.parametrize("name", sorted({*encodings.aliases.aliases.values(), "punycode", "idna"}))
def test_a_declared_name_runs_no_codec_that_the_web_does_not_know(name: str) -> None:
    part = read_feed(FEED.format(name, "Harbour", "Ferry").encode(), "x")
    assert [entry.title for entry in part.entries] == ["Ferry"]
    if name in {"punycode", "idna", "zlib_codec", "rot_13", "utf_7", "cp037"}:
        assert "declares an encoding that the web does not use" in part.notes[0].reason


def test_one_bad_byte_costs_one_character() -> None:
    data = FEED.format("utf-8", "Zażółć", "Jaźń w X").encode().replace(b"X", b"\xff")
    part = read_feed(data, "x")
    assert part.entries[0].title == "Jaźń w \ufffd"
    assert part.notes[0].reason == "has 1 bytes that are not UTF-8"


def test_text_without_any_utf_8_is_read_as_browsers_do() -> None:
    data = FEED.format("utf-8", "Café", "Café au lait").encode("latin-1")
    part = read_feed(data, "x")
    assert part.entries[0].title == "Café au lait"
    assert "read as Windows-1252" in part.notes[0].reason


def test_white_space_and_comments_before_the_root_do_not_grow_the_head() -> None:
    head = b"\n" * 300_000 + b"<!--" + b"x" * 300_000 + b"-->"
    assert len(to_utf8(head + b"<rss/>").data) < MAX_HEAD + 100


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_become_utf_8(data: bytes, content_type: str) -> None:
    to_utf8(data, content_type).data.decode("utf-8")
