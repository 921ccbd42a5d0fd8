from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.article import Entry
from models.duplicates import Repetition
from models.errors import NotFoundError, UsageError
from models.feed import Feed
from store.store import Store
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
FEED = Feed(url="https://harbourpost.example/rss")
ONE, TWO, THREE = (make_entry(number) for number in (1, 2, 3))


@pytest.fixture
def filled(store: Store) -> Store:
    store.articles.put([ONE, TWO, THREE], FEED, NOW)
    store.changes.done(store.changes.pending(10))
    return store


def repeats(article: Entry, earlier: Entry) -> Repetition:
    return Repetition(article.id, earlier.id, "90% of the text", 0.9)


def test_a_repetition_has_a_leader_and_a_reason(filled: Store) -> None:
    assert filled.duplicates.put([repeats(TWO, ONE)]) == 1
    assert filled.articles.get(TWO.id).duplicate_of == ONE.id
    assert filled.articles.get(ONE.id).duplicate_of is None
    for article in (ONE, TWO):
        group = filled.duplicates.group(article.id)
        assert group is not None
        assert group.leader_id == ONE.id
        assert [(m.article_id, m.reason) for m in group.members] == [(TWO.id, "90% of the text")]
    assert filled.duplicates.group(THREE.id) is None
    assert [change.article_id for change in filled.changes.pending(10)] == [TWO.id]


def test_a_group_has_one_leader_however_its_pairs_are_found(filled: Store) -> None:
    filled.duplicates.put([repeats(THREE, TWO)])
    filled.duplicates.put([repeats(TWO, ONE)])
    group = filled.duplicates.group(THREE.id)
    assert group is not None
    assert (group.leader_id, len(group.members)) == (ONE.id, 2)
    assert filled.duplicates.count() == 2
    assert filled.duplicates.groups(10) == (group,)


def test_finding_a_repetition_again_changes_nothing(filled: Store) -> None:
    filled.duplicates.put([repeats(TWO, ONE)])
    filled.changes.done(filled.changes.pending(10))
    assert filled.duplicates.put([repeats(TWO, ONE), repeats(ONE, TWO)]) == 0
    assert filled.changes.count() == 0


def test_what_a_person_parts_stays_apart(filled: Store) -> None:
    filled.duplicates.put([repeats(TWO, ONE), repeats(THREE, ONE)])
    filled.duplicates.separate(TWO.id)
    assert filled.duplicates.put([repeats(TWO, ONE), repeats(TWO, THREE)]) == 0
    assert filled.articles.get(TWO.id).duplicate_of is None
    assert filled.articles.get(THREE.id).duplicate_of == ONE.id
    with pytest.raises(UsageError, match="repeats no other"):
        filled.duplicates.separate(TWO.id)
    with pytest.raises(NotFoundError):
        filled.duplicates.separate("nothing")


def test_pieces_are_those_of_a_span_of_days(filled: Store) -> None:
    day = datetime(2025, 6, 3, tzinfo=UTC)
    assert [p.id for p in filled.duplicates.compared(day, day + timedelta(days=1))] == [TWO.id]


def test_what_was_compared_is_not_due_again(filled: Store) -> None:
    days, cursor = filled.duplicates.due()
    assert [d.day for d in days] == [2, 3, 4]
    filled.articles.put([make_entry(9)], FEED, NOW)
    filled.duplicates.mark_compared(cursor)
    assert [d.day for d in filled.duplicates.due()[0]] == [10]
