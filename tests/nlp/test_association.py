"""Which entities belong together."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tags import Neighbour
from nlp.association import companions, log_likelihood


def neighbour(key: str, articles: int, together: int) -> Neighbour:
    return Neighbour(f"person/{key}", key, "person", articles, together)


def test_it_is_neither_the_most_frequent_nor_the_rarest_that_comes_first() -> None:
    everywhere, partner, once = (
        neighbour("everywhere", 5_000, 55),
        neighbour("partner", 60, 40),
        neighbour("once", 1, 1),
    )
    ranked = companions([everywhere, once, partner], 100, 10_000, 10)
    assert [other.name for other in ranked] == ["partner", "once", "everywhere"]
    assert ranked[0].lift == pytest.approx(40 * 10_000 / (100 * 60))


def test_what_meets_by_chance_or_less_is_left_out() -> None:
    ranked = companions(
        [neighbour("chance", 1_000, 10), neighbour("rare", 5_000, 10)], 100, 10_000, 10
    )
    assert ranked == ()


def test_the_measure_is_that_of_the_literature() -> None:
    """The first bigram of Dunning 1993, table 2: 110, 2442, 111 and 29114 give 270.72."""
    assert log_likelihood(110, 110 + 2442, 110 + 111, 31_777) == pytest.approx(270.72, abs=0.01)


def test_an_empty_library_has_no_companions() -> None:
    assert companions([neighbour("x", 0, 0)], 0, 0, 5) == ()


@given(st.data())
def test_it_is_never_negative_and_never_no_number(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 10**7))
    first = data.draw(st.integers(0, total))
    second = data.draw(st.integers(0, total))
    together = data.draw(st.integers(max(0, first + second - total), min(first, second)))
    strength = log_likelihood(together, first, second, total)
    assert math.isfinite(strength)
    assert strength > -1e-3
