"""Hints of publishers: exact names only, recorded as rules, never instead of the model."""

import pytest

from models.tags import OTHER, Origin, TopicScore
from nlp.topics.publisher_hints import HINT_SCORE, hinted_topics, with_hints
from nlp.topics.taxonomy import load_taxonomy

TOPICS = load_taxonomy()


@pytest.mark.parametrize(
    ("section", "categories", "slugs"),
    [
        ("sport", (), {"sport"}),
        ("world/us-politics", (), {"politics"}),
        ("", ("Science", "Space"), {"science"}),
        ("UK_Politics", ("Football",), {"politics", "sport"}),
        ("news/transport", (), set()),
        ("", (), set()),
    ],
)
def test_a_section_or_category_names_topics_exactly(
    section: str, categories: tuple[str, ...], slugs: set[str]
) -> None:
    hints = hinted_topics(TOPICS, section, categories)
    assert {hint.slug for hint in hints} == slugs
    assert all(hint.origin is Origin.RULE for hint in hints)


def test_a_hint_is_added_to_what_the_model_found_and_keeps_its_origin() -> None:
    found = (TopicScore("economy", 0.9),)
    joined = with_hints(found, hinted_topics(TOPICS, "sport"))
    assert joined == (*found, TopicScore("sport", HINT_SCORE, Origin.RULE))


def test_the_models_own_finding_of_a_hinted_topic_stays() -> None:
    found = (TopicScore("sport", 0.4),)
    assert with_hints(found, hinted_topics(TOPICS, "sport")) == found


def test_a_hint_takes_the_place_of_other() -> None:
    joined = with_hints((TopicScore(OTHER, 0.8),), hinted_topics(TOPICS, "sport"))
    assert [topic.slug for topic in joined] == ["sport"]


def test_without_hints_nothing_changes() -> None:
    found = (TopicScore(OTHER, 0.8),)
    assert with_hints(found, ()) == found


def test_hints_never_make_more_than_four_topics() -> None:
    everything = tuple(topic.slug for topic in TOPICS)
    assert len(with_hints((), hinted_topics(TOPICS, "", everything))) == 4


def test_a_hint_is_not_followed_where_the_model_thinks_it_hardly_likely() -> None:
    found = (TopicScore("politics", 0.9),)
    hints = hinted_topics(TOPICS, "sport")
    assert with_hints(found, hints, {"sport": 0.19}) == found
    assert [t.slug for t in with_hints(found, hints, {"sport": 0.2})] == ["politics", "sport"]
