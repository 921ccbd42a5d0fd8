"""Nothing that stands in a file ends a run: what can't be read is named, and the rest is taken."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import intake
from ingest.feeds import read_feed
from ingest.intake import Intake, RawEntry
from ingest.parsed_source import UnreadableError
from ingest.source import read
from tests.ingest.test_urls import WILD

GOOD = {
    "title": "The ferry runs again",
    "link": "https://harbour.example/ferry",
    "date_published": "2023-11-12T10:00:00+00:00",
}
TEXT = st.one_of(st.text(max_size=40), WILD)
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT)
VALUE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
ENTRY = st.one_of(
    VALUE,
    st.dictionaries(
        st.sampled_from(
            ["title", "link", "description", "date_published", "language", "source", "tags"]
        ),
        VALUE,
        max_size=7,
    ),
)


@given(st.lists(ENTRY, max_size=6))
def test_no_entry_of_an_archive_costs_another(wild: list[object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.json"
        path.write_text(json.dumps([*wild, GOOD]), encoding="utf-8")
        (part,) = read(str(path))
    assert GOOD["link"] in [entry.url for entry in part.entries]
    assert len(part.entries) + len(part.rejections) == len(wild) + 1


@given(st.builds(RawEntry, st.just("here"), TEXT, TEXT, TEXT, st.one_of(st.none(), TEXT), TEXT))
def test_every_entry_is_taken_or_rejected_by_its_place(raw: RawEntry) -> None:
    gate = Intake()
    gate.take(raw)
    assert len(gate.entries) + len(gate.rejections) == 1
    assert all(rejection.where == "here" for rejection in gate.rejections)


def test_a_fault_that_nobody_foresaw_costs_its_entry_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(link: str) -> str:
        if "bad" in link:
            raise KeyError(link)
        return link

    monkeypatch.setattr(intake, "section_of", fails)
    gate = Intake()
    for name in ("bad", "good"):
        gate.take(RawEntry(name, f"https://harbour.example/{name}", name))
    assert [entry.title for entry in gate.entries] == ["good"]
    assert gate.rejections[0].where == "bad"
    assert "KeyError" in gate.rejections[0].reason


@given(st.binary(max_size=300), st.sampled_from(["a.md", "a.json", "a.xml", "a.opml", "a.zip"]))
def test_no_file_of_a_directory_costs_another(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data)
        (Path(folder) / "good.json").write_text(json.dumps([GOOD]), encoding="utf-8")
        parts = list(read(folder))
    assert [entry.title for part in parts for entry in part.entries][-1:] == [GOOD["title"]]


RSS = "<rss version='2.0'><channel><title>Harbour</title>{}</channel></rss>"
ITEM = "<item><title>{}</title><link>{}</link><pubDate>{}</pubDate><guid>{}</guid></item>"


@given(st.lists(st.builds(ITEM.format, TEXT, TEXT, TEXT, TEXT), max_size=3))
def test_no_feed_raises_anything_but_that_it_is_unreadable(items: list[str]) -> None:
    data = RSS.format("".join(items)).encode("utf-8", "replace")
    with contextlib.suppress(UnreadableError):
        assert read_feed(data, "wild.xml").name == "wild.xml"


def test_running_out_of_memory_is_reported_as_a_limit_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_text: str) -> str:
        raise MemoryError

    monkeypatch.setattr(intake, "plain_title", fails)
    gate = Intake()
    gate.take(RawEntry("entry 1", "https://harbour.example/a", "A"))
    [rejection] = gate.rejections
    assert rejection.reason.startswith("needs more than 256 MB of memory")
    assert rejection.reason.endswith("split it into smaller files")
