from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.duplicates import WINDOW
from models.feed import Feed
from slugline.jobs.duplicates import STRETCH, group_duplicates, stretches
from store.store import Store
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
TEXT = (
    "The harbour ferry Marigold ran aground off the northern breakwater on Tuesday morning with "
    "eighty passengers on board, all of whom were brought ashore by lifeboats before noon."
)

DAYS = st.lists(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2020, 6, 30)), unique=True, max_size=60
).map(sorted)


def unseen(steps: int = 1, note: str = "") -> None:
    pass


@given(DAYS)
def test_every_day_is_compared_with_all_within_reach(days: list[date]) -> None:
    spans = list(stretches(days, WINDOW))
    for day in days:
        begin = datetime.combine(day, time(), tzinfo=UTC)
        end = begin + timedelta(days=1)
        assert any(since <= begin - WINDOW and end + WINDOW <= until for since, until in spans)
    assert all(until - since <= STRETCH + 2 * WINDOW for since, until in spans)


def test_copy_of_another_outlet_is_grouped_under_the_earlier(store: Store) -> None:
    first = replace(make_entry(1, summary=TEXT), title="Ferry aground off breakwater")
    copy = replace(
        make_entry(3, summary=TEXT, source="Meridian Wire"), title="Ferry with 80 runs aground"
    )
    other = make_entry(4, summary="Ministers agreed on a budget for the coming year after talks.")
    for entry in (copy, first, other):
        feed = Feed(url=f"https://{entry.source.split()[0].lower()}.example/rss")
        store.articles.put([entry], feed, NOW)
    assert group_duplicates(store, unseen) == 1
    assert store.articles.get(copy.id).duplicate_of == first.id
    assert group_duplicates(store, unseen) == 0
