"""The name shown for an entity is what most articles write, in whatever order they came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.names import usual_spelling


def test_most_articles_decide_and_then_the_plainer_letters() -> None:
    assert usual_spelling({"Al-Ostvar": 2, "al-Ostvar": 3}) == "al-Ostvar"
    assert usual_spelling({"TORNESK": 2, "Tornesk": 2}) == "Tornesk"


@given(st.dictionaries(st.text(max_size=4), st.integers(1, 5), min_size=1))
def test_the_order_of_articles_does_not_matter(counts: dict[str, int]) -> None:
    backwards = dict(reversed(counts.items()))
    assert usual_spelling(counts) == usual_spelling(backwards)
    assert counts[usual_spelling(counts)] == max(counts.values())
