"""Several processes share work: nobody does what another is at, and the dead give theirs back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from models.feed import Feed
from models.tags import Tags
from store.store import Store
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")
LONG, LAPSED = timedelta(minutes=1), timedelta(0)


def fill(store: Store, count: int) -> list[str]:
    entries = [make_entry(number) for number in range(count)]
    store.articles.put(entries, FEED, NOW)
    return [entry.id for entry in entries]


def claim(store: Store, holder: str, limit: int = 4, lasts: timedelta = LONG) -> list[str]:
    return [due.id for due in store.tags.claim(limit, holder, lasts)]


def test_what_one_has_claimed_no_other_gets(store: Store) -> None:
    ids = fill(store, 10)
    assert claim(store, "one") == ids[:4]
    assert claim(store, "two") == ids[4:8]
    assert claim(store, "one") == ids[8:]
    assert claim(store, "two") == []
    assert store.leases.holders() == {"one": 6, "two": 4}
    assert store.tags.count_due() == 10


def test_what_a_dead_one_had_comes_back_when_its_lease_lapses(store: Store) -> None:
    ids = fill(store, 6)
    claim(store, "dead", 2, LAPSED)
    assert claim(store, "one") == ids[:4]
    store.leases.renew("one", LAPSED)
    assert claim(store, "two", 6) == ids


def test_a_lease_is_prolonged_and_given_back(store: Store) -> None:
    ids = fill(store, 2)
    claim(store, "one", 2, LAPSED)
    store.leases.renew("one", LONG)
    assert claim(store, "two") == []
    store.leases.give_back(["one"])
    assert claim(store, "two") == ids


def test_a_lease_from_before_the_clock_was_set_back_holds_nothing(store: Store) -> None:
    ids = fill(store, 2)
    claim(store, "one", 2, timedelta(days=1))
    assert claim(store, "two") == ids
    assert store.leases.holders() == {"two": 2}
    assert store.leases.take("stories", 0, "one", timedelta(days=1))
    assert store.leases.take("stories", 0, "two", LONG)


def test_what_is_tagged_is_nobodys_any_more(store: Store) -> None:
    ids = fill(store, 2)
    claimed = store.tags.claim(2, "one", LONG)
    store.tags.put([Tags(due.id, due.version, "en", (), (), "m") for due in claimed])
    assert store.leases.holders() == {}
    assert store.tags.make_due(None) == 2
    assert claim(store, "two") == ids


def test_an_article_that_changed_meanwhile_is_to_be_had_again(store: Store) -> None:
    fill(store, 1)
    (due,) = store.tags.claim(1, "one", LONG)
    store.articles.put([make_entry(0, title="Ministers leave Oslo")], FEED, NOW + LONG)
    assert store.tags.put([Tags(due.id, due.version, "en", (), (), "m")]) == 0
    store.leases.give_back(["one"])
    (again,) = store.tags.claim(1, "two", LONG)
    assert (again.id, again.version) == (due.id, 2)


def test_many_at_once_share_all_and_nothing_twice(store: Store) -> None:
    ids = fill(store, 120)

    def work(holder: int) -> list[str]:
        had: list[str] = []
        while got := store.tags.claim(7, f"holder {holder}", LONG):
            had += [due.id for due in got]
        return had

    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(work, range(6)))
    assert sorted(one for share in shares for one in share) == sorted(ids)


def test_a_piece_of_work_is_done_by_one(store: Store) -> None:
    assert store.leases.take("stories", 0, "one", LONG)
    assert not store.leases.take("stories", 0, "two", LONG)
    assert store.leases.take("stories", 0, "one", LAPSED), "who has it may take it again"
    assert store.leases.take("stories", 0, "two", LONG)


def test_a_feed_is_fetched_by_one(store: Store) -> None:
    urls = [f"https://harbourpost.example/{number}" for number in range(5)]
    store.feeds.subscribe([Feed(url=url) for url in urls])
    first = [feed.url for feed in store.feeds.claim(NOW, 3, "one", LONG)]
    second = [feed.url for feed in store.feeds.claim(NOW, 3, "two", LONG)]
    assert (first, second) == (urls[:3], urls[3:])
    store.leases.give_back(["one"])
    assert [feed.url for feed in store.feeds.claim(NOW, 9, "two", LONG)] == urls[:3]
