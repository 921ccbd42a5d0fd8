"""Whose a term is does not depend on when it is asked for, nor on how a story came about."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.stories import StoryArticle
from nlp.stories.model import Frequencies
from nlp.stories.shares import Shares
from nlp.stories.terms import Reader
from nlp.stories.window import Live, Row, Views

TITLES = (
    "Ferry aground off Ostvar",
    "Ostvar ferry: all safe",
    "Ferry towed to Ostvar harbour",
    "Orlova wins the election",
    "Election: Orlova claims victory",
    "Harbour of Ostvar reopens",
)
ROWS = range(len(TITLES))
MOVES = st.lists(st.tuples(st.sampled_from(ROWS), st.sampled_from("abc"), st.booleans()))


def views() -> Views:
    told = [
        StoryArticle(str(at), title, "", "place", "en", datetime(2025, 6, 3, tzinfo=UTC))
        for at, title in enumerate(TITLES)
    ]
    live = Live()
    live.add(
        [
            Row(each.id, terms, 0.0, each.language, each.source)
            for each, terms in zip(told, Reader().read(told), strict=True)
        ]
    )
    return live.views(Frequencies().idf())


VIEWS = views()
EVERYTHING = np.array(ROWS)


@given(MOVES)
def test_articles_that_moved_count_as_if_they_had_been_there_from_the_start(
    moves: list[tuple[int, str, bool]],
) -> None:
    shares = Shares(VIEWS, EVERYTHING, dict.fromkeys(ROWS, "a"))
    stories = dict.fromkeys(ROWS, "a")
    for row, story, asked in moves:
        if story != stories[row]:
            shares.join([row], story, stories[row])
            stories[row] = story
        if asked:
            shares.owned(row, "abc", own=story)
    anew = Shares(VIEWS, EVERYTHING, stories)
    for row in ROWS:
        for own in ("", stories[row]):
            told = shares.owned(row, "abc", own)
            assert told == pytest.approx(anew.owned(row, "abc", own))
            assert told.keys() == set(stories.values())


def test_a_term_that_only_one_story_tells_speaks_for_it() -> None:
    shares = Shares(VIEWS, np.array([0, 1, 3, 4]), {0: "ferry", 1: "ferry", 3: "vote", 4: "vote"})
    shares.add(2)
    owned = shares.owned(2, ("ferry", "vote"))
    assert owned["ferry"] > 1.0
    assert owned["vote"] == 0.0
    assert shares.most(2) > owned["ferry"]
