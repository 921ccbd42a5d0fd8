"""Pieces of a series are told by the part, the day or the name in their headlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.duplicate_rules import Text
from ingest.duplicates import find_pairs
from ingest.series import other_names, other_parts

NOON = datetime(2023, 11, 12, 12, tzinfo=UTC)


def joined(first: str, second: str, blurb: str, *, hours: float) -> bool:
    later = NOON + timedelta(hours=hours)
    texts = (
        Text("1", "harbour.example", first, blurb, NOON),
        Text("2", "harbour.example", second, blurb, later),
    )
    return bool(list(find_pairs(texts)))


STARS = "What the stars hold for you in your week: love, work and money, as our astrologer sees it."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Your week in the stars, part one", "Your week in the stars, part two"),
        ("Your week in the stars: Part I", "Your week in the stars: Part II"),
        ("Your week in the stars: second part", "Your week in the stars: third part"),
        ("Your week in the stars: Monday", "Your week in the stars: Tuesday"),
        ("Die Woche in den Sternen, Teil 1", "Die Woche in den Sternen, Teil 2"),
        ("La semaine des astres, épisode deux", "La semaine des astres, épisode trois"),
        ("Tydzień w gwiazdach: wtorek", "Tydzień w gwiazdach: środa"),
        ("Your week in the stars: Aries by Mira", "Your week in the stars: Taurus by Mira"),
    ],
)
@pytest.mark.parametrize("hours", [0, 20])
def test_parts_of_a_series_under_one_blurb_are_not_joined(
    first: str, second: str, hours: float
) -> None:
    assert not joined(first, second, STARS, hours=hours)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ferry line to the islands: Part II", "Ferry line to the islands: part 2"),
        ("Ferry line runs again on Monday", "Ferry line runs again"),
    ],
)
def test_names_of_the_same_part_do_not_tell_parts_apart(first: str, second: str) -> None:
    assert not other_parts(first, second)


def test_names_are_told_by_capitals_within_a_headline_that_is_a_sentence() -> None:
    assert other_names("Man jailed for theft in Leeds", "Man jailed for theft in York")
    assert not other_names("Man jailed for theft in Leeds", "Man jailed for assault in Leeds")
    assert not other_names("Man Jailed For Theft In Leeds", "Man Jailed For Fraud In Leeds")
    assert not other_names("Attack in school. Two hurt badly", "Attack in school. Both hurt badly")


COPY = (
    "Divers freed the cable of the ferry from the wreck of a trawler that sank in the storm of "
    "last week, the harbour authority said on Sunday, and boats leave every hour from Monday on."
)
OWN = (
    "Every hour boats will leave again: on Sunday, said Easthaven's authority, the trawler's wreck "
    "had been lifted by divers, so its cable, damaged as the storm sank her last week, is free now."
)
FILM = (
    "Watch our film of the day, shot by readers with their own cameras and cut by a pupil of the "
    "school of art, and vote for the best one before noon in the box below this page, or by mail."
)
LONG = "Ferry line to the outer islands runs again after storm"


@pytest.mark.parametrize(
    ("second", "hours", "same"),
    [(OWN, 3, True), ("", 3, True), (OWN, 30, False), (FILM, 3, False)],
)
def test_one_long_headline_of_two_outlets_is_an_agencys(
    second: str, hours: float, same: bool
) -> None:
    pairs = find_pairs(
        [
            Text("1", "harbour.example", LONG, COPY, NOON),
            Text("2", "coast.example", LONG, second, NOON + timedelta(hours=hours)),
        ]
    )
    assert bool(list(pairs)) is same


def test_reviews_of_two_outlets_are_their_own_whatever_their_headlines() -> None:
    headline = "The Harbour Master and the Seven Keys of Easthaven Review"
    assert not list(
        find_pairs(
            [
                Text("1", "harbour.example", headline, COPY, NOON),
                Text("2", "coast.example", headline, OWN, NOON + timedelta(hours=1)),
            ]
        )
    )
