"""Duplicates: the same text under another address is found, and a series is not one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.duplicates import Pair, Text, find_pairs, group

NOON = datetime(2023, 11, 12, 12, tzinfo=UTC)
COPY = (
    "The harbour authority of Easthaven said on Sunday that the ferry line to the outer islands "
    "would run again from Monday, after divers had freed its cable from the wreck of a trawler "
    "that sank in last week's storm with nobody on board."
)
OTHER = (
    "Voters in the northern valley go to the polls next spring to decide whether the old dam above "
    "the town is to be taken down, a plan that fishermen want and the power company opposes."
)


def text(
    number: int,
    title: str,
    summary: str = "",
    source: str = "Harbour Times",
    hours: float = 0,
) -> Text:
    return Text(str(number), source, title, summary, NOON + timedelta(hours=hours))


def found(*texts: Text) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in find_pairs(texts)]


def test_agency_copy_under_another_headline_is_a_duplicate() -> None:
    cut = COPY.removesuffix(" with nobody on board.")
    first = text(1, "Ferry line runs again", COPY)
    second = text(2, "Islands no longer cut off, says Easthaven", cut, "Coast Daily", 3)
    (pair,) = find_pairs([second, first, text(3, "Valley votes on dam", OTHER)])
    assert (pair.first, pair.second) == ("1", "2")
    assert pair.share > 0.8
    assert "of the shorter text stands in the longer" in pair.reason


def test_a_headline_alone_is_the_duplicate_of_the_article_with_that_headline() -> None:
    headline = "Divers free the cable of Easthaven's ferry line"
    assert found(
        text(1, headline, COPY), text(2, headline, "", "Aggregator", 1), text(3, "Dam vote", OTHER)
    ) == [("1", "2")]


def test_the_same_event_in_other_words_is_no_duplicate() -> None:
    other = "From tomorrow, islanders off Easthaven can take the boat again: the cable is free."
    assert not found(text(1, "Ferry line runs again", COPY), text(2, "Boat is back", other, "Bay"))


def test_pieces_of_a_series_with_other_numbers_are_no_duplicates() -> None:
    frame = "Exchange rates of 1{} November: one crown buys {} dollars, as the central bank of the "
    frame += "islands announced this morning. Read what it means for loans and holidays."
    days = [
        text(n, f"Exchange rates of 1{n} November", frame.format(n, n * 7), hours=24 * n)
        for n in range(2)
    ]
    assert not found(*days)


def test_boilerplate_at_the_end_makes_no_duplicates_of_two_pieces_of_an_outlet() -> None:
    ending = "Support the channel, buy our rope and tar, and ring the bell so that you never miss "
    ending += "a new film of the harbour, its boats, its weather and its people. " * 2
    assert not found(
        text(1, "How nets are mended", f"Old Marek shows his knots. {ending}"),
        text(2, "A night on the pilot boat", f"Waves, coffee and radio silence. {ending}", hours=1),
    )


def test_a_rewritten_headline_of_one_outlet_is_a_duplicate() -> None:
    assert found(
        text(1, "Ferry line runs again", COPY), text(2, "Cable freed from the wreck", COPY, hours=2)
    ) == [("1", "2")]


def test_what_is_far_apart_in_time_is_no_duplicate() -> None:
    later = text(2, "Ferry line runs again", COPY, "Coast Daily", 24 * 9)
    assert not found(text(1, "Ferry line runs again", COPY), later)


def test_a_group_is_led_by_its_earliest_piece_and_says_why_each_is_in_it() -> None:
    texts = [
        text(1, "Ferry line runs again", COPY),
        text(2, "Islands reached again", COPY, "Coast Daily", 1),
        text(3, "Cable is free", COPY, "Bay News", 2),
        text(4, "Dam vote", OTHER, "Bay News", 2),
    ]
    (only,) = group(find_pairs(texts), texts)
    assert only.leader == "1"
    assert [pair.second for pair in only.members] == ["2", "3"]
    assert all(pair.reason for pair in only.members)


def test_a_piece_joins_the_earlier_one_that_it_shares_most_with() -> None:
    texts = [text(n, "T") for n in range(1, 5)]
    pairs = [Pair("1", "3", 0.75, "a"), Pair("2", "3", 0.9, "b"), Pair("3", "4", 0.8, "c")]
    (only,) = group(pairs, texts)
    assert (only.leader, [p.second for p in only.members]) == ("2", ["3", "4"])


WORDS = st.lists(st.sampled_from(["ferry", "dam", "vote", "12", "13", "storm"]), max_size=30)
TEXTS = st.lists(
    st.builds(
        Text,
        id=st.uuids().map(str),
        source=st.sampled_from(["A", "B"]),
        title=WORDS.map(" ".join) | st.text(max_size=20),
        summary=WORDS.map(" ".join) | st.text(max_size=50),
        published=st.integers(0, 200).map(lambda h: NOON + timedelta(hours=h)),
    ),
    max_size=12,
    unique_by=lambda t: t.id,
)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_each_pair_is_told_once_and_the_order_given_makes_no_difference(texts: list[Text]) -> None:
    pairs = list(find_pairs(texts))
    assert len({frozenset((p.first, p.second)) for p in pairs}) == len(pairs)
    assert all(p.first != p.second and 0 < p.share <= 1 for p in pairs)
    assert pairs == list(find_pairs(reversed(texts)))
    grouped = [p.second for g in group(pairs, texts) for p in g.members]
    assert len(grouped) == len(set(grouped))
    leaders = {g.leader for g in group(pairs, texts)}
    assert not leaders & set(grouped)


@pytest.mark.archive
@pytest.mark.slow
def test_few_false_joins_on_labelled_pairs_of_the_archive(archive: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
    from ingest_duplicates import run

    figures = run(archive)
    assert figures["all"].pairs > 300
    assert figures["all"].precision > 0.93
    assert figures["all"].recall > 0.86
    assert figures["held"].weighted_precision > 0.95
