"""Feeds are read in other processes as in this one, and can be stopped whatever they do there."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import source
from ingest.formats.page_feeds import Offer
from ingest.parsed_source import UnreadableError
from ingest.parsing import worker
from ingest.parsing.pool import InProcess, ReaderPool, StoppedError
from ingest.parsing.reader import Reader
from models.errors import SourceError

ITEM = (
    "<item><title>Ferry {0}</title><link>https://a.example/{0}</link><pubDate>{1}</pubDate></item>"
)
DAY = "Sun, 12 Nov 2023 22:00:18 GMT"
FEED = f'<rss version="2.0"><channel><title>Harbour</title>{ITEM.format(1, DAY)}</channel></rss>'
SPINNING = b"<rss><channel><item>" + b"<category>a</category>" * 10 + b"<a>" * 900_000
SLOW = b"<rss><channel><item>" + b"<category>a</category>" * 450_000
"""What takes more than ten seconds, and less memory than there may be."""


@pytest.fixture(params=["pool", "in process"])
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    if request.param == "pool":
        with contextlib.closing(ReaderPool()) as pool:
            yield pool
    else:
        yield InProcess()


def test_a_feed_is_read_the_same_wherever_that_happens(reader: Reader) -> None:
    part = reader.read(FEED.encode(), "a.xml", "https://a.example/rss", "text/xml")
    assert part == InProcess().read(FEED.encode(), "a.xml", "https://a.example/rss", "text/xml")
    assert [entry.title for entry in part.entries] == ["Ferry 1"]
    many = FEED.replace(
        "</channel>", "".join(ITEM.format(n, DAY) for n in range(3_000)) + "</channel>"
    )
    assert len(reader.read(many.encode(), "a.xml", "", "").entries) == 3_001


def test_what_is_not_a_feed_is_unreadable_and_the_next_is_read(reader: Reader) -> None:
    for data in (b"", b"<html>", b"{}", bytes(range(256))):
        with pytest.raises(UnreadableError):
            reader.read(data, "x", "", "")
    assert reader.read(FEED.encode(), "x", "", "").entries


def files_of_every_kind(folder: Path) -> None:
    """Write a file of each kind that is read."""
    rows = [{"title": "Ferry", "link": "https://a.example/j", "date_published": "2023-11-12"}]
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        for name in ("a.json", "b.json", "c.json"):
            packed.writestr(name, json.dumps(rows))
        packed.writestr("../d.json", "[]")
    (folder / "a.xml").write_text(FEED, encoding="utf-8")
    (folder / "b.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "c.csv").write_text("title,link\nFerry,https://a.example/c\n", encoding="utf-8")
    (folder / "d.eml").write_text("From: a@a.example\nSubject: Ferry\n\nHi", encoding="utf-8")
    (folder / "e.md").write_text("nothing of an archive", encoding="utf-8")


def test_files_are_read_the_same_wherever_that_happens(reader: Reader, tmp_path: Path) -> None:
    files_of_every_kind(tmp_path)
    columns = {"title": "title", "link": "link"}
    parts = list(source.read(str(tmp_path), reader=reader, columns=columns))
    assert parts == list(source.read(str(tmp_path), reader=InProcess(), columns=columns))
    assert sum(len(part.entries) for part in parts) == 7
    assert [one.where for part in parts for one in part.rejections] == ["../d.json", "e.md"]
    assert source.count_parts(str(tmp_path / "a.zip"), reader) == 4


def test_a_table_without_a_title_is_an_error_of_the_whole(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="has no column for a title") as caught:
        list(source.read(str(path), reader=reader))
    assert caught.value.place == str(path)


def test_pages_and_lists_are_read_the_same_wherever_that_happens(reader: Reader) -> None:
    page = b"<link rel=alternate type='application/rss+xml' href='/rss' title='All'>"
    assert reader.offers(page, "https://a.example/") == (Offer("https://a.example/rss", "All"),)
    (feed,) = reader.outlines(
        b"<opml><outline text='A' xmlUrl='https://a.example/rss'/></opml>"
    ).feeds
    assert feed.title == "A"
    assert reader.page_text(b"<p>Hi</p>", "https://a.example/").why == "its page holds no article"


def test_a_file_that_ends_its_reader_costs_no_other(tmp_path: Path) -> None:
    rows = [{"title": "Ferry", "link": "https://a.example/j", "date_published": "2023-11-12"}]
    for name in ("a.json", "a.md", "b.json"):
        (tmp_path / name).write_text(json.dumps(rows), encoding="utf-8")
    with contextlib.closing(ReaderPool(processes=1)) as pool:
        pool.read(FEED.encode(), "x")
        os.kill(pool._idle[0]._popen.pid, signal.SIGKILL)
        parts = list(source.read(str(tmp_path), reader=pool))
    assert [one.reason.partition(" (")[0] for part in parts for one in part.rejections] == [
        "ended the process that read it",
        "holds no entry",  # the .md beside it is read in its place
    ]
    assert [entry.title for part in parts for entry in part.entries] == ["Ferry"]


def test_a_reader_that_needs_too_much_memory_says_so_and_the_next_file_is_read(
    tmp_path: Path,
) -> None:
    many = " ".join(f"a{n}='1'" for n in range(1_500_000))
    (tmp_path / "a.xml").write_text(f"<rss><channel><x {many}/></channel></rss>", encoding="utf-8")
    (tmp_path / "b.xml").write_text(FEED, encoding="utf-8")
    with contextlib.closing(ReaderPool()) as pool:
        first, second = source.read(str(tmp_path), reader=pool)
    assert first.rejections[0].reason.startswith("needs more than 256 MB of memory")
    assert second.entries


def test_many_threads_may_read_at_once(reader: Reader) -> None:
    found: list[int] = []

    def read() -> None:
        found.extend(len(reader.read(FEED.encode(), "x", "", "").entries) for _ in range(5))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 30


def test_a_process_that_dies_costs_its_feed_only() -> None:
    with contextlib.closing(ReaderPool(processes=1)) as pool:
        pool.read(FEED.encode(), "x", "", "")
        os.kill(pool._idle[0]._popen.pid, signal.SIGKILL)
        with pytest.raises(UnreadableError, match="ended the process that read it"):
            pool.read(FEED.encode(), "x", "", "")
        assert pool.read(FEED.encode(), "x", "", "").entries


@pytest.mark.slow
def test_a_feed_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(ReaderPool(seconds=1)) as pool:
        with pytest.raises(UnreadableError, match="takes more than 1 s to read"):
            pool.read(SLOW, "x", "", "")
        assert pool.read(FEED.encode(), "x", "", "").entries


def test_reading_is_given_up_as_soon_as_it_is_to_stop() -> None:
    stop = threading.Event()
    with contextlib.closing(ReaderPool(stopping=stop.is_set)) as pool:
        threading.Timer(0.5, stop.set).start()
        with pytest.raises(StoppedError):
            pool.read(SPINNING, "x", "", "")
        assert not pool._idle


def test_a_process_ends_when_nobody_asks_any_more() -> None:
    pool = ReaderPool()
    pool.read(FEED.encode(), "x", "", "")
    process = pool._idle[0]._popen
    assert process.stdin
    process.stdin.close()
    assert process.wait(timeout=20) == 0
    pool.close()


def test_the_directory_where_a_command_runs_brings_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ingest", "json"):
        (tmp_path / name / "parsing").mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('taken over')")
    with contextlib.closing(ReaderPool()) as pool:
        assert pool.read(FEED.encode(), "x", "", "").entries


def test_a_limit_never_goes_above_what_the_system_grants() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    worker._limit(resource.RLIMIT_NOFILE, hard + 1 if hard > 0 else soft)
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
