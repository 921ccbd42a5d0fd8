from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.article import Entry
from models.errors import NotFoundError, StoreError, UnstorableError, UsageError
from models.feed import Feed
from models.revisions import Outcome
from models.tags import OTHER, Due, EntityName, Mention, Origin, Tags, TopicScore
from store import database
from store.dialects import sqlite
from store.schema import articles, metadata
from store.store import Store
from store.tags.topics import corrected
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")
OSLO = EntityName("place/oslo", "Oslo", "place")
LIND = EntityName("person/ada-lind", "Ada Lind", "person")
A_LIND = EntityName("person/a-lind", "A. Lind", "person")


def mention(text: str, name: str, entity: EntityName | None, field: str = "title") -> Mention:
    start = text.index(name)
    return Mention(field, start, start + len(name), name, "GPE", entity)


def tags(entry: Entry, *entities: EntityName, topic: str = "diplomacy", version: int = 1) -> Tags:
    return Tags(
        article_id=entry.id,
        version=version,
        language="en",
        mentions=tuple(
            mention(entry.title, entity.name, entity)
            for entity in entities
            if entity.name in entry.title
        ),
        topics=(TopicScore(topic, 0.75),),
        stamp="model 1",
    )


def claim(store: Store) -> tuple[Due, ...]:
    return store.tags.claim(10, "a test", timedelta(minutes=1))


def test_an_article_can_be_read_back_as_it_came(store: Store) -> None:
    entry = make_entry()
    assert store.articles.put([entry], FEED, NOW) == {Outcome.NEW: 1}
    article = store.articles.get(entry.id)
    assert (article.title, article.summary, article.published, article.feed, article.version) == (
        entry.title,
        entry.summary,
        entry.published,
        FEED.url,
        1,
    )


def test_the_same_entries_again_change_nothing(store: Store) -> None:
    entries = [make_entry(number) for number in range(1200)]
    assert store.articles.put(entries, FEED, NOW) == {Outcome.NEW: 1200}
    store.changes.done(store.changes.pending(2000))
    assert store.articles.put(entries, FEED, LATER) == {Outcome.UNCHANGED: 1200}
    assert store.changes.pending(10) == ()


def test_an_entry_twice_in_one_run_is_one_article(store: Store) -> None:
    assert store.articles.put([make_entry(), make_entry()], FEED, NOW) == {
        Outcome.NEW: 1,
        Outcome.SEEN: 1,
    }
    assert store.articles.count() == 1


def test_a_changed_article_keeps_its_id_and_its_earlier_version(store: Store) -> None:
    old, new = make_entry(), make_entry(title="Ministers leave Oslo")
    store.articles.put([old], FEED, NOW)
    store.tags.put([tags(old, OSLO)])
    assert store.articles.put([new], FEED, LATER) == {Outcome.UPDATED: 1}

    article = store.articles.get(old.id)
    assert (article.title, article.version) == ("Ministers leave Oslo", 2)
    assert [(v.number, v.title, v.seen) for v in store.articles.versions(old.id)] == [
        (1, old.title, NOW)
    ]
    assert store.tags.mentions([old.id])[old.id] == (), "offsets of the old text mark wrong words"
    assert [due.id for due in claim(store)] == [old.id]


def test_an_earlier_version_seen_again_is_not_news(store: Store) -> None:
    old, new = make_entry(), make_entry(title="Ministers leave Oslo")
    store.articles.put([old, new], FEED, NOW)
    assert store.articles.put([old, new], FEED, LATER) == {Outcome.UNCHANGED: 2}
    assert store.articles.get(old.id).title == new.title


def test_a_batch_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(AttributeError):
        store.articles.put([make_entry(), None], FEED, NOW)  # type: ignore[list-item]  # the fault
    assert store.articles.count() == 0
    assert store.changes.count() == 0


def test_tags_can_be_read_back_and_count_entities(store: Store) -> None:
    one, two = make_entry(1), make_entry(2, title="Ada Lind flies to Oslo")
    store.articles.put([one, two], FEED, NOW)
    assert store.tags.put([tags(one, OSLO), tags(two, OSLO, LIND, topic="politics")]) == 2

    found = store.articles.tagged([two.id, "unknown", one.id])
    assert [t.article.id for t in found] == [two.id, one.id]
    assert [e.key for e in found[0].entities] == [LIND.key, OSLO.key]
    assert found[0].topics == (TopicScore("politics", 0.75, Origin.MODEL),)
    assert store.entities.get("place/oslo").articles == 2
    assert store.tags.topics() == {"diplomacy": 1, "politics": 1}
    assert [m.text for m in store.tags.mentions([two.id])[two.id]] == ["Ada Lind", "Oslo"]


