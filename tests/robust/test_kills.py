"""Whatever is killed at whatever moment: started again, it ends as if nothing had happened."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.feed import Feed
from slugline.commands.demo import SAMPLE
from store.store import Store
from tests.feed_host import FeedHost, Page, feed_host, rss
from tests.robust.kills import JOBS, Homes, kill_often
from tests.robust.states import problems

FEEDS = 12
KILLS = 2


@pytest.fixture(scope="module")
def host() -> Iterator[FeedHost]:
    with feed_host() as opened:
        for number in range(FEEDS):
            body = rss(f"Paper {number}", articles=8, site=f"https://paper{number}.example")
            opened.pages[f"/{number}"] = Page(body)
        yield opened


@pytest.fixture(scope="module")
def homes(host: FeedHost, tmp_path_factory: pytest.TempPathFactory) -> Homes:
    def subscribe(home: Path) -> None:
        with Store.at(home / "store.sqlite") as store:
            # Each at an address of its own: one host is asked one thing at a time, with pauses.
            store.feeds.subscribe(
                [Feed(host.url(f"/{number}", f"127.0.0.{number + 1}")) for number in range(FEEDS)]
            )

    return Homes(tmp_path_factory.mktemp("kills"), str(SAMPLE), subscribe)


@pytest.mark.slow
@pytest.mark.parametrize("name", JOBS)
def test_a_killed_job_that_is_started_again_ends_as_if_it_had_not_been(
    homes: Homes, name: str
) -> None:
    job = JOBS[name]
    report = kill_often(homes, job, KILLS, random.Random(name))  # noqa: S311 - moments
    assert report.kills == KILLS
    assert report.wrong == []


def test_a_home_that_is_not_complete_is_noticed(own_home: Path) -> None:
    """The measure itself: each fault that a kill could leave is one that it finds."""
    assert problems(own_home) == []
    with Store.at(own_home / "store.sqlite") as store, store._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM article_topics")
        connection.exec_driver_sql("UPDATE articles SET tagged = NULL WHERE number = 1")
    assert problems(own_home)
