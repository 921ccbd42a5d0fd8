"""The pages of stories, over the bundled sample."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from models.feed import Feed
from search.engines.registry import open_engine
from search.searcher import Searcher
from store.store import Store
from tests.conftest import make_entry, run_slugline
from tests.web.sample_site import TOPICS, make_app
from web.context import Library
from web.coverage import read_groups
from web.stories import newest_day, newest_fair, top_of_day, view_of


@pytest.fixture(scope="module")
def library(demo_home: Path) -> Iterator[Library]:
    with Store.at(demo_home / "store.sqlite") as store:
        engine = open_engine("whoosh", demo_home / "index")
        yield Library(store, Searcher(engine, store), engine, TOPICS)
        engine.close()


@pytest.fixture(scope="module")
def client(library: Library) -> FlaskClient:
    return make_app(library).test_client()


def largest(library: Library) -> str:
    found, _ = library.store.stories.all(limit=1)
    return found[0].id


def test_the_stories_of_a_day_lead_to_each(client: FlaskClient, library: Library) -> None:
    page = client.get("/stories?day=2025-06-05").get_data(as_text=True)
    assert page.count("/stories/") >= 3
    front = client.get("/").get_data(as_text=True)
    assert "/stories/" in front


def test_every_story_of_a_day_is_on_one_page_of_the_list(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.stories.SHOWN", 3)
    client = make_app(library).test_client()  # it has no page of the day in keeping
    every, total = top_of_day(library.store, date(2025, 6, 5), None)
    last = -(-total // 3)
    assert last > 1
    found = []
    for page in range(1, last + 1):
        text = client.get(f"/stories?day=2025-06-05&page={page}").get_data(as_text=True)
        found += re.findall(r'class="headline"[^>]*><a href="/stories/(\w+)"', text)
    assert found == [story.id for story in every]
    first = client.get("/stories?day=2025-06-05").get_data(as_text=True)
    assert 'href="/stories?day=2025-06-05&amp;page=2"' in first
    assert client.get("/stories?day=2025-06-05&page=99").status_code == 404


def test_a_story_shows_who_tells_it_and_leads_to_all_its_articles(
    client: FlaskClient, library: Library
) -> None:
    story = largest(library)
    page = client.get(f"/stories/{story}").get_data(as_text=True)
    members = library.store.stories.members(story)
    assert len(members) >= 2
    assert all(f"<bdi>{escape(member.source)}</bdi>" in page for member in members)
    onward = re.search(r'href="([^"]+)">All articles of this story', page)
    assert onward
    found = client.get(unescape(onward[1])).get_data(as_text=True)
    for member in members:
        assert f"/articles/{member.id}" in found


def test_the_sentence_that_tells_a_story_names_its_source(
    client: FlaskClient, library: Library
) -> None:
    story = library.store.stories.get(largest(library))
    said = view_of(library.store, story).said_by
    page = client.get(f"/stories/{story.id}").get_data(as_text=True)
    words = re.search(r"In the words of (.*?)</p>", page)
    assert words
    assert f"<bdi>{escape(said.source)}</bdi>" in words[1]
    assert f'href="/articles/{said.id}"' in words[1]


def test_a_story_that_is_not_in_the_index_yet_has_a_page(library: Library, tmp_path: Path) -> None:
    empty = open_engine("whoosh", tmp_path / "index")
    app = make_app(Library(library.store, Searcher(empty, library.store), empty, TOPICS))
    answer = app.test_client().get(f"/stories/{largest(library)}")
    empty.close()
    assert answer.status_code == 200
    assert b"Who tells it" in answer.data


def test_the_feed_of_a_story_can_be_read(client: FlaskClient, library: Library) -> None:
    story = largest(library)
    feed = feedparser.parse(client.get(f"/stories/{story}/feed.atom").data)
    members = library.store.stories.members(story)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [each.title for each in members[::-1]]


@pytest.mark.parametrize(
    "address", ["/stories?day=1700-01-01", "/stories?day=x", "/stories?topic=<b>"]
)
def test_an_odd_day_or_topic_is_not_an_error(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_story_that_is_not_there_leads_on(client: FlaskClient) -> None:
    answer = client.get("/stories/nosuch")
    assert answer.status_code == 404
    assert "/stories" in answer.get_data(as_text=True)


def test_coverage_counts_by_the_users_groups(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "coverage.toml"
    path.write_text(
        '[groups.port]\nname = "Port papers"\nsources = ["Harbour Post"]\n'
        '[groups.none]\nname = "Nobody"\nsources = ["nobody.example"]\n'
    )
    groups = read_groups(path)
    app = make_app(
        Library(library.store, library.searcher, library.engine, TOPICS, coverage=groups)
    )
    page = app.test_client().get("/coverage?q=storm").get_data(as_text=True)
    assert "Port papers" in page
    assert "Nobody" in page
    assert app.test_client().get("/coverage?q=(").status_code == 200


NOVEMBER = [(date(2023, 11, 30 - n), told) for n, told in enumerate((80, 688, 791, 824, 438, 505))]


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        ([], None),
        ([(date(2023, 11, 30), 1)], date(2023, 11, 30)),
        (NOVEMBER, date(2023, 11, 29)),
        ([(date(2026, 3, 1), 1), *NOVEMBER[1:]], date(2023, 11, 29)),
        ([(date(2026, 3, 1), 12), *NOVEMBER], date(2026, 3, 1)),
        ([(date(2026, 3, 2), 2), (date(2026, 3, 1), 12), *NOVEMBER], date(2026, 3, 1)),
        ([(date(2026, 3, 2), 3), (date(2026, 3, 1), 5)], date(2026, 3, 2)),
        ([(date(2026, 3, 2), 1), (date(2026, 3, 1), 3)], date(2026, 3, 1)),
        ([(date(2026, 3, 2), 1), (date(2026, 3, 1), 1)], date(2026, 3, 2)),
    ],
)
def test_a_day_with_next_to_no_stories_is_not_shown_as_the_newest(
    days: list[tuple[date, int]], shown: date | None
) -> None:
    assert newest_fair(days) == shown


def test_an_article_without_a_date_does_not_move_the_front_page_to_today(own_home: Path) -> None:
    with Store.at(own_home / "store.sqlite") as store:
        before = newest_day(store, datetime.now(UTC))
        now = datetime.now(UTC)
        undated = replace(make_entry(), published=None)
        store.articles.put([undated], Feed(url=undated.feed), now)
    assert run_slugline("tag", home=own_home).status == 0
    with Store.at(own_home / "store.sqlite") as store:
        story = store.stories.all(limit=1)[0][0]
        store.story_corrections.add(story.id, [undated.id], who="ada")
        newest, _ = store.stories.days.newest(now + timedelta(days=1), 1)[0]
        assert newest == now.date(), "the story is told on the day of fetching, too"
        assert newest_day(store, now) == before


def test_the_newest_days_are_counted_with_their_stories(library: Library) -> None:
    days = library.store.stories.days.newest(datetime(2030, 1, 1, tzinfo=UTC), 3)
    assert len(days) == 3
    assert [day for day, _ in days] == sorted((day for day, _ in days), reverse=True)
    assert all(top_of_day(library.store, day, 1)[1] == told > 0 for day, told in days)


def test_a_search_lists_each_story_once_where_asked(client: FlaskClient) -> None:
    def shown(address: str) -> int:
        return client.get(address).text.count('<article class="hit')

    every = client.get("/search?q=Rotterdam").text
    assert 'fold=story">Each story once</a>' in every
    once = client.get("/search?q=Rotterdam&fold=story").text
    assert "Each story is listed once" in once
    assert 0 < shown("/search?q=Rotterdam&fold=story") < shown("/search?q=Rotterdam")
    assert 'href="/search?q=Rotterdam">List all articles</a>' in once
