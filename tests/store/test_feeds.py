from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import NotFoundError
from models.feed import Feed, FeedState, parted
from store.store import Store
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
URL = "https://harbourpost.example/rss"
MOVED = "https://harbourpost.example/new/rss"
OTHER = "https://coasttimes.example/rss"


def well(url: str = URL, **known: object) -> FeedState:
    checked = FeedState(when=NOW, url=url, succeeded=True, next_check=NOW + timedelta(hours=1))
    return replace(checked, **known)  # type: ignore[arg-type]  # of several types


@pytest.mark.parametrize(
    ("address", "shown", "login"),
    [
        ("https://ann:s3cret@a.example:8080/x?y=1", "https://a.example:8080/x?y=1", "ann:s3cret"),
        ("https://ann@a.example/x", "https://a.example/x", "ann"),
        ("https://a.example/@ann/rss", "https://a.example/@ann/rss", ""),
        ("https://[broken", "https://[broken", ""),
    ],
)
def test_a_login_is_parted_from_its_address_and_put_back(
    address: str, shown: str, login: str
) -> None:
    assert parted(address) == (shown, login)
    assert Feed(url=shown, login=login).address == address


def test_a_login_is_kept_for_fetching_and_shown_nowhere(store: Store) -> None:
    address = "https://ann:s3cret@harbourpost.example/rss"
    store.feeds.put(Feed(url=address))
    store.feeds.subscribe([Feed(url=address, labels=("News",))])
    store.articles.put([make_entry()], Feed(url=address), NOW)
    (feed,) = store.feeds.all()
    assert feed.address == address
    assert "s3cret" not in repr(feed) + feed.url + store.articles.get(make_entry().id).feed
    assert store.feeds.count() == 1
    assert store.feeds.get(address) == store.feeds.get(URL) == feed


def test_subscribing_again_adds_labels_and_forgets_nothing(store: Store) -> None:
    assert store.feeds.subscribe([Feed(url=URL, labels=("a",)), Feed(url=OTHER)]) == 2
    store.feeds.record([(URL, well(etag='"1"', interval=600))])
    assert store.feeds.subscribe([Feed(url=URL, labels=("b", "a"))]) == 0
    feed = store.feeds.get(URL)
    assert (feed.labels, feed.etag, feed.interval) == (("a", "b"), '"1"', 600)
    assert feed.next_check == NOW + timedelta(hours=1)


def test_only_subscribing_makes_a_feed_due(store: Store) -> None:
    store.feeds.put(Feed(url=OTHER, subscribed=True))
    assert store.feeds.due(NOW) == []
    assert store.feeds.next_due() is None
    store.feeds.subscribe([Feed(url=OTHER), Feed(url=URL)])
    assert [feed.url for feed in store.feeds.due(NOW)] == [OTHER, URL]
    assert store.feeds.next_due() is not None


def test_a_feed_is_due_when_its_time_has_come_and_the_longest_waiting_comes_first(
    store: Store,
) -> None:
    store.feeds.subscribe([Feed(url=URL), Feed(url=OTHER)])
    store.feeds.record([(URL, well()), (OTHER, well(OTHER, next_check=NOW))])
    later = NOW + timedelta(hours=1)
    assert [feed.url for feed in store.feeds.due(NOW)] == [OTHER]
    assert [feed.url for feed in store.feeds.due(later)] == [OTHER, URL]
    assert [feed.url for feed in store.feeds.due(later, limit=1)] == [OTHER]
    assert store.feeds.next_due() == NOW


def test_a_feed_that_ended_is_never_due_until_it_is_subscribed_to_again(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL)])
    ended = FeedState(when=NOW, url=URL, gone=True, error="ended")
    store.feeds.record([(URL, ended)])
    assert store.feeds.due(NOW + timedelta(days=999)) == []
    assert store.feeds.next_due() is None
    store.feeds.subscribe([Feed(url=URL)])
    assert [feed.error for feed in store.feeds.due(NOW)] == [""]


def test_failures_keep_the_last_success(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL)])
    later = NOW + timedelta(hours=1)
    failed = FeedState(when=later, url=URL, failures=1, error="answered 503")
    store.feeds.record([(URL, well()), (URL, failed)])
    feed = store.feeds.get(URL)
    assert (feed.checked, feed.succeeded, feed.error) == (later, NOW, "answered 503")


def test_a_moved_feed_keeps_its_articles_and_they_are_indexed_again(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL, login="ann:s3cret")])
    store.articles.put([make_entry()], Feed(url=URL), NOW)
    store.changes.done(store.changes.pending(10))
    store.feeds.record([(URL, well(MOVED, login="ann:s3cret"))])
    (feed,) = store.feeds.all()
    assert (feed.url, feed.first_url, feed.login) == (MOVED, URL, "ann:s3cret")
    assert store.articles.get(make_entry().id).feed == MOVED
    assert [change.article_id for change in store.changes.pending(10)] == [make_entry().id]


