"""Bytes of feeds become text whatever is declared, and faults of XML cost a sign and no feed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.encoding import decode_xml
from ingest.feeds import read_feed
from ingest.xml_text import mended, with_markup_escaped

POLISH = "Zażółć gęślą jaźń w Łodzi, śnieg"
RUSSIAN = "Президент заявил, что завтра снег"
JAPANESE = "岸田首相が訪米し、大統領と会談した"
CHINESE = "习近平会见拜登、双方就两国关系交换意见"
KOREAN = "대통령이 미국을 방문했다"
FRENCH = "Grève à la SNCF : le point"


def feed(title: str, text: str = "", *, encoding: str = "", language: str = "") -> str:
    head = f"<?xml version='1.0' encoding='{encoding}'?>\n" if encoding else ""
    told = f"<language>{language}</language>" if language else ""
    return (
        f"{head}<rss version='2.0'><channel><title>Harbour</title>{told}<item>"
        f"<title>{title}</title><link>https://harbour.example/1</link><description>{text}</description></item>"
        "</channel></rss>"
    )


def read(data: bytes, content_type: str = "") -> tuple[str, str]:
    (entry,) = read_feed(data, "wild.xml", "", content_type).entries
    return entry.title, entry.summary


@pytest.mark.parametrize(
    ("text", "declared", "written", "content_type"),
    [
        (POLISH, "ISO-8859-1", "utf-8", ""),
        (POLISH, "windows-1250", "utf-8", "text/xml; charset=iso-8859-1"),
        (POLISH, "utf-8", "utf-8", "text/xml"),
        (POLISH, "", "utf-8", "text/html"),
        (POLISH, "utf-16", "utf-8", ""),
        (POLISH, "punycode", "utf-8", ""),
        (POLISH, "no-such", "utf-8", ""),
        (POLISH, "utf-8", "utf-8-sig", ""),
        (POLISH, "utf-8", "utf-16", ""),
        (POLISH, "utf-16", "utf-16-le", ""),
        (POLISH, "utf-16", "utf-16-be", ""),
        (POLISH, "utf-8", "utf-32", ""),
        (POLISH, "windows-1250", "cp1250", ""),
        (POLISH, "windows-1250", "cp1250", "text/xml; charset=iso-8859-1"),
        (POLISH, "", "cp1250", "text/xml; charset=windows-1250"),
        (POLISH, "", "cp1250", ""),
        (POLISH, "utf-8", "cp1250", "application/xml; charset=utf-8"),
        (POLISH, "ISO-8859-2", "iso8859-2", ""),
        (RUSSIAN, "windows-1251", "cp1251", ""),
        (RUSSIAN, "", "cp1251", ""),
        (RUSSIAN, "", "koi8-r", ""),
        (JAPANESE, "euc-jp", "euc_jp", ""),
        (JAPANESE, "Shift_JIS", "cp932", ""),
        (JAPANESE, "ISO-2022-JP", "iso2022_jp", ""),
        (JAPANESE, "", "euc_jp", ""),
        (JAPANESE, "", "cp932", ""),
        (CHINESE, "gb2312", "gb18030", ""),
        (KOREAN, "euc-kr", "cp949", ""),
        (FRENCH, "utf-8", "cp1252", ""),
        (FRENCH, "", "cp1252", ""),
        ("“Yes” — no…", "iso-8859-1", "cp1252", ""),
    ],
)
def test_the_bytes_tell_the_encoding(
    text: str, declared: str, written: str, content_type: str
) -> None:
    data = feed(text, text, encoding=declared).encode(written)
    assert read(data, content_type) == (text, text)


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [("ru", RUSSIAN, "cp1251"), ("zh-cn", CHINESE, "gb18030"), ("ja", JAPANESE, "euc_jp")],
)
def test_the_language_tells_the_encoding_where_nothing_else_does(
    language: str, text: str, written: str
) -> None:
    data = feed(text, language=language).encode(written)
    assert read(data)[0] == text
    assert "names no encoding" in read_feed(data, "wild.xml").notes[0].reason


@pytest.mark.parametrize("declared", ["utf-8", ""])
@pytest.mark.parametrize("bad", [b"\xe9", b"\xff", b"\xc5", b"\x80", b"\xf0\x9f\x9a"])
def test_a_bad_byte_costs_one_sign_and_not_the_feed(declared: str, bad: bytes) -> None:
    data = feed(POLISH, "a XX b", encoding=declared).encode().replace(b"XX", bad)
    assert read(data) == (POLISH, "a \ufffd b")
    (note,) = read_feed(data, "wild.xml").notes
    assert note.reason == ("has a place that is not utf-8; U+FFFD stands in for what can't be read")


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("R&D at AT&T and Q&A", "R&D at AT&T and Q&A"),
        ("R&D &amp; Q&amp;A &foo; &copy=3", "R&D & Q&A &foo; &copy=3"),
        ("S&P 500 &eacute;t&eacute;&nbsp;&mdash; &#8220;", "S&P 500 été — “"),
        ("<![CDATA[R&D at AT&T]]>", "R&D at AT&T"),
        ("If a < b & c <= d", "If a < b & c <= d"),
        ("List<int> and <b>bold</b>", "List<int> and bold"),
        ("bell \x07 and &#7; and &#x0;", "bell and and"),
        ("half pairs &#55357;&#56832;", "half pairs"),
        ("Windows&#147;s", "Windows“s"),
    ],
)
def test_what_a_parser_must_refuse_is_mended(written: str, seen: str) -> None:
    data = feed(written, written).encode()
    assert read(data) == (seen, seen)
    assert not read_feed(data, "wild.xml").notes


def test_markup_that_was_not_escaped_is_read_as_markup() -> None:
    assert read(feed("T", "One<br>Two <b>three & more").encode()) == ("T", "One Two three & more")
    escaped = with_markup_escaped("<item><title type='xhtml'><div>a</div></title></item>")
    assert escaped == "<item><title type='xhtml'><div>a</div></title></item>"


@given(st.binary(max_size=200), st.sampled_from(["", "text/xml; charset=utf-8", "x; charset=x"]))
def test_any_bytes_become_text(data: bytes, content_type: str) -> None:
    text, _ = decode_xml(data, content_type)
    mended(with_markup_escaped(text)).encode()


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_right_xml_is_not_changed(text: str) -> None:
    from xml.sax.saxutils import escape

    xml = f"<a><![CDATA[{text.replace(']]>', '')} & < &x;]]><b c='1'>{escape(text)}</b></a>"
    assert mended(xml) == xml.replace("\ufffe", "").replace("\uffff", "")


@pytest.mark.parametrize("piece", ["&", "<", "<![CDATA[", "<title>", "<!--", "&#1;", "]]>"])
def test_mending_takes_each_piece_once(piece: str) -> None:
    text = piece * 50_000
    assert len(mended(with_markup_escaped(text))) <= 5 * len(text)
