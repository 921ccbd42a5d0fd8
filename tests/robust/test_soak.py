"""Feeds that fail, hang and lie, `watch`, `serve` and readers, all at once: nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robust.press import FAULTS, LIES, Press
from tests.robust.soak import SETTINGS, Report, soak

FEEDS = 30
KINDS_OF_FAULTS = 8
LONGEST = 900.0
OFTEN = SETTINGS | {
    "SLUGLINE_FETCH_SHORTEST_INTERVAL": "1",
    "SLUGLINE_FETCH_LONGEST_INTERVAL": "2",
    "SLUGLINE_FETCH_TIMEOUT": "3",
}


@pytest.mark.slow
def test_while_feeds_misbehave_no_article_and_no_request_is_lost(tmp_path: Path) -> None:
    """It goes on until enough has happened, however long that takes; memory is for the bench."""

    def enough(report: Report, press: Press) -> bool:
        assert not report.samples or report.samples[-1].seconds < LONGEST, press.answers
        faults = sum(1 for kind in FAULTS if press.answers[kind])
        lies = sum(1 for kind in LIES if press.answers[kind])
        return bool(
            faults >= KINDS_OF_FAULTS
            and lies
            and press.answers["unchanged"] >= FEEDS
            and len(press.taken()) >= 2 * FEEDS
            and len(report.reading.seconds) >= 4 * FEEDS
        )

    report = soak(tmp_path / "home", FEEDS, enough, readers=3, every=0.5, settings=OFTEN)
    assert report.faults() == []
    assert report.published >= report.taken >= 2 * FEEDS


def test_a_feed_says_what_was_taken_of_it_only_after_it_was_asked_with_its_tag() -> None:
    """The measure itself: what it calls taken is what a client says to have."""
    feed = Press(1, seed=3).feeds[0]
    while not feed.served():
        tag = feed.answer("", honest=False)[1].headers["ETag"]
    assert feed.taken() == set()
    feed.answer('"another"', honest=True)
    assert feed.taken() == set()
    feed.answer(tag, honest=True)
    assert feed.taken() == feed.served() != set()