def test_a_feed_that_moves_twice_remembers_where_it_began(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL)])
    store.feeds.record([(URL, well(MOVED))])
    store.feeds.record([(MOVED, well(OTHER))])
    assert store.feeds.get(OTHER).first_url == URL


def test_a_feed_that_moves_to_another_becomes_one_with_it(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL, labels=("a",)), Feed(url=OTHER, labels=("b",))])
    mine, theirs = make_entry(1), make_entry(2)
    store.articles.put([mine], Feed(url=URL), NOW)
    store.articles.put([theirs], Feed(url=OTHER), NOW)
    store.feeds.record([(URL, well(OTHER))])
    (feed,) = store.feeds.all()
    assert (feed.url, feed.labels, feed.subscribed) == (OTHER, ("a", "b"), True)
    assert {store.articles.get(entry.id).feed for entry in (mine, theirs)} == {OTHER}


def test_unsubscribing_keeps_articles_and_forgets_the_login(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL, login="ann:s3cret"), Feed(url=OTHER)])
    store.articles.put([make_entry()], Feed(url=URL), NOW)
    store.feeds.record([(URL, well(etag='"1"', login="ann:s3cret"))])
    store.feeds.unsubscribe(URL)
    store.feeds.unsubscribe(OTHER)
    (feed,) = store.feeds.all()
    assert (feed.url, feed.subscribed, feed.login, feed.etag) == (URL, False, "", "")
    assert store.articles.get(make_entry().id).feed == URL
    for url in (URL, OTHER):
        with pytest.raises(NotFoundError):
            store.feeds.unsubscribe(url)


def test_what_was_unsubscribed_during_its_check_stays_so(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL), Feed(url=OTHER)])
    store.articles.put([make_entry()], Feed(url=URL), NOW)
    store.feeds.unsubscribe(URL)
    store.feeds.unsubscribe(OTHER)
    store.feeds.record([(URL, well()), (OTHER, well(OTHER))])
    assert store.feeds.subscribed() == []
    assert store.feeds.due(NOW + timedelta(days=9)) == []


def test_articles_a_day_are_counted_from_the_oldest_recent_one(store: Store) -> None:
    entries = [
        replace(make_entry(n), published=NOW - timedelta(days=days))
        for n, days in enumerate((0.5, 1, 1, 2, 40))
    ]
    store.articles.put(entries, Feed(url=URL), NOW)
    assert store.feeds.pace(NOW) == {URL: pytest.approx(4 / 2)}


def test_labels_and_full_text_are_changed_apart(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL, labels=("a",))])
    assert store.feeds.change(URL, full_text=True).labels == ("a",)
    changed = store.feeds.change(URL, labels=["b"])
    assert (changed.labels, changed.full_text) == (("b",), True)
    with pytest.raises(NotFoundError, match="feeds list"):
        store.feeds.change(OTHER, labels=[])


def test_a_feed_that_was_checked_by_a_clock_ahead_of_ours_is_due(store: Store) -> None:
    store.feeds.subscribe([Feed(url=URL), Feed(url=OTHER)])
    in_2030 = NOW + timedelta(days=1_700)
    ahead = well(when=in_2030, next_check=in_2030 + timedelta(hours=6))
    store.feeds.record([(URL, ahead), (OTHER, well(OTHER))])
    assert [feed.url for feed in store.feeds.due(NOW)] == [URL]


def test_logins_of_an_earlier_store_move_to_their_feeds(tmp_path: Path) -> None:
    dump = Path(__file__).parents[1] / "data" / "store" / "schema_0001.sql"
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    connection.executescript(dump.read_text(encoding="utf-8"))
    number, url = connection.execute("SELECT number, url FROM feeds LIMIT 1").fetchone()
    facts = {
        f"login of feed {number}": "ann:s3cret",
        f"first address of feed {number}": MOVED,
        "login of feed 99": "nobody",
    }
    connection.executemany("INSERT INTO about (key, value) VALUES (?, ?)", facts.items())
    connection.commit()
    connection.close()
    with Store.at(tmp_path / "store.sqlite") as store:
        feed = store.feeds.get(url)
        assert (feed.login, feed.first_url) == ("ann:s3cret", MOVED)
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    left = connection.execute("SELECT count(*) FROM about WHERE key LIKE '% of feed %'").fetchone()
    connection.close()
    assert left == (0,)
