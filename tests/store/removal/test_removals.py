"""What is removed is gone everywhere, does not come back, and leaves a record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from models.errors import NotFoundError
from models.feed import Feed
from models.removal import RemovalKind, RetentionRule
from models.revisions import Outcome
from store.removal.kept import has_lists, list_items
from store.schema import metadata
from store.store import Store
from tests.web.sample_site import (
    ARABIC,
    BARRAGE,
    HOSTILE,
    KASK,
    MATCHES,
    NOW,
    RECALL,
    TALKS,
    TWIN,
    entry,
    fill,
    put,
    tag,
)

WHO, WHY = "ada", "asked for by the person it names"


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store)
    return store


def rows_with(store: Store, text: str) -> set[str]:
    """Return the tables in which a text is found anywhere."""
    with store._database.reading() as connection:
        return {
            table.name
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table))
            if any(text in str(value) for value in row)
        }


def test_a_removed_article_is_in_no_table_but_the_record_and_the_queue(filled: Store) -> None:
    secret = entry("secret", "Zebulon Quist was seen", "Zebulon Quist, seen again.", day=9)
    later = entry("secret", "Zebulon Quist was not seen", "Zebulon Quist denies.", day=9)
    put(filled, secret)
    put(filled, later)
    tag(filled, later, ("politics", 0.9))
    filled.corrections.topic(secret.id, "sport", fits=True, who="ada")
    assert {"articles", "article_versions", "journal"} <= rows_with(filled, "Zebulon")
    record = filled.removals.take_down(secret.id, who=WHO, why=WHY, now=NOW)
    assert (record.who, record.why, record.removed) == (WHO, WHY, NOW)
    assert record.kind is RemovalKind.TAKEDOWN
    assert rows_with(filled, "Zebulon") == set()
    assert rows_with(filled, "/world/secret") == set()
    left = rows_with(filled, secret.id)
    assert left == {"removed_articles", "changes", "journal"}
    with pytest.raises(NotFoundError):
        filled.articles.get(secret.id)


def test_it_does_not_come_back_until_it_is_allowed_to(filled: Store) -> None:
    filled.removals.take_down(RECALL.id, who=WHO, why=WHY, now=NOW)
    before = filled.articles.count()
    feed = Feed(RECALL.feed, title=RECALL.source)
    counts = filled.articles.put([RECALL], feed, NOW + timedelta(days=1))
    assert counts == {Outcome.UNCHANGED: 1}
    assert filled.articles.count() == before
    assert [each.article for each in filled.removals.all()] == [RECALL.id]
    filled.removals.allow(RECALL.id, who=WHO)
    assert filled.articles.put([RECALL], feed, NOW + timedelta(days=1))[Outcome.NEW] == 1
    with pytest.raises(NotFoundError):
        filled.removals.allow(RECALL.id, who=WHO)


def test_what_repeated_it_is_led_by_the_earliest_left(filled: Store) -> None:
    filled.removals.take_down(TALKS.id, who=WHO, why=WHY, now=NOW)
    assert filled.articles.get(TWIN.id).duplicate_of is None
    assert filled.duplicates.group(TWIN.id) is None


def test_counts_of_entities_stay_true_and_names_of_none_go(filled: Store) -> None:
    before = filled.entities.get(KASK.key).articles
    filled.removals.take_down(BARRAGE.id, who=WHO, why=WHY, now=NOW)
    assert filled.entities.get(KASK.key).articles == before - 1
    for article_id in (TALKS.id, TWIN.id):
        filled.removals.take_down(article_id, who=WHO, why=WHY, now=NOW)
    with pytest.raises(NotFoundError):
        filled.entities.get(KASK.key)


def test_the_journal_keeps_who_and_when_but_nothing_of_the_text(filled: Store) -> None:
    change = filled.corrections.topic(HOSTILE.id, "sport", fits=True, who="bea")
    filled.removals.take_down(HOSTILE.id, who=WHO, why=WHY, now=NOW)
    left = filled.journal.get(change.number)
    assert (left.who, left.can_be_undone) == ("bea", False)
    assert HOSTILE.title not in left.words
    assert filled.journal.entries(1)[0].kind == "article-removed"


def test_a_rule_by_days_spares_what_people_corrected(filled: Store) -> None:
    rule = RetentionRule(days=24)  # before June 6th; RECALL of the 6th is corrected by a person
    filled.corrections.topic(TALKS.id, "sport", fits=True, who="bea")
    found = filled.removals.preview(rule, NOW)
    old = [match for match in MATCHES if match.published and match.published < NOW - timedelta(24)]
    assert found.due == len(old) + 1, "and the twin, of the 5th"
    assert found.kept["corrected"] == 1
    assert found.articles == filled.articles.count()
    assert filled.articles.count() == found.articles, "a preview removes nothing"
    gone = [len(filled.removals.apply(rule, who=WHO, now=NOW, batch=7)) for _ in range(20)]
    assert sum(gone) == found.due
    assert max(gone) == 7
    assert filled.articles.get(TALKS.id)
    assert filled.removals.preview(rule, NOW).due == 0
    assert filled.removals.count(RemovalKind.RETENTION) == found.due


def test_a_rule_by_number_keeps_the_newest(filled: Store) -> None:
    rule = RetentionRule(articles=10)
    while filled.removals.apply(rule, who=WHO, now=NOW):
        pass
    kept = filled.articles.tagged(sorted(filled.articles.ids()))
    moments = sorted(one.article.published for one in kept if one.article.published)
    assert 10 <= len(kept) <= 11, "ten, and the corrected one"
    assert moments[-1] == max(match.published for match in MATCHES if match.published)


def test_a_rule_by_size_keeps_so_much_text(filled: Store) -> None:
    assert filled.removals.preview(RetentionRule(megabytes=1), NOW).due == 0
    for number in range(20):
        put(filled, entry(f"long-{number}", "Long", f"{number} " + "word " * 12_000, day=20))
    found = filled.removals.preview(RetentionRule(megabytes=1), NOW)
    assert 0 < found.due < found.articles


def test_an_article_of_a_used_number_is_compared_like_any_other(filled: Store) -> None:
    _, cursor = filled.duplicates.due()
    filled.duplicates.mark_compared(cursor)
    newest = entry("newest", "The newest", day=20)
    put(filled, newest)
    _, cursor = filled.duplicates.due()
    filled.duplicates.mark_compared(cursor)
    filled.removals.take_down(newest.id, who=WHO, why=WHY, now=NOW)
    put(filled, entry("newer", "Newer still", day=21))
    assert filled.duplicates.due()[0] == (datetime(2025, 6, 21, tzinfo=UTC).date(),)


def test_an_unknown_article_cannot_be_removed(filled: Store) -> None:
    with pytest.raises(NotFoundError):
        filled.removals.take_down("none", who=WHO, why=WHY, now=NOW)
    assert filled.removals.count() == 0
    assert ARABIC.id in set(filled.articles.ids())


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # it writes SQL of its own
def test_what_people_starred_or_listed_is_spared_and_goes_by_a_takedown(filled: Store) -> None:
    """Lists are written to as their tables are, so that this needs nothing of their repository."""
    with filled.users._database.writing() as connection:
        if not has_lists(connection):
            for statement in (
                "CREATE TABLE lists (number INTEGER PRIMARY KEY, name TEXT)",
                "CREATE TABLE list_items (list INTEGER, kind TEXT, subject TEXT, quote TEXT)",
            ):
                connection.exec_driver_sql(statement)
        columns = {each["name"] for each in sa.inspect(connection).get_columns("lists")}
        if "user" in columns:
            connection.exec_driver_sql(
                "INSERT INTO users (name, role, added) VALUES ('ada', 'editor', '2025-01-01')"
            )
        for number, name in ((1, "Starred"), (2, "Dams")):
            row = {
                "number": number,
                "name": name,
                "user": 1,
                "secret": name,
                "made": NOW.isoformat(),
            }
            _insert(connection, "lists", row, columns)
        columns = {each["name"] for each in sa.inspect(connection).get_columns("list_items")}
        for on, kind, subject in ((1, "article", TALKS.id), (2, "passage", TWIN.id)):
            row = {"list": on, "kind": kind, "subject": subject, "quote": "a dam", "who": "ada"}
            _insert(connection, "list_items", row | {"made": NOW.isoformat()}, columns)
    rule = RetentionRule(days=1)
    found = filled.removals.preview(rule, NOW)
    assert (found.kept["starred"], found.kept["listed"], found.kept["corrected"]) == (1, 1, 1)
    while filled.removals.apply(rule, who=WHO, now=NOW):
        pass
    assert set(filled.articles.ids()) == {TALKS.id, TWIN.id, RECALL.id}
    filled.removals.take_down(TWIN.id, who=WHO, why=WHY, now=NOW)
    assert filled.removals.preview(rule, NOW).kept["listed"] == 0
    with filled.users._database.reading() as connection:
        quotes = connection.scalars(sa.select(list_items.c.quote)).all()
    assert len(quotes) == 1, "the passage went with its article"


def _insert(
    connection: sa.Connection, name: str, row: dict[str, object], columns: set[str]
) -> None:
    table = sa.table(name, *(sa.column(each) for each in row if each in columns))
    values = {key: value for key, value in row.items() if key in columns}
    connection.execute(sa.insert(table).values(values))
