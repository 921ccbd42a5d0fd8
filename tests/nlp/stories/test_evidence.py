"""A digest of several events is no part of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from models.stories import StoryArticle
from nlp.stories.detector import Detector
from nlp.stories.model import Frequencies, JoinModel

MORNING = datetime(2025, 6, 3, 7, tzinfo=UTC)


def test_two_lists_of_offers_are_one_story_only_where_one_repeats_the_other() -> None:
    titles = {
        "a": "The best deals on kettles this week: Calla and Brenholt",
        "b": "The best deals on kettles this week: Calla and Brenholt cut",
        "c": "The best deals on phones and headphones: Calla again",
    }
    told = [
        StoryArticle(name, title, "", f"Source {name}", "en", MORNING + timedelta(hours=at))
        for at, (name, title) in enumerate(titles.items())
    ]
    detector = Detector(JoinModel.load(), Frequencies())
    detector.assign(told)
    assert detector.story_of["a"] == detector.story_of["b"] != detector.story_of["c"]
