"""The schedule: often where much is published, rarely where it fails, never where it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.fetch import Answer, Validators
from ingest.schedule import (
    LONGEST_FAILING,
    LONGEST_SILENT,
    FeedResponse,
    Health,
    IntervalBounds,
    after_check,
    health,
    postpone,
)
from models.feed import Feed, FeedState

NOW = datetime(2023, 11, 12, 12, tzinfo=UTC)
URL = "https://a.example/rss"
FEED = Feed(URL)
BOUNDS = IntervalBounds()
OK = Answer(200, URL, validators=Validators('"v1"'))
DOWN = FeedResponse(error="the host is not known")
FAULTY = FeedResponse(Answer(500, URL), "answered 500")


def dates(a_day: float, count: int = 40) -> list[datetime]:
    return [NOW - timedelta(days=n / a_day) for n in range(count)]


def checked(
    feed: Feed, visit: FeedResponse, chance: float = 0.5, bounds: IntervalBounds = BOUNDS
) -> FeedState:
    return after_check(feed, visit, NOW, bounds, chance)


def as_feed(one: FeedState) -> Feed:
    """Return the feed as the store would give it after this check."""
    return Feed(
        one.url,
        succeeded=one.when if one.succeeded else None,
        next_check=one.next_check,
        interval=one.interval,
        failures=one.failures,
        error=one.error,
        gone=one.gone,
        etag=one.etag,
        modified=one.modified,
        login=one.login,
    )


def wait(one: FeedState) -> timedelta:
    assert one.next_check
    return one.next_check - NOW


def test_a_busy_feed_is_checked_more_often_than_a_quiet_one() -> None:
    busy, daily, weekly = (
        wait(checked(FEED, FeedResponse(OK, dates=dates(rate)))) for rate in (200, 1, 1 / 7)
    )
    assert timedelta(minutes=13) < busy < timedelta(minutes=17)
    assert timedelta(hours=10) < daily < timedelta(hours=14)
    assert timedelta(hours=20) < weekly < timedelta(hours=27)


def test_a_feed_that_falls_silent_is_checked_less_often_in_time() -> None:
    state = checked(FEED, FeedResponse(OK, dates=dates(48)))
    first = wait(state)
    old = [date - timedelta(days=100) for date in dates(48)]
    for _ in range(8):
        state = checked(as_feed(state), FeedResponse(OK, dates=old))
    assert wait(state) > 10 * first


def test_a_feed_without_dates_is_checked_each_hour() -> None:
    state = checked(FEED, FeedResponse(OK))
    assert (wait(state), state.interval) == (timedelta(hours=1), 0)


def test_a_feed_that_has_nothing_new_is_asked_ever_less_but_not_forgotten() -> None:
    bounds = IntervalBounds(timedelta(minutes=15), timedelta(hours=6))
    feed, now, asked = Feed(URL, interval=900), NOW, 0
    while now < NOW + timedelta(days=30):
        state = after_check(feed, FeedResponse(Answer(304, URL)), now, bounds, 0.5)
        assert state.next_check
        assert bounds.shortest * 0.8 < state.next_check - now < bounds.longest * 1.2
        feed, now, asked = as_feed(state), state.next_check, asked + 1
    assert 120 < asked < 500


def test_unchanged_keeps_what_the_server_gave_us_to_ask_with() -> None:
    state = checked(FEED, FeedResponse(OK, dates=dates(10)))
    again = checked(as_feed(state), FeedResponse(Answer(304, URL)))
    assert (again.etag, health(as_feed(again))) == ('"v1"', Health.GOOD)


@pytest.mark.parametrize(("visit", "longest"), [(DOWN, LONGEST_SILENT), (FAULTY, LONGEST_FAILING)])
def test_failures_wait_longer_each_time_and_success_forgets_them(
    visit: FeedResponse, longest: timedelta
) -> None:
    feed, waits = FEED, []
    for _ in range(14):
        state = checked(feed, visit, 1.0)
        waits.append(wait(state))
        feed = as_feed(state)
    assert waits[:3] == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
    assert waits == sorted(waits)
    assert waits[-1] == longest
    assert (health(feed), feed.error) == (Health.FAILING, visit.error)
    good = checked(feed, FeedResponse(OK))
    assert (good.failures, good.error, health(as_feed(good))) == (0, "", Health.GOOD)


@pytest.mark.parametrize("failures", [0, 50])
def test_feeds_that_failed_together_do_not_come_back_together(failures: int) -> None:
    feed = replace(FEED, failures=failures)
    waits = {wait(checked(feed, DOWN, n / 50)) for n in range(50)}
    assert len(waits) == 50
    assert max(waits) - min(waits) > timedelta(minutes=5)


@pytest.mark.parametrize(("asked", "days"), [(None, 1), (3_600.0, 1), (3 * 86_400.0, 3), (1e12, 7)])
def test_a_server_may_ask_for_a_longer_wait_than_we_would_take_by_ourselves(
    asked: float | None, days: int
) -> None:
    busy = FeedResponse(Answer(503, URL, retry_after=asked), "answered 503")
    assert wait(checked(replace(FEED, failures=50), busy, 1.0)) == timedelta(days=days)


def test_a_server_that_asks_for_time_gets_it_whatever_chance_says() -> None:
    busy = FeedResponse(Answer(429, URL, retry_after=7200), "answered 429")
    assert wait(checked(FEED, busy, 0.0)) == timedelta(hours=2)


def test_a_feed_that_is_postponed_stays_as_it_was() -> None:
    feed = Feed(URL, failures=2, error="answered 500", interval=700, etag='"v1"', login="ann:s")
    state = postpone(feed, NOW, 60)
    assert (state.when, wait(state)) == (None, timedelta(minutes=1))
    assert as_feed(state) == replace(feed, next_check=NOW + timedelta(minutes=1))


def test_a_feed_that_is_gone_is_not_checked_again() -> None:
    gone = checked(FEED, FeedResponse(Answer(410, URL), "answered 410"))
    assert (gone.next_check, health(as_feed(gone))) == (None, Health.ENDED)


def test_a_feed_that_ended_and_is_back_is_well_again() -> None:
    back = checked(Feed(URL, gone=True, error="ended", failures=1), FeedResponse(Answer(304, URL)))
    assert (back.gone, back.error, back.failures) == (False, "", 0)
    assert back.next_check is not None


def test_a_permanent_move_is_remembered_and_an_error_page_moves_nothing() -> None:
    moved = Answer(200, "https://b.example/", moved_to="https://b.example/")
    assert checked(FEED, FeedResponse(moved)).url == "https://b.example/"
    lost = Answer(404, "https://b.example/", moved_to="https://b.example/")
    assert checked(FEED, FeedResponse(lost, "answered 404")).url == URL


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
ANSWERS = st.builds(
    Answer,
    status=st.sampled_from([200, 304, 400, 404, 410, 429, 500, 503]),
    url=st.just(URL),
    retry_after=st.none() | st.floats(0, 1e12),
)
VISITS = st.one_of(
    st.just(DOWN),
    st.builds(
        lambda answer, dates: FeedResponse(answer, "" if answer.status < 400 else "failed", dates),
        ANSWERS,
        st.lists(MOMENTS, max_size=20),
    ),
)


@given(
    st.builds(Feed, st.just(URL), failures=st.integers(0, 10**4), interval=st.integers(0, 10**9)),
    st.lists(VISITS, max_size=30),
    st.floats(0, 1),
)
def test_whatever_happens_the_next_check_is_in_a_time_that_can_be_waited(
    feed: Feed, visits: list[FeedResponse], chance: float
) -> None:
    for visit in visits:
        state = checked(feed, visit, chance)
        if state.gone:
            assert state.next_check is None
            return
        assert timedelta(minutes=7) <= wait(state) <= timedelta(days=7)
        feed = as_feed(state)