def test_tagging_again_replaces_tags_and_counts_once(store: Store) -> None:
    entry = make_entry()
    store.articles.put([entry], FEED, NOW)
    for _ in range(3):
        store.tags.put([tags(entry, OSLO)])
    assert store.entities.get(OSLO.key).articles == 1
    assert store.tags.count_mentions() == 1
    store.tags.put([tags(entry)])
    assert store.entities.get(OSLO.key).articles == 0


def test_the_share_of_articles_with_topics_is_counted_by_language(store: Store) -> None:
    entries = [make_entry(number, title=f"Ada Lind flies to Oslo {number}") for number in range(5)]
    store.articles.put(entries, FEED, NOW)
    plain, other, two, none = (tags(entry, OSLO) for entry in entries[:4])  # the fifth waits
    store.tags.put(
        [
            replace(plain, language="pl"),
            replace(other, language="pl", topics=(TopicScore(OTHER, 0.9),)),
            replace(
                two, language="pl", topics=(TopicScore("sport", 0.9), TopicScore("crime", 0.5))
            ),
            replace(none, language="fr", topics=()),
        ]
    )
    polish, french = store.tags.languages()
    assert (polish.language, polish.articles, polish.with_topics) == ("pl", 3, 2)
    assert (french.language, french.articles, french.share) == ("fr", 1, 0)


def test_tags_of_an_older_text_are_not_taken(store: Store) -> None:
    entry = make_entry()
    store.articles.put([entry], FEED, NOW)
    store.articles.put([make_entry(title="Ministers leave Oslo")], FEED, LATER)
    assert store.tags.put([tags(entry, OSLO, version=1)]) == 0
    assert len(claim(store)) == 1


def test_only_what_is_due_is_tagged_again(store: Store) -> None:
    entries = [make_entry(number) for number in range(5)]
    store.articles.put(entries, FEED, NOW)
    store.tags.put([tags(entry) for entry in entries[:3]])
    assert [due.id for due in claim(store)] == [entry.id for entry in entries[3:]]
    assert store.tags.make_due("model 1") == 2
    assert store.tags.make_due("model 2") == 5
    store.tags.put([tags(entry) for entry in entries])
    assert store.tags.make_due(None) == 5


def test_a_persons_word_on_a_topic_wins_over_every_tagging(store: Store) -> None:
    entry = make_entry()
    store.articles.put([entry], FEED, NOW)
    store.tags.put([tags(entry)])
    article = store.articles.get(entry.id)
    store.tags.correct(article, "diplomacy", fits=False)
    store.tags.correct(article, "economy", fits=True)
    expected = (TopicScore("economy", 1.0, Origin.PERSON),)
    assert store.articles.tagged([entry.id])[0].topics == expected
    store.tags.put([tags(entry)])
    assert store.articles.tagged([entry.id])[0].topics == expected


def test_an_article_is_other_only_as_long_as_nothing_fits_it() -> None:
    other, sport = TopicScore("other", 0.7), TopicScore("sport", 0.5)
    assert [topic.slug for topic in corrected([other], {"economy": True})] == ["economy"]
    assert corrected([sport], {"sport": False}) == (TopicScore("other", 1.0, Origin.PERSON),)
    assert corrected([other], {"sport": False}) == (other,)
    assert corrected([], {"sport": False}) == ()


def test_a_merge_survives_tagging(store: Store) -> None:
    one, two = make_entry(1, title="A. Lind in Oslo"), make_entry(2, title="Ada Lind and A. Lind")
    store.articles.put([one, two], FEED, NOW)
    both = [tags(one, A_LIND, OSLO), tags(two, LIND, A_LIND)]
    store.tags.put(both)
    merged = store.entities.merge(A_LIND.key, LIND.key)
    assert (merged.articles, merged.aliases) == (2, ("A. Lind",))
    assert store.entities.get(A_LIND.key).key == LIND.key
    assert store.entities.find("a. lind") == (LIND.key,)

    store.tags.put(both)
    assert store.entities.get(LIND.key).articles == 2
    assert [(e.key, e.count) for e in store.articles.tagged([two.id])[0].entities] == [
        (LIND.key, 2)
    ]
    assert [e.key for e in store.entities.top()] == [LIND.key, OSLO.key]


def test_two_entities_that_a_person_parts_stay_parted(store: Store) -> None:
    one = make_entry(1, title="Ada Lind and A. Lind")
    store.articles.put([one], FEED, NOW)
    store.tags.put([tags(one, LIND, A_LIND)])
    assert store.entities.refused_merges() == frozenset()
    for pair in ((LIND.key, A_LIND.key), (A_LIND.key, LIND.key)):
        store.entities.refuse_merge(*pair)
        assert store.entities.refused_merges() == {(A_LIND.key, LIND.key)}
    with pytest.raises(UsageError, match="one entity already"):
        store.entities.refuse_merge(LIND.key, LIND.key)
    with pytest.raises(NotFoundError):
        store.entities.refuse_merge(LIND.key, "person/nobody")


