"""The part of a query that a message shows around a fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.excerpt import SHOWN_AROUND, around_fault


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (4, ("dam ", ")", " talks")),
        (0, ("", "d", "am ) talks")),
        (11, ("dam ) talks", "", "")),
        (99, ("dam ) talks", "", "")),
        (-1, ("", "d", "am ) talks")),
    ],
)
def test_a_short_query_is_shown_whole(position: int, expected: tuple[str, str, str]) -> None:
    assert around_fault("dam ) talks", position) == expected


def test_a_long_query_is_cut_on_both_sides_with_an_ellipsis() -> None:
    before, at, after = around_fault("a" * 200 + ")" + "b" * 200, 200)
    assert (before, at, after) == ("…" + "a" * SHOWN_AROUND, ")", "b" * SHOWN_AROUND + "…")


@given(st.text(), st.integers(-10, 300))
def test_the_parts_of_a_short_query_join_to_the_query(query: str, position: int) -> None:
    assert len(query) > SHOWN_AROUND or "".join(around_fault(query, position)) == query
