"""A clock that is set back by a day: what was written by the later one holds nothing up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.feed import Feed, FeedState
from models.jobs import JobKind, JobState
from store.store import Store
from tests.conftest import make_entry, run_slugline
from tests.feed_host import Page, feed_host, rss
from tests.robust.states import problems

DAY = timedelta(days=1)
ELSEWHERE = "another machine ?deadbeef 4711 1 cafe"
"""Who held the leases; nobody here can say whether that process lives."""


@pytest.mark.slow
def test_watch_goes_on_where_a_clock_of_tomorrow_left_it(tmp_path: Path) -> None:
    """Feeds, articles to be tagged, stories and jobs are all held until tomorrow."""
    tomorrow = datetime.now(UTC) + DAY
    with feed_host() as host:
        host.pages["/rss"] = Page(rss("Harbour Post", articles=5))
        url = host.url("/rss")
        with Store.at(tmp_path / "store.sqlite") as store:
            store.feeds.subscribe([Feed(url)])
            store.feeds.claim(tomorrow, 1, ELSEWHERE, DAY)
            late = FeedState(when=tomorrow, url=url, succeeded=True, next_check=tomorrow + DAY)
            store.feeds.record([(url, late)])
            store.articles.put([make_entry(1)], Feed("https://other.example/rss"), tomorrow)
            assert store.tags.claim(1, ELSEWHERE, DAY)
            for work in ("stories", "duplicates"):
                assert store.leases.take(work, 0, ELSEWHERE, DAY)
            job = store.jobs.add(JobKind.TAG, {}, who="ada", now=tomorrow).number
            assert store.jobs.take("another worker", tomorrow)
        done = run_slugline(
            "watch", "--once", "--json", home=tmp_path, SLUGLINE_FETCH_ALLOW_PRIVATE="1"
        )
    assert done.status == 0, done.err
    assert (done.json["feeds"], done.json["new"], done.json["tagged"]) == (1, 5, 6)
    assert problems(tmp_path) == []
    ran = run_slugline("jobs", "run", home=tmp_path)
    assert ran.status == 0, ran.err
    with Store.at(tmp_path / "store.sqlite") as store:
        assert store.jobs.get(job).state is JobState.DONE
    assert run_slugline("search", "Oslo", "--json", home=tmp_path).json["total"] == 6
