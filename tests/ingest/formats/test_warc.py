"""Web archives: each page that is an article is taken, whatever stands beside it."""

from __future__ import annotations

import contextlib
import tempfile
from gzip import compress as gzip_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsed_source import joined
from ingest.parsing.pool import ReaderPool
from ingest.source import read
from models.errors import SourceError
from tests.ingest.fetching.test_page_text import article

HEAD = (
    b"<html lang=en><head><meta property='og:title' content='Ministers &amp; fish'>"
    b"<meta property='article:published_time' content='2023-11-12T10:00:00Z'>"
    b"<meta property='og:site_name' content='Harbour Post'>"
)


def archive_of(path: Path, *, gzip: bool = True) -> None:
    page = article().replace(b"<html><head>", HEAD)
    records = [
        ("https://harbour.example/1", "200 OK", "text/html; charset=utf-8", page),
        ("https://harbour.example/2", "404 Not Found", "text/html", page),
        ("https://harbour.example/3.png", "200 OK", "image/png", b"\x89PNG"),
        ("https://harbour.example/4", "200 OK", "text/html", b"<p>Menu"),
    ]
    pack = gzip_bytes if gzip else bytes
    path.write_bytes(b"".join(pack(record(*one)) for one in records))


def record(url: str, status: str, kind: str, body: bytes) -> bytes:
    """Return a record of ISO 28500 that answers with `body`."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_the_articles_of_a_web_archive_are_taken(tmp_path: Path, name: str) -> None:
    archive_of(tmp_path / name, gzip=name.endswith("gz"))
    reader = ReaderPool()
    part = joined(read(str(tmp_path), reader=reader))
    reader.close()
    (entry,) = part.entries
    assert (entry.title, entry.source) == ("Ministers & fish", "Harbour Post")
    assert entry.url == "https://harbour.example/1"
    assert entry.published is not None
    assert entry.published.date().isoformat() == "2023-11-12"
    assert "Ministers of ten countries met" in entry.body + entry.summary
    [rejection] = part.rejections
    assert "holds no article: https://harbour.example/4" in rejection.reason
    assert part.notes[-1].reason == "has 2 records that are not pages"


def test_a_web_archive_that_is_cut_off_gives_what_stood_before(tmp_path: Path) -> None:
    archive_of(tmp_path / "a.warc.gz")
    whole = (tmp_path / "a.warc.gz").read_bytes()
    (tmp_path / "a.warc.gz").write_bytes(whole[: len(whole) - 200])
    assert len(joined(read(str(tmp_path))).entries) == 1


@given(st.binary(max_size=300))
def test_no_file_named_so_ends_a_run(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.warc"
        path.write_bytes(data)
        with contextlib.suppress(SourceError):
            assert not joined(read(str(path))).entries


def test_a_record_without_what_it_has_to_have_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999999\r\n\r\n"
    path.write_bytes(head)
    with pytest.raises(SourceError, match="is not a web archive"):
        joined(read(str(path)))