def test_a_merge_can_be_undone(store: Store) -> None:
    one, two = make_entry(1, title="A. Lind in Oslo"), make_entry(2, title="Ada Lind and A. Lind")
    store.articles.put([one, two], FEED, NOW)
    both = [tags(one, A_LIND, OSLO), tags(two, LIND, A_LIND)]
    store.tags.put(both)
    store.entities.merge(A_LIND.key, LIND.key)
    store.entities.split(A_LIND.key)
    assert {due.id for due in claim(store)} == {one.id, two.id}
    store.tags.put(both)
    assert (store.entities.get(A_LIND.key).articles, store.entities.get(LIND.key).articles) == (
        2,
        1,
    )
    assert store.entities.find("a. lind") == (A_LIND.key,)
    with pytest.raises(UsageError, match="was not merged"):
        store.entities.split(A_LIND.key)


def test_a_new_name_and_a_hidden_entity_survive_tagging(store: Store) -> None:
    entry = make_entry()
    store.articles.put([entry], FEED, NOW)
    store.tags.put([tags(entry, OSLO)])
    store.entities.rename(OSLO.key, "Christiania")
    store.tags.put([tags(entry, OSLO)])
    assert store.entities.get(OSLO.key).name == "Christiania"
    assert store.entities.find("oslo") == (OSLO.key,)
    store.entities.hide(OSLO.key)
    store.tags.put([tags(entry, OSLO)])
    assert store.entities.top() == ()
    assert store.articles.tagged([entry.id])[0].entities == ()


def test_a_persons_mistake_with_entities_is_explained(store: Store) -> None:
    entry = make_entry()
    store.articles.put([entry], FEED, NOW)
    store.tags.put([tags(entry, OSLO)])
    with pytest.raises(NotFoundError, match="place/bergen"):
        store.entities.merge("place/bergen", OSLO.key)
    with pytest.raises(UsageError, match="one entity already"):
        store.entities.merge(OSLO.key, OSLO.key)
    with pytest.raises(UsageError, match="empty name"):
        store.entities.rename(OSLO.key, " ")


def test_neighbours_are_counted_by_shared_articles(store: Store) -> None:
    entry = make_entry(1, title="Ada Lind flies to Oslo")
    store.articles.put([entry], FEED, NOW)
    store.tags.put([tags(entry, OSLO, LIND)])
    (neighbour,) = store.entities.neighbours(OSLO.key)
    assert (neighbour.key, neighbour.together) == (LIND.key, 1)


def test_a_change_that_comes_meanwhile_stays_on_the_queue(store: Store) -> None:
    entry = make_entry()
    store.articles.put([entry], FEED, NOW)
    seen = store.changes.pending(10)
    store.tags.put([tags(entry)])
    store.changes.done(seen)
    (left,) = store.changes.pending(10)
    assert left.article_id == entry.id
    store.changes.done([left])
    assert store.changes.count() == 0
    store.changes.add_all()
    assert store.changes.count() == 1


def test_all_ids_are_walked_once(store: Store) -> None:
    entries = [make_entry(number) for number in range(2500)]
    store.articles.put(entries, FEED, NOW)
    assert list(store.articles.ids()) == [entry.id for entry in entries]


def test_two_stores_have_two_identities_that_last(tmp_path: Path) -> None:
    with Store.at(tmp_path / "a.sqlite") as a, Store.at(tmp_path / "b.sqlite") as b:
        identity = a.identity()
        assert identity != b.identity()
        before = a.generation()
        assert a.identity() == identity
        assert a.generation() == before
    with Store.at(tmp_path / "a.sqlite") as a:
        assert a.identity() == identity


