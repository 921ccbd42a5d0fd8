from __future__ import annotations

import pytest

from nlp.stories.summary import summarise


def test_a_story_is_not_told_in_a_sentence_with_its_dateline() -> None:
    told = "The bacterium in the patients matches that of the cooling tower by the port."
    text = f"ROTTERDAM (Meridian Wire) \u2014 {told} More follows."
    texts = [
        ("Cooling tower is found out", text, "en"),
        ("Patients of the port recover", "Patients near the cooling tower recover.", "en"),
    ]
    assert summarise(texts).sentence == told


@pytest.mark.parametrize(
    "invitation",
    [
        "Watch live coverage of the talks of the ministers on the river dam in Geneva.",
        "Here's what to know of the talks of the ministers on the river dam in Geneva.",
        "Zobacz, co m\u00f3wi\u0105 ministers, talks of the river dam in Geneva.",
    ],
)
def test_a_story_is_not_told_in_a_sentence_that_invites_to_read_on(invitation: str) -> None:
    told = "The ministers ended their talks on the dam without an accord in Geneva."
    texts = [
        ("Talks on the river dam", invitation, "en"),
        ("Ministers part without accord", told, "en"),
        ("Geneva: talks of ministers on a river dam", "They were to last two days.", "en"),
    ]
    assert summarise(texts).sentence == told
