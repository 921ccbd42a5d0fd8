from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.tags import EntityCount
from web.constellation import HEIGHT, WIDTH, constellation


def named(*keys: str, kind: str = "person") -> list[EntityCount]:
    return [EntityCount(key, key.title(), kind, 1) for key in keys]


ARTICLES = [
    *(named("lind", "oslo"),) * 4,
    *(named("ferro", "lisbon"),) * 4,
    *(named("lind", "ferro"),) * 1,
    *(named("bystander"),) * 5,
]


def test_names_that_stand_together_more_than_by_chance_are_tied() -> None:
    picture = constellation(ARTICLES)
    assert {star.key for star in picture.stars} == {"lind", "oslo", "ferro", "lisbon"}
    ties = {(tie.first.key, tie.second.key): tie.together for tie in picture.ties}
    assert ties == {("lind", "oslo"): 4, ("ferro", "lisbon"): 4}


def test_tied_names_stand_closer_than_others() -> None:
    at = {star.key: (star.x, star.y) for star in constellation(ARTICLES).stars}

    def distance(one: str, other: str) -> float:
        return float(((at[one][0] - at[other][0]) ** 2 + (at[one][1] - at[other][1]) ** 2) ** 0.5)

    assert distance("lind", "oslo") < distance("lind", "lisbon")
    assert distance("ferro", "lisbon") < distance("oslo", "lisbon")


def test_the_same_articles_give_the_same_picture() -> None:
    assert constellation(ARTICLES) == constellation(ARTICLES)


def test_what_is_no_company_is_not_drawn() -> None:
    assert constellation([named("a law", kind="law")] * 9).stars == ()


@given(
    st.lists(st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=6), max_size=40)
)
def test_everything_stands_within_the_picture(keys: list[list[str]]) -> None:
    picture = constellation([named(*some) for some in keys], most=8)
    assert picture.articles == len(keys)
    assert len(picture.stars) <= 8
    for star in picture.stars:
        assert 0 <= star.x <= WIDTH
        assert 0 <= star.y <= HEIGHT
        assert star.articles > 1
