from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.tags import EntityCount
from web.charts.entity_graph import NARROW, WIDE, GraphOptions, entity_graph


def named(*keys: str, kind: str = "person") -> list[EntityCount]:
    return [EntityCount(key, key.title(), kind, 1) for key in keys]


ARTICLES = [
    *(named("lind", "oslo"),) * 4,
    *(named("ferro", "lisbon"),) * 4,
    *(named("lind", "ferro"),) * 1,
    *(named("bystander"),) * 5,
]


def test_names_that_stand_together_more_than_by_chance_are_tied() -> None:
    picture = entity_graph(ARTICLES)
    assert {node.key for node in picture.nodes} == {"lind", "oslo", "ferro", "lisbon"}
    edges = {(edge.first.key, edge.second.key): edge.together for edge in picture.edges}
    assert edges == {("lind", "oslo"): 4, ("ferro", "lisbon"): 4}


def test_tied_names_stand_closer_than_others() -> None:
    at = {node.key: (node.x, node.y) for node in entity_graph(ARTICLES).nodes}

    def distance(one: str, other: str) -> float:
        return float(((at[one][0] - at[other][0]) ** 2 + (at[one][1] - at[other][1]) ** 2) ** 0.5)

    assert distance("lind", "oslo") < distance("lind", "lisbon")
    assert distance("ferro", "lisbon") < distance("oslo", "lisbon")


def test_the_same_articles_give_the_same_picture() -> None:
    assert entity_graph(ARTICLES) == entity_graph(ARTICLES)


def test_what_is_no_company_is_not_drawn() -> None:
    assert entity_graph([named("a law", kind="law")] * 9).nodes == ()


def test_a_name_is_dropped_and_one_is_looked_around() -> None:
    without = entity_graph(ARTICLES, shown=GraphOptions(dropped=["lind"]))
    assert {node.key for node in without.nodes} == {"ferro", "lisbon"}
    around = entity_graph(ARTICLES, shown=GraphOptions(around="oslo"))
    assert {node.key for node in around.nodes} == {"lind", "oslo"}
    assert entity_graph(ARTICLES, shown=GraphOptions(types=["place"])).nodes == ()


@given(
    st.lists(st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=6), max_size=40),
    st.sampled_from([WIDE, NARROW]),
)
def test_everything_stands_within_the_picture(keys: list[list[str]], size: tuple[int, int]) -> None:
    picture = entity_graph([named(*some) for some in keys], most=8, size=size)
    assert picture.articles == len(keys)
    assert len(picture.nodes) <= 8
    for node in picture.nodes:
        assert 0 <= node.x <= size[0]
        assert 0 <= node.y <= size[1]
        assert node.articles > 1
