"""The schedule: often where much is published, seldom where it fails, never where it has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.fetch import Answer, Validators
from ingest.schedule import Bounds, Health, State, Visit, after, due, health

NOW = datetime(2023, 11, 12, 12, tzinfo=UTC)
URL = "https://a.example/rss"
OK = Answer(200, URL, validators=Validators('"v1"'))


def dates(a_day: float, count: int = 40) -> list[datetime]:
    return [NOW - timedelta(days=n / a_day) for n in range(count)]


def wait(state: State) -> timedelta:
    assert state.next_visit
    return state.next_visit - NOW


def test_a_busy_feed_is_visited_more_often_than_a_quiet_one() -> None:
    busy, daily, weekly = (
        wait(after(State(URL), Visit(OK, dates=dates(rate)), NOW, 0.5)) for rate in (200, 1, 1 / 7)
    )
    assert timedelta(minutes=13) < busy < timedelta(minutes=17)
    assert timedelta(hours=10) < daily < timedelta(hours=14)
    assert timedelta(hours=20) < weekly < timedelta(hours=27)


def test_a_feed_that_falls_silent_is_visited_less_often_in_time() -> None:
    state = after(State(URL), Visit(OK, dates=dates(48)), NOW, 0.5)
    first = wait(state)
    old = [date - timedelta(days=100) for date in dates(48)]
    for _ in range(8):
        state = after(state, Visit(OK, dates=old), NOW, 0.5)
    assert wait(state) > 10 * first


def test_unchanged_costs_nothing_and_keeps_pace_and_validators() -> None:
    state = after(State(URL), Visit(OK, dates=dates(10)), NOW, 0.5)
    again = after(state, Visit(Answer(304, URL)), NOW, 0.5)
    assert (again.per_day, again.validators) == (state.per_day, Validators('"v1"'))
    assert health(again) is Health.GOOD


def test_failures_wait_longer_each_time_and_success_forgets_them() -> None:
    state, waits = State(URL), []
    for _ in range(14):
        state = after(state, Visit(error="the host is not known"), NOW, 0.5)
        waits.append(wait(state))
    assert waits[:10] == sorted(waits[:10])
    assert waits[-1] <= Bounds().longest_retry
    assert (health(state), state.error) == (Health.FAILING, "the host is not known")
    good = after(state, Visit(OK), NOW, 0.5)
    assert (good.failures, good.error, health(good)) == (0, "", Health.GOOD)


def test_feeds_that_failed_together_do_not_come_back_together() -> None:
    waits = {wait(after(State(URL), Visit(error="x"), NOW, n / 50)) for n in range(50)}
    assert len(waits) == 50
    assert max(waits) - min(waits) > timedelta(minutes=5)


def test_a_server_that_asks_for_time_gets_it_but_not_for_ever() -> None:
    busy = after(State(URL), Visit(Answer(429, URL, retry_after=7200)), NOW, 0.5)
    assert wait(busy) >= timedelta(hours=2)
    assert "busy (429 Too Many Requests)" in busy.error
    forever = after(State(URL), Visit(Answer(503, URL, retry_after=1e9)), NOW, 0.5)
    assert wait(forever) == Bounds().longest_retry


def test_a_feed_that_is_gone_is_not_visited_again() -> None:
    gone = after(State(URL), Visit(Answer(410, URL)), NOW, 0.5)
    assert health(gone) is Health.ENDED
    assert due([gone], NOW + timedelta(days=999)) == []


def test_a_permanent_move_is_remembered_and_an_error_page_moves_nothing() -> None:
    moved = Answer(200, "https://b.example/", moved_to="https://b.example/")
    assert after(State(URL), Visit(moved), NOW, 0.5).url == "https://b.example/"
    lost = Answer(404, "https://b.example/", moved_to="https://b.example/")
    assert after(State(URL), Visit(lost), NOW, 0.5).url == URL


def test_what_is_due_comes_longest_overdue_first_and_new_before_all() -> None:
    states = [
        State("late", next_visit=NOW - timedelta(hours=1)),
        State("later", next_visit=NOW + timedelta(hours=1)),
        State("latest", next_visit=NOW - timedelta(hours=2)),
        State("new"),
    ]
    assert [state.url for state in due(states, NOW)] == ["new", "latest", "late"]


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
VISITS = st.one_of(
    st.builds(Visit, error=st.just("x")),
    st.builds(
        Visit,
        answer=st.builds(
            Answer,
            status=st.sampled_from([200, 304, 404, 410, 429, 500, 503]),
            url=st.just(URL),
            retry_after=st.none() | st.floats(0, 1e12),
        ),
        dates=st.lists(MOMENTS, max_size=20),
    ),
)


@given(st.lists(VISITS, max_size=30), st.floats(0, 1))
def test_whatever_happens_the_next_visit_is_within_bounds(
    visits: list[Visit], chance: float
) -> None:
    state = State(URL)
    for visit in visits:
        state = after(state, visit, NOW, chance)
        if state.ended:
            assert state.next_visit is None
            return
        assert timedelta(minutes=7) <= wait(state) <= timedelta(days=7, hours=1)
