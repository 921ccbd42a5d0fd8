"""Articles on one event come together, those on another do not, whatever the batches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.stories import StoryArticle
from nlp.stories.detector import Detector
from nlp.stories.model import Frequencies, JoinModel
from nlp.stories.review import part_halves

MORNING = datetime(2025, 6, 3, 7, tzinfo=UTC)


def told(
    number: int, title: str, summary: str, *entities: str, source: str = "", hours: float = 0
) -> StoryArticle:
    return StoryArticle(
        id=f"a{number:02}",
        title=title,
        summary=summary,
        source=source or f"Source {number}",
        language="en",
        moment=MORNING + timedelta(hours=hours + number / 10),
        entities=entities,
    )


FERRY = ("place/ostvar", "person/mira-orlova")
FERRIES = [
    told(
        1,
        "Ferry runs aground off Ostvar with 212 aboard",
        "The ferry Calla Linden ran aground.",
        *FERRY,
    ),
    told(
        2, "212 taken off ferry aground at Ostvar", "All aboard the Calla Linden are safe.", *FERRY
    ),
    told(
        3,
        "Captain of the Calla Linden questioned after ferry ran aground off Ostvar",
        "The ferry with 212 aboard ran aground on Tuesday, Mira Orlova said.",
        *FERRY,
    ),
]
BUDGET = [
    told(
        4,
        "Estravia's budget raises taxes on fuel by 9 percent",
        "Finance minister Radomir Kask spoke.",
        "person/radomir-kask",
        "place/estravia",
    ),
    told(
        5,
        "Fuel tax up 9 percent in Estravia budget",
        "Radomir Kask laid out the budget on Tuesday.",
        "person/radomir-kask",
        "place/estravia",
    ),
]
ALONE = told(6, "Museum of clocks opens in Trieste", "Two thousand clocks tick.", "place/trieste")
ALL = sorted([*FERRIES, *BUDGET, ALONE], key=lambda article: article.moment)


def detector(**options: object) -> Detector:
    return Detector(JoinModel.load(), Frequencies(), **options)  # type: ignore[arg-type]  # of several types


def groups(found: Detector) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {}
    for article, story in found.story_of.items():
        members.setdefault(story, set()).add(article)
    return {frozenset(each) for each in members.values()}


EXPECTED = {
    frozenset(article.id for article in FERRIES),
    frozenset(article.id for article in BUDGET),
    frozenset([ALONE.id]),
}


def test_articles_on_one_event_share_a_story() -> None:
    found = detector()
    found.assign(ALL)
    assert groups(found) == EXPECTED


@pytest.mark.parametrize("size", [1, 2, 4])
def test_batches_make_no_difference(size: int) -> None:
    found = detector()
    for at in range(0, len(ALL), size):
        found.assign(ALL[at : at + size])
    assert groups(found) == EXPECTED


def test_the_same_articles_in_the_same_order_give_the_same_stories() -> None:
    one, other = detector(), detector()
    one.assign(ALL)
    other.assign(ALL)
    assert one.story_of == other.story_of


def test_a_digest_is_in_no_story_but_that_of_its_copies() -> None:
    text = ("Tuesday Briefing: ferry runs aground off Ostvar with 212 aboard", "The Calla Linden.")
    digests = [told(number, *text, *FERRY) for number in (20, 21)]
    found = detector()
    found.assign([*ALL, *digests])
    assert groups(found) == EXPECTED | {frozenset({"a20", "a21"})}


def test_the_same_words_months_later_are_another_story() -> None:
    found = detector()
    found.assign(ALL)
    earlier = found.story_of[FERRIES[0].id]
    late = told(9, FERRIES[0].title, FERRIES[0].summary, *FERRY, hours=24 * 60)
    found.assign([late])
    assert found.story_of[late.id] != earlier


def test_a_story_of_two_has_the_name_of_the_older() -> None:
    for pair in (FERRIES[:2], BUDGET):
        found = detector()
        found.assign(pair)
        (story,) = set(found.story_of.values())
        assert found.name_givers([story]) == {story: pair[0].id}


def test_what_a_person_parted_does_not_join_again() -> None:
    free = detector()
    free.assign(ALL)
    story = free.story_of[FERRIES[0].id]
    parted = detector(apart=[(FERRIES[2].id, story)])
    parted.assign(ALL)
    assert parted.story_of[FERRIES[2].id] != parted.story_of[FERRIES[0].id]
    assert parted.story_of[FERRIES[1].id] == parted.story_of[FERRIES[0].id]


def test_a_preview_that_came_before_its_event_finds_the_story() -> None:
    preview = told(0, "Estravia to unveil its budget on Tuesday", "", hours=-3)
    found = detector()
    found.assign([preview, *BUDGET, ALONE])
    assert found.story_of[preview.id] == found.story_of[BUDGET[0].id]
    assert {each.articles for each in found.reviewed} <= {(preview.id,), (BUDGET[0].id,)}


def test_a_story_that_drifted_apart_is_split_and_says_so() -> None:
    def chapter(first: int, title: str, summary: str, *entities: str) -> list[StoryArticle]:
        return [
            told(first + n, f"{title}, account {n}", summary, *entities, hours=first)
            for n in range(6)
        ]

    ferries = chapter(
        10, "Ferry Calla Linden runs aground off Ostvar", "All 212 aboard are safe.", *FERRY
    )
    budgets = chapter(
        20, "Radomir Kask raises fuel tax in Estravia budget", "By 9 percent.", "place/estravia"
    )
    found = detector()
    found._chooser = lambda _, __: "one"
    found.assign([*ferries, *budgets])
    assert set(found.story_of.values()) == {"one"}
    (split,) = part_halves(found._live, found._evidence, {})
    assert (split.story, split.split) == ("one", True)
    assert groups(found) == {
        frozenset(each.id for each in ferries),
        frozenset(each.id for each in budgets),
    }


def test_a_story_that_a_person_put_together_is_not_split() -> None:
    found = detector(settled=["one"])
    found._chooser = lambda _, __: "one"
    found.assign([*FERRIES, *BUDGET] * 2)
    assert part_halves(found._live, found._evidence, {}) == []
