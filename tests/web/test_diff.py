"""What changed between two versions."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from web.diff import ChangeKind, changes

texts = st.lists(st.sampled_from(["dam", "river", "the", "12", ",", ".", "!", "élan", "\n"])).map(
    " ".join
)


@given(texts, texts)
def test_the_pieces_hold_both_texts(before: str, after: str) -> None:
    pieces = changes(before, after)
    assert "".join(p.text for p in pieces if p.kind is not ChangeKind.NEW) == before
    assert "".join(p.text for p in pieces if p.kind is not ChangeKind.GONE) == after
    assert all(piece.text for piece in pieces)


def shown(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in changes(before, after)]


def test_one_word_is_one_change() -> None:
    assert shown("death toll rises to 31", "death toll rises to 47") == [
        ("kept", "death toll rises to "),
        ("gone", "31"),
        ("new", "47"),
    ]


def test_a_sentence_written_anew_is_read_as_one() -> None:
    pieces = shown("He left the town by rail.", "She saw the dam from afar.")
    assert [fate for fate, _ in pieces] == ["gone", "new", "kept"]


def test_the_same_text_is_kept_whole() -> None:
    assert shown("As it was.", "As it was.") == [("kept", "As it was.")]
    assert shown("", "") == []


def test_long_texts_take_no_long_time() -> None:
    before, after = "a b " * 50_000, "b c " * 50_000
    began = time.perf_counter()
    assert shown(before, after) == [("gone", before), ("new", after)]
    assert time.perf_counter() - began < 5
