"""Entities that belong together come before those that are merely everywhere."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.association import companions, graph, log_likelihood


def test_the_log_likelihood_is_that_of_dunnings_definition() -> None:
    # 2 * sum(observed * ln(observed / expected)) of the table 10, 20, 30, 40, by hand.
    expected = 2 * (
        10 * math.log(10 / 12)
        + 20 * math.log(20 / 18)
        + 30 * math.log(30 / 28)
        + 40 * math.log(40 / 42)
    )
    assert log_likelihood(10, 30, 40, 100) == pytest.approx(-expected)


def test_who_is_named_with_everybody_is_nobodys_best_companion() -> None:
    together = {"place/united-states": 30, "person/anna-holm": 20}
    counts = {"place/united-states": 600, "person/anna-holm": 25}
    found = companions(together, counts, own=50, articles=1000)
    assert [key for key, _ in found] == ["person/anna-holm"]


def test_a_graph_has_the_pairs_that_belong_together() -> None:
    articles = [["a", "b"]] * 5 + [["a", "c"]] + [["c"]] * 5 + [["d"]] * 9
    assert [(pair.first, pair.second, pair.together) for pair in graph(articles)] == [("a", "b", 5)]


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=30))
def test_a_graph_is_the_same_in_any_order(articles: list[list[str]]) -> None:
    assert graph(articles, least=1) == graph(articles[::-1], least=1)
    assert all(math.isfinite(pair.weight) and pair.together > 0 for pair in graph(articles))
