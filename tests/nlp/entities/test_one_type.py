"""A name takes the type that the archive's evidence gives it, unless it means several things."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.names import SETTLED_TYPES
from nlp.entities.one_type import decided_types, senses_of


def test_an_unknown_name_takes_the_type_that_weighs_most() -> None:
    assert decided_types("Tornesk", {"person": 90, "place": 310}) == {"person": "place"}
    assert decided_types("Tornesk", {"person": 390, "place": 310}) == {"place": "person"}


def test_a_known_city_is_a_city_and_a_known_firm_a_firm() -> None:
    assert decided_types("Rotterdam", {"person": 250, "place": 90}) == {"person": "place"}
    assert decided_types("Netflix", {"person": 90, "org": 90}) == {"person": "org"}


def test_names_that_mean_several_things_keep_their_types() -> None:
    assert decided_types("Liverpool", {"place": 900, "org": 100}) == {}
    assert decided_types("Hamilton", {"person": 100, "place": 900}) == {}
    assert decided_types("QX", {"person": 100, "place": 900}) == {}
    assert decided_types("BC", {"org": 900, "place": 100}) == {}
    assert decided_types("Amazon", {"org": 900, "place": 100}) == {}


def test_a_surname_may_be_a_firms_and_does_not_outweigh_it() -> None:
    assert decided_types("Ferrari", {"org": 180, "place": 90, "person": 90}) == {"place": "org"}


def test_the_form_of_a_name_counts_where_articles_are_few() -> None:
    assert decided_types("Karen Vostrel", {"org": 90, "person": 60}) == {"org": "person"}
    assert decided_types("Vostrel Labs", {"org": 60, "person": 90}) == {"person": "org"}


@given(
    st.sampled_from(["Tornesk", "Rotterdam", "Liverpool", "Vostrel Labs", "Karen Vostrel", "QX"]),
    st.dictionaries(st.sampled_from(SETTLED_TYPES), st.integers(1, 500), min_size=1),
)
def test_what_is_given_way_to_stays_and_order_does_not_matter(
    name: str, evidence: dict[str, int]
) -> None:
    decided = decided_types(name, evidence)
    assert decided == decided_types(name, dict(reversed(evidence.items())))
    assert not set(decided) & (set(decided.values()) | senses_of(name))
    assert set(decided) | set(decided.values()) <= set(evidence)
