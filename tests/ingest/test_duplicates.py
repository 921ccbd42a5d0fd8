"""Duplicates: the same text under another address is found, and a series is not one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.duplicate_rules import Text
from ingest.duplicates import Pair, find_pairs, group

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


def test_the_same_event_in_other_words_is_not_a_duplicate() -> None:
    other = "From tomorrow, islanders off Easthaven can take the boat again: the cable is free."
    assert not found(text(1, "Ferry line runs again", COPY), text(2, "Boat is back", other, "Bay"))


def test_parts_of_a_series_with_other_numbers_are_not_duplicates() -> None:
    frame = "Exchange rates of 1{} November: one crown buys {} dollars, as the central bank of the "
    frame += "islands announced this morning. Read what it means for loans and holidays."
    days = [
        text(n, f"Exchange rates of 1{n} November", frame.format(n, n * 7), hours=24 * n)
        for n in range(2)
    ]
    assert not found(*days)


COURT = (
    "The judge at the assizes said that the deed had shaken the valley and that only a term behind "
    "bars would do; there is a right of appeal within a fortnight."
)
STAGE = (
    "Our critic saw it on the opening night and gives it three stars out of five; it runs until "
    "the end of the month, and tickets can be had at the door."
)
STARS = (
    "What do the stars have in store for you this week? Our astrologer looks at love, money and "
    "work, and gives advice for every day of the coming week."
)
LETTER = (
    "Sign up to our newsletter to have the day's top stories from all over the islands delivered "
    "to your inbox every single morning."
)


@pytest.mark.parametrize("hours", [3, 24, 48])
@pytest.mark.parametrize(
    ("blurb", "first", "second"),
    [
        (COURT, "Woman fined for fraud in Bath", "Man jailed for arson in Hull"),
        (COURT, "Teenager sentenced for robbery", "Pensioner sentenced for speeding"),
        (STAGE, "Review: The Gull", "Review: The Cliff"),
        (STAGE, "Film of the week: Winter Light", "Film of the week: The Long Road"),
        (STARS, "Horoscope for Aries", "Horoscope for Taurus"),
        (STARS, "Weekly horoscope: Leo", "Weekly horoscope: Pisces"),
        (STARS, "The stars on Monday", "The stars on Tuesday"),
        (COURT, "Trial of the year, part one", "Trial of the year, part two"),
    ],
)
def test_a_blurb_under_headlines_that_name_other_things_makes_no_duplicates(
    blurb: str, first: str, second: str, hours: int
) -> None:
    assert not found(text(1, first, blurb), text(2, second, blurb, hours=hours))


def test_outlets_that_share_only_a_blurb_print_no_duplicates() -> None:
    assert not found(
        text(1, "Mayor steps down after quarrel", LETTER),
        text(2, "Zoo welcomes two red pandas", LETTER, "Coast Daily", 3),
    )


@pytest.mark.parametrize("outlet", ["Harbour Times", "Coast Daily"])
def test_a_text_that_tells_of_both_headlines_is_a_duplicate(outlet: str) -> None:
    assert found(
        text(1, "Ferry to the islands runs again", COPY),
        text(2, "Wreck no longer stops boats", COPY, outlet, 2),
    ) == [("1", "2")]


def test_a_headline_with_a_slip_of_the_pen_mended_is_a_duplicate() -> None:
    assert found(
        text(1, "Review: The Gulll", STAGE), text(2, "Review: The Gull", STAGE, hours=1)
    ) == [("1", "2")]


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


def test_copy_that_was_touched_up_all_over_is_a_duplicate() -> None:
    edited = COPY.replace(" of Easthaven said on Sunday", " said").replace(" outer", "")
    edited = edited.replace(", after divers", " after").replace("last week's", "a")
    first, second = text(1, "Ferry line runs again", COPY), text(2, "Boat's back", edited, "Bay", 1)
    (pair,) = find_pairs([first, second])
    assert pair.share < 0.72
    assert pair.reason.startswith("nearly the same words in the same order")


def test_a_quote_that_two_outlets_share_makes_no_duplicate() -> None:
    quote = "'The cable is free and the boat will sail', said the harbour master."
    report = f"It took nine divers and a crane. {quote} Islanders had gone without post for a week."
    assert not found(
        text(1, "Nine divers and a crane end a week without post", report),
        text(2, "Easthaven's harbour master speaks of relief", quote, "Coast Daily", 2),
    )


def test_a_newsletter_is_told_from_yesterdays_where_an_outlet_has_no_more_than_the_two() -> None:
    frame = "Welcome to the Pilot, our evening letter on wind, tide and trade. Sign up to get it."
    assert not found(
        text(1, "Nets, knots and a quarrel", frame),
        text(2, "Winter tests the northern dam", frame, hours=24),
    )


def test_a_piece_on_another_thing_in_the_same_words_is_not_a_duplicate() -> None:
    offer = (
        "The {0} is down to its lowest price this year, with a rod and two reels in the bargain. "
    )
    offer += "The {0} is the best that our testers took to sea."
    assert not found(
        text(1, "The Marlin boat kit is down to its lowest price", offer.format("Marlin")),
        text(
            2, "The Halibut boat kit is down to its lowest price", offer.format("Halibut"), hours=3
        ),
    )


def test_tomorrows_rates_in_the_same_many_words_are_not_duplicates() -> None:
    rates = "How has the crown fared since yesterday, does the island dollar fall or does it rise "
    rates += "against the money of our neighbours? Who borrows, saves or travels should know this. "
    rates += "The bank of the islands gave the rate at noon as {0} dollars for a hundred crowns."
    days = [
        text(n, f"Rate of the crown on {n} November", rates.format(34 + n), hours=24 * n)
        for n in range(1, 3)
    ]
    assert not found(*days)


def test_a_report_that_a_live_page_quotes_is_not_hidden_by_it() -> None:
    live = f"The minister has resigned over the quay. {COPY} {OTHER} More follows as it comes."
    assert not found(
        text(1, "Strike at the docks, live: what we know so far", live),
        text(2, "Boats sail to the islands from Monday", f"Good news. {COPY}", "Coast Daily", 3),
    )


def test_a_live_page_under_two_addresses_is_one_and_tomorrows_is_another() -> None:
    frame = "Follow what is new from the strike at the docks with us."
    days = [
        text(2 * n + twice, f"Strike at the docks, day {n}, live", frame, hours=24 * n + twice)
        for n in range(5)
        for twice in range(2)
    ]
    assert found(*days) == [(str(2 * n), str(2 * n + 1)) for n in range(5)]


def test_the_same_few_words_every_day_are_not_duplicates() -> None:
    assert not found(*(text(n, "What's new: harbour and trade", hours=24 * n) for n in range(4)))


def test_what_is_far_apart_in_time_is_not_a_duplicate() -> None:
    later = text(2, "Ferry line runs again", COPY, "Coast Daily", 24 * 9)
    assert not found(text(1, "Ferry line runs again", COPY), later)


def test_copy_that_another_outlet_prints_days_later_is_a_duplicate() -> None:
    first = text(1, "Ferry line runs again", COPY)
    assert found(first, text(2, "Islands reached", COPY, "Coast Daily", 24 * 6)) == [("1", "2")]
    assert not found(first, text(2, "Ferry line runs again", COPY, hours=24 * 6))


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
        outlet=st.sampled_from(["A", "B"]),
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
    from bench.ingest.duplicates import run

    figures = run(archive)
    for name in ("all, month", "all, alone"):
        assert figures[name].pairs > 500
        assert figures[name].precision > 0.94
        assert figures[name].recall > 0.87
    assert figures["later, month"].precision > 0.95
