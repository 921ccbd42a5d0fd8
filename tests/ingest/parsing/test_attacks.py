"""Hostile files, one for each way that was tried: each ends, and is told in words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.parsing.pool import ReaderPool
from ingest.source import read
from models.errors import SourceError

SIZE = 400_000
READER_EXPORT = '{"id": "user/-/s", "items": [%s]}'
LINK = '"canonical": [{"href": "https://a.example/1"}]'
FEED = (
    '<rss version="2.0"><channel><title>T</title><item><title>%s</title>'
    "<link>https://a.example/1</link></item></channel></rss>"
)
DECLARED = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a0 "lol">{DECLARED}]>'
_PYTHON = re.compile(r"\b[A-Z]\w+(?:Error|Exception)\b")


def packed(*members: tuple[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


ATTACKS: dict[str, str | bytes] = {
    "lists.json": "[" * SIZE,
    "nested-items.json": READER_EXPORT % ("[" * SIZE),
    "nested-item.json": READER_EXPORT % ('{"title":' + "[" * 900 + "]" * 900 + "}"),
    "huge-number.json": READER_EXPORT % ('{"title": "A", "published": 1' + "0" * SIZE + "}"),
    "exponent.json": READER_EXPORT % ('{"title": "A", "published": 1e999999999, ' + LINK + "}"),
    "halves.json": READER_EXPORT % ('{"title": "' + "\\ud800" * 60_000 + '", ' + LINK + "}"),
    "names.json": '{"id": "user/-/s", ' + '"a": 1, ' * 50_000 + '"items": []}',
    "labels.json": READER_EXPORT % ('{"title": "A", "categories": [' + "[]," * 90_000 + "1]}"),
    "port.json": '{"total": 1, "entries": [{"title": "A", "url": "https://a.example:99999/"}]}',
    "line.json": '"' + "a" * SIZE + '"',
    "line.md": "## " + "a" * SIZE,
    "line.xml": FEED % ("a" * SIZE),
    "line.opml": f'<opml><body><outline text="{"a" * SIZE}"/></body></opml>',
    "line.csv": "title,link\n" + "a" * SIZE,
    "quote.csv": 'title,link\n"' + "a" * SIZE,
    "columns.csv": "a," * (SIZE // 2),
    "nested.jsonl": '{"a":' * (SIZE // 5),
    "digits.jsonl": "1" * SIZE,
    "headers.eml": "From: " + "a@" * (SIZE // 2) + "\n\nx",
    "base64.eml": "From: a@a.example\nContent-Transfer-Encoding: base64\n\n" + "=" * SIZE,
    "punycode.eml": "From: a@a.example\nContent-Type: text/plain; charset=punycode\n\n"
    + "a-" * 999,
    "messages.eml": "From: a@a.example\n" + "Content-Type: message/rfc822\n\n" * 9_000,
    "entities.xml": ENTITIES + FEED % "&a9;",
    "entities.opml": ENTITIES + "<opml><body><outline text='&a9;'/></body></opml>",
    "outside.xml": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + FEED % "&x;",
    "punycode.xml": '<?xml version="1.0" encoding="punycode"?>' + FEED % ("a-" * (SIZE // 2)),
    "utf7.xml": '<?xml version="1.0" encoding="utf-7"?>' + FEED % ("+AGE-" * (SIZE // 5)),
    "escapes.xml": '<?xml version="1.0" encoding="unicode_escape"?>' + FEED % "\\u0041",
    "references.xml": FEED % ("&#x41;" * (SIZE // 6)),
    "sections.xml": FEED % ("<![CDATA[" * (SIZE // 9)),
    "comments.xml": "<!--" * (SIZE // 4),
    "inner.zip": packed(("a.zip", packed(("b.json", "[]")))),
    "paths.zip": packed(
        ("../../x.json", "[]"), ("/x.json", "[]"), ("C:\\x.json", "[]"), ("a\n\x1b.json", "x")
    ),
    "length.warc": "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999999\r\n\r\n",
    "before.warc": "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -1\r\n\r\n",
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderPool]:
    opened = ReaderPool(processes=1)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_file_ends_and_gives_a_clear_message(
    tmp_path: Path, reader: ReaderPool, name: str
) -> None:
    content = ATTACKS[name]
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    said: list[str] = []
    entries = 0
    try:
        for part in read(str(file), reader=reader):
            entries += len(part.entries)
            said += [each.reason for each in (*part.rejections, *part.notes)]
    except SourceError as error:
        said.append(error.reason)
    assert entries or said
    assert entries <= 1
    assert not [words for words in said if _PYTHON.search(words)]
    assert all(len(words) < 1_000 for words in said)
