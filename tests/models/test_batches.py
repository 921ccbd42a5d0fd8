"""A stream is cut into lists of one size, and nothing is read before it is asked for."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from models.batches import batches


@given(st.lists(st.integers()), st.integers(1, 10))
def test_all_items_come_once_and_in_order(items: list[int], size: int) -> None:
    cut = list(batches(items, size))
    assert [item for batch in cut for item in batch] == items
    assert all(len(batch) == size for batch in cut[:-1])
    assert all(cut)


def test_a_stream_without_end_is_read_a_batch_at_a_time() -> None:
    stream = count()
    assert next(batches(stream, 3)) == [0, 1, 2]
    assert next(stream) == 3