def test_migrations_lead_to_the_tables_that_the_code_knows(store: Store) -> None:
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == database.HEAD
    folder = Path(database.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [database.HEAD]


def test_a_file_that_is_not_a_store_is_named(tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("these are no tables, and never were " * 100)
    with pytest.raises(StoreError, match=r"text\.sqlite"):
        Store.at(text)
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE articles (x)")
    connection.close()
    with pytest.raises(StoreError, match="not one of Slugline's"):
        Store.at(foreign)
    marked = tmp_path / "marked.sqlite"
    Store.at(marked).close()
    with sqlite3.connect(marked) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == sqlite.APPLICATION
        connection.execute("PRAGMA application_id=252006674")  # that of Fossil
    connection.close()
    with pytest.raises(StoreError, match="not one of Slugline's"):
        Store.at(marked)


def test_a_value_that_cannot_be_kept_is_reported_as_such(store: Store) -> None:
    broken = make_entry(1, title="half of a pair: \ud83d")
    with pytest.raises(UnstorableError, match="can't keep this value"):
        store.articles.put([make_entry(2), broken], FEED, NOW)
    assert store.articles.count() == 0


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_full_disk_gives_a_clear_message_and_nothing_is_half_written(store: Store) -> None:
    with store._database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    many = [make_entry(number, summary="x" * 20_000) for number in range(200)]
    with pytest.raises(StoreError, match="the disk is full"):
        store.articles.put(many, FEED, NOW)
    assert store.articles.count() == 0


def test_what_one_database_cannot_keep_is_replaced_or_kept(store: Store) -> None:
    entry = make_entry(title="Ministers\x00meet")
    store.articles.put([entry], FEED, NOW)
    assert store.articles.get(entry.id).title in {"Ministers\x00meet", "Ministers\ufffdmeet"}
    with pytest.raises(NotFoundError):
        store.articles.get("no\x00article")


def test_what_is_read_together_is_of_one_moment(store: Store) -> None:
    count = sa.select(sa.func.count()).select_from(articles)
    with store._database.reading() as connection:
        assert connection.scalar(count) == 0
        other = threading.Thread(target=lambda: store.articles.put([make_entry()], FEED, NOW))
        other.start()
        other.join()
        assert connection.scalar(count) == 0
    assert store.articles.count() == 1


def test_several_writers_at_once_lose_nothing_and_do_nothing_twice(store: Store) -> None:
    entries = [make_entry(number) for number in range(200)]

    def bring_and_tag(_: int) -> Counter[Outcome]:
        brought: Counter[Outcome] = Counter()
        for start in range(0, len(entries), 20):
            batch = entries[start : start + 20]
            brought += store.articles.put(batch, FEED, NOW)
            store.tags.put([tags(entry, OSLO, LIND) for entry in batch])
        return brought

    with ThreadPoolExecutor(6) as pool:
        brought = sum(pool.map(bring_and_tag, range(6)), Counter[Outcome]())
    assert (brought[Outcome.NEW], brought.total()) == (200, 1200)
    assert store.articles.count() == store.entities.get(OSLO.key).articles == 200


def test_a_store_that_cannot_be_opened_gives_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").mkdir()
    with pytest.raises(
        StoreError, match=r"store\.sqlite can't be opened: it is not a file"
    ) as told:
        Store.at(tmp_path / "store.sqlite")
    assert "sqlite://" not in str(told.value), "a path, where it is a file"


def test_a_damaged_store_gives_a_clear_message(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with Store.at(path) as store:
        store.articles.put([make_entry(number) for number in range(300)], FEED, NOW)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StoreError, match="is damaged"):
        Store.at(path)


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    Store.at(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer Slugline"):
        Store.at(path)


def test_a_reader_sees_one_moment_while_another_process_writes(tmp_path: Path) -> None:
    with Store.at(tmp_path / "s.sqlite") as writer, Store.at(tmp_path / "s.sqlite") as reader:
        writer.articles.put([make_entry(1)], FEED, NOW)
        with reader._database.reading() as connection:
            count = sa.text("SELECT count(*) FROM articles")
            assert connection.scalar(count) == 1
            writer.articles.put([make_entry(2)], FEED, NOW)
            assert connection.scalar(count) == 1
        assert reader.articles.count() == 2


def test_every_write_is_another_generation_for_all_who_have_the_store_open(tmp_path: Path) -> None:
    with Store.at(tmp_path / "store.sqlite") as store, Store.at(tmp_path / "store.sqlite") as other:
        seen = [store.generation()]
        assert other.generation() == seen[0] != ""
        store.articles.put([make_entry(1)], FEED, NOW)
        seen.append(other.generation())
        other.users.signing_key()
        seen.append(store.generation())
        with suppress(RuntimeError), store.transaction():
            store.articles.put([], Feed("https://a.example/rss"), NOW)
            raise RuntimeError("left undone")
        assert store.generation() == seen[-1]
        assert len(set(seen)) == 3


def test_a_writer_that_changes_nothing_leaves_the_generation_as_it_is(tmp_path: Path) -> None:
    with Store.at(tmp_path / "store.sqlite") as store:
        store.articles.put([make_entry(1)], FEED, NOW)
        before = store.generation()
        assert store.leases.take("tag", 0, "one", timedelta(minutes=1))
        taken = store.generation()
        assert not store.leases.take("tag", 0, "two", timedelta(minutes=1))
        store.leases.give_back(["two"])
        assert store.generation() == taken != before
        assert store.tags.claim(0, "two", timedelta(minutes=1)) == ()
        assert store.generation() == taken
        store.leases.give_back(["one"])
        assert store.generation() != taken
