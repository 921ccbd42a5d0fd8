"""JSON as a stream tells what JSON as a whole tells, up to its caps."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.archives.reader import read_pair
from ingest.parsed_source import UnreadableError, joined
from ingest.parsing import json_stream
from ingest.parsing.json_stream import MAX_DEPTH, MAX_NESTED, MAX_VALUES, elements, members
from ingest.parsing.limits import MAX_ENTRIES, MAX_REMARKS

SCALAR = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9)
JSON = st.recursive(
    SCALAR | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


@given(st.lists(JSON.filter(lambda value: depth(value) <= MAX_DEPTH), max_size=5))
def test_a_list_comes_element_by_element(values: list[object]) -> None:
    for ascii_only in (True, False):
        data = json.dumps(values, ensure_ascii=ascii_only).encode("utf-8", "replace")
        assert list(elements(data)) == json.loads(data)


@given(
    st.lists(st.text('a"\\\\\n\u00e9', max_size=9), max_size=9), st.integers(1, 9), st.booleans()
)
def test_no_piece_ends_within_a_text(values: list[str], size: int, has_mark: bool) -> None:
    written = json.dumps(values).encode()
    reader = json_stream._WholeTexts(b"\xef\xbb\xbf" * has_mark + written)
    pieces = []
    while piece := reader.read(size):
        pieces.append(piece)
        plain = b"".join(pieces).replace(b"\\\\", b"").replace(b'\\"', b"")
        assert plain.count(b'"') % 2 == 0
    assert b"".join(pieces) == written


@pytest.mark.parametrize("letter", ["\n", "\u00e9", "a", '"', "\\"])
def test_a_text_of_many_pieces_comes_whole(letter: str) -> None:
    first, second = elements(json.dumps([letter * 300_000, "b"]).encode())
    assert (len(str(first)), second) == (300_000, "b")


@given(st.dictionaries(st.text(max_size=5), SCALAR, max_size=4), st.lists(SCALAR, max_size=4))
def test_an_object_comes_with_one_of_its_lists_as_a_stream(
    rest: dict[str, object], items: list[object]
) -> None:
    for content in ({**rest, "items": items}, {"items": items, **rest}):
        whole = json.loads(json.dumps(content))
        found = members(json.dumps(content).encode(), {"items"})
        streamed = found.pop("items")
        if isinstance(whole["items"], list):
            assert list(streamed) == whole.pop("items")  # type: ignore[call-overload]  # a stream of it
            assert found == whole


def test_what_is_deeper_or_longer_than_an_entry_is_left_out() -> None:
    deep = json.dumps([{"title": "A", "x": json.loads("[" * 20 + "]" * 20)}]).encode()
    assert depth(next(iter(elements(deep)))) == MAX_DEPTH
    (value,) = elements(json.dumps([list(range(MAX_VALUES + 5))]).encode())
    assert len(value) == MAX_VALUES  # type: ignore[arg-type]  # it is a list


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"[" * (MAX_NESTED + 10), "nested too deeply"),
        (b'[{"a": 1}, {"a"', "is cut off"),
        (b"[1, nonsense]", "is not JSON"),
        (b'["\xff\xfe"]', "is not JSON"),
        (b"[1] more", "is not JSON"),
    ],
)
def test_what_is_not_json_says_so(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        list(elements(data))


class Files(dict[str, bytes]):
    def read(self, name: str) -> bytes:
        return self[name]


def test_a_large_file_is_read_in_parts_and_its_cut_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_stream, "MAX_WHOLE", 10)
    monkeypatch.setattr("ingest.archives.json_days.MAX_WHOLE", 10)
    day = "2023-11-12T10:00:00+00:00"
    entry = {"title": "Ferry", "description": "It runs. " * 9_000, "date_published": day}
    rows = [{**entry, "link": f"https://a.example/{n}"} for n in range(100)]
    parts = list(read_pair(Files({"a.json": json.dumps(rows).encode()}), "a.json", None))
    assert len(parts) > 1
    assert [e.url for e in joined(parts).entries] == [row["link"] for row in rows]
    part = joined(read_pair(Files({"a.json": b"[" + b"1," * 30_000 + b"1]"}), "a.json", None))
    assert part.rejected == MAX_ENTRIES + 1
    assert len(part.rejections) == MAX_REMARKS + 1
    assert "only the first 20,000 entries are read" in part.rejections[-1].reason
    assert f"has {MAX_ENTRIES - MAX_REMARKS:,} more" in part.notes[-1].reason
