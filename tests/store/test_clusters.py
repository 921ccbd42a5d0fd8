from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from models.clusters import ClusterState, FoundCluster
from models.errors import NotFoundError, UsageError
from models.feed import Feed
from models.tags import EntityName, Mention, Tags, TopicScore
from store.changes import note_changed
from store.schema import articles
from store.store import Store
from store.stories.detection import AssignedArticle
from store.work_tables import day_counts, stale_days
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, tzinfo=UTC)
FEED = Feed("https://harbourpost.example/rss", title="Harbour Post")
OSLO = EntityName("place/oslo", "Oslo", "place")


def found(cluster_id: str, name: str = "Fish, quota, Oslo", *, new: bool = True) -> FoundCluster:
    return FoundCluster(cluster_id, cluster_id.rpartition("-")[0], name, ("fish", "quota"), 3, new)


def fill(store: Store, count: int = 6) -> list[str]:
    """Put articles, the odd ones on the economy, the even ones on sport, the first untagged."""
    entries = [make_entry(number) for number in range(count)]
    store.articles.put(entries, FEED, NOW)
    for number, entry in enumerate(entries[1:], start=1):
        tag(store, entry.id, ("economy" if number % 2 else "sport"))
    return [entry.id for entry in entries]


def tag(store: Store, article_id: str, topic: str, cluster: str = "") -> None:
    topics = (TopicScore(topic, 0.8), TopicScore("politics", 0.3))
    mention = Mention("title", 18, 22, "Oslo", "GPE", OSLO)
    store.tags.put([Tags(article_id, 1, "en", (mention,), topics, "test-1", cluster=cluster)])


def cluster_of(store: Store, article_id: str) -> str:
    return store.articles.tagged([article_id])[0].cluster


def drain(store: Store) -> set[str]:
    waiting = store.changes.pending(1000)
    store.changes.done(waiting)
    return {change.article_id for change in waiting}


def test_what_a_fit_found_is_kept_and_counted_by_the_articles_in_it(store: Store) -> None:
    ids = fill(store)
    store.clusters.learn([found("economy-1"), found("sport-1")])
    store.clusters.assign({ids[1]: "economy-1", ids[3]: "economy-1", ids[2]: "sport-1"}, "m", 4)
    economy, sport = store.clusters.all()
    assert (economy.id, economy.articles, economy.state) == ("economy-1", 2, ClusterState.NEW)
    assert (sport.id, sport.articles, sport.terms) == ("sport-1", 1, ("fish", "quota"))
    assert store.clusters.all("sport") == (sport,)
    assert store.clusters.get("economy-1") == economy
    assert store.clusters.ids() == {"economy-1", "sport-1"}


def test_the_index_hears_of_articles_whose_cluster_changed_and_of_no_other(store: Store) -> None:
    ids = fill(store)
    store.clusters.learn([found("economy-1"), found("economy-2")])
    drain(store)
    assert store.clusters.assign({ids[1]: "economy-1", ids[3]: "economy-1"}, "m", 4) == 2
    assert drain(store) == {ids[1], ids[3]}
    assert store.clusters.assign({ids[1]: "economy-1", ids[3]: "economy-2"}, "m", 4) == 1
    assert drain(store) == {ids[3]}


def test_a_later_fit_marks_what_lives_on_what_is_new_and_what_is_gone(store: Store) -> None:
    store.clusters.learn([found("economy-1"), found("economy-2")])
    store.clusters.learn([found("economy-1", new=False), found("economy-3")])
    states = {cluster.id: cluster.state for cluster in store.clusters.all(gone=True)}
    assert states == {"economy-1": "lives", "economy-2": "gone", "economy-3": "new"}
    assert {cluster.id for cluster in store.clusters.all()} == {"economy-1", "economy-3"}


def test_a_persons_name_outlives_every_fit(store: Store) -> None:
    store.clusters.learn([found("economy-1")])
    named = store.clusters.rename("economy-1", "  The fish   quarrel ")
    assert (named.name, named.named_by_person) == ("The fish quarrel", True)
    store.clusters.learn([found("economy-1", "Cod, nets", new=False)])
    assert store.clusters.get("economy-1").name == "The fish quarrel"
    store.clusters.learn([found("economy-2", "Cod, nets")])
    store.clusters.learn([found("economy-2", "Herring", new=False)])
    assert store.clusters.get("economy-2").name == "Herring"


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_an_invalid_name_is_refused(store: Store, name: str) -> None:
    store.clusters.learn([found("economy-1")])
    with pytest.raises(UsageError):
        store.clusters.rename("economy-1", name)


def test_a_merge_moves_articles_now_and_in_every_fit_to_come(store: Store) -> None:
    ids = fill(store)
    store.clusters.learn([found("economy-1"), found("economy-2"), found("sport-1")])
    store.clusters.assign({ids[1]: "economy-2", ids[3]: "economy-1"}, "m", 4)
    drain(store)
    kept = store.clusters.merge("economy-2", "economy-1")
    assert (kept.id, kept.articles) == ("economy-1", 2)
    assert drain(store) == {ids[1]}
    assert store.clusters.get("economy-2").id == "economy-1"
    assert [cluster.id for cluster in store.clusters.all()] == ["economy-1", "sport-1"]
    store.clusters.learn([found("economy-1", new=False), found("economy-2", new=False)])
    store.clusters.assign({ids[5]: "economy-2"}, "m", 6)
    tag(store, ids[1], "economy", cluster="economy-2")
    assert cluster_of(store, ids[5]) == cluster_of(store, ids[1]) == "economy-1"
    store.clusters.merge("economy-1", "sport-1")
    assert store.clusters.get("economy-2").id == "sport-1"
    with pytest.raises(UsageError):
        store.clusters.merge("economy-2", "sport-1")


def test_a_cluster_that_took_in_a_living_one_is_not_gone(store: Store) -> None:
    store.clusters.learn([found("economy-1"), found("economy-2")])
    store.clusters.merge("economy-1", "economy-2")
    store.clusters.learn([found("economy-1", new=False)])
    (kept,) = store.clusters.all()
    assert (kept.id, kept.state) == ("economy-2", ClusterState.LIVES)


def test_a_hidden_cluster_is_in_no_list_and_on_no_article(store: Store) -> None:
    ids = fill(store)
    store.clusters.learn([found("economy-1")])
    store.clusters.assign({ids[1]: "economy-1"}, "m", 2)
    drain(store)
    assert store.clusters.hide("economy-1").hidden
    assert drain(store) == {ids[1]}
    assert store.clusters.all() == ()
    assert cluster_of(store, ids[1]) == ""
    store.clusters.learn([found("economy-1", new=False)])
    assert store.clusters.all(hidden=True)[0].hidden
    store.clusters.hide("economy-1", hidden=False)
    assert cluster_of(store, ids[1]) == "economy-1"


@pytest.mark.parametrize("act", ["get", "rename", "hide", "merge"])
def test_an_unknown_cluster_is_named(store: Store, act: str) -> None:
    store.clusters.learn([found("economy-1")])
    more = {"rename": ("Name",), "merge": ("economy-1",)}.get(act, ())
    with pytest.raises(NotFoundError, match="no cluster 'economy-9'"):
        getattr(store.clusters, act)("economy-9", *more)


def test_tagging_writes_a_cluster_that_there_is_and_no_other(store: Store) -> None:
    ids = fill(store)
    store.clusters.learn([found("economy-1")])
    tag(store, ids[1], "economy", cluster="economy-1")
    tag(store, ids[3], "economy", cluster="economy-7")
    assert cluster_of(store, ids[1]) == "economy-1"
    assert cluster_of(store, ids[3]) == ""
    store.clusters.learn([found("economy-2")])
    tag(store, ids[1], "economy", cluster="economy-1")
    assert cluster_of(store, ids[1]) == ""


def test_a_sample_has_what_fitting_reads_and_is_spread(store: Store) -> None:
    ids = fill(store, 9)
    sample = store.clusters.sample(100)
    assert [article.id for article in sample] == ids[1:]
    assert [topic.slug for topic in sample[0].topics] == ["economy", "politics"]
    assert sample[0].names == ("Oslo",)
    assert [article.id for article in store.clusters.sample(4)] == ids[1::2]


def test_batches_walk_over_all_tagged_articles_and_go_on_where_a_model_stopped(
    store: Store,
) -> None:
    ids = fill(store, 8)
    store.clusters.learn([found("sport-1")])
    seen, cursor = [], 0
    while batch := store.clusters.batch(3, cursor)[0]:
        cursor = store.clusters.batch(3, cursor)[1]
        seen += [article.id for article in batch]
        store.clusters.assign({article.id: "sport-1" for article in batch}, "model-1", cursor)
        assert store.clusters.cursor("model-1") == cursor
    assert seen == ids[1:]
    assert store.clusters.count() == 7
    assert store.clusters.cursor("model-2") == 0
    store.clusters.finish_assignment()
    assert store.clusters.cursor("model-1") == 0


def test_counts_of_trends_are_by_stretch_and_leave_out_what_repeats(store: Store) -> None:
    ids = fill(store, 20)
    store.clusters.learn([found("economy-1")])
    store.clusters.assign(dict.fromkeys(ids[1::2], "economy-1"), "m", 20)
    before, since, until = date(2025, 6, 2), date(2025, 6, 11), date(2025, 6, 14)
    store.trends.refresh()
    rows = store.trends.counts("topic", before, since, until)
    # Article n is of 1 + n June: numbers 1 to 9 before, 10 to 13 now; odd ones on the economy.
    assert set(rows) == {
        ("economy", "economy", 2, 5),
        ("sport", "sport", 2, 4),
        ("politics", "politics", 4, 9),
    }
    assert store.trends.counts("cluster", before, since, until) == [
        ("economy-1", "Fish, quota, Oslo", 2, 5)
    ]
    assert store.trends.counts("entity", before, since, until) == [("place/oslo", "Oslo", 4, 9)]
    repeat(store, ids[11], ids[1])
    store.trends.refresh()
    assert store.trends.counts("entity", before, since, until) == [("place/oslo", "Oslo", 3, 9)]
    assert sum(store.trends.days(before, until).values()) == 12


def counted_afresh(store: Store) -> list[tuple[object, ...]]:
    """Return what is kept by day, after counting every day anew."""
    with store._database.writing() as connection:
        days = set(connection.scalars(sa.select(day_counts.c.day)))
        days |= {moment.date() for moment in connection.scalars(sa.select(articles.c.published))}
        connection.execute(sa.delete(stale_days))
        connection.execute(sa.insert(stale_days), [{"day": day} for day in days])
    store.trends.refresh()
    return kept_by_day(store)


def kept_by_day(store: Store) -> list[tuple[object, ...]]:
    with store._database.reading() as connection:
        return sorted(map(tuple, connection.execute(sa.select(day_counts))), key=repr)


def test_counts_by_day_follow_every_change(store: Store) -> None:
    ids = fill(store, 12)
    store.clusters.learn([found("economy-1"), found("sport-1")])
    changes: list[Callable[[], object]] = [
        lambda: store.clusters.assign(dict.fromkeys(ids[1::2], "economy-1"), "m", 20),
        lambda: repeat(store, ids[5], ids[1]),
        lambda: store.clusters.merge("economy-1", "sport-1"),
        lambda: store.corrections.topic(ids[2], "health", fits=True, who="ada"),
        lambda: store.corrections.hide("place/oslo", hidden=True, who="ada"),
        lambda: store.stories.detection.put(
            [AssignedArticle(each, ids[3], 1.0, b"") for each in ids[3:6]], {}, {}, (0, b"")
        ),
        lambda: store.story_corrections.split(ids[3], [ids[4]], who="ada"),
    ]
    for change in changes:
        change()
        assert store.trends.refresh() > 0
        assert kept_by_day(store) == counted_afresh(store)
    assert store.trends.refresh() == 0


def test_a_story_counts_once_a_day(store: Store) -> None:
    ids = fill(store, 3)
    day = date(2025, 6, 2)
    with store._database.writing() as connection:
        moment = datetime(2025, 6, 2, 10, tzinfo=UTC)
        connection.execute(sa.update(articles).values(published=moment))
    store.stories.detection.put(
        [AssignedArticle(each, ids[0], 1.0, b"") for each in ids[:2]], {}, {}, (0, b"")
    )
    counted_afresh(store)
    assert store.trends.days(day, day) == {day: 3}
    assert store.trends.days(day, day, by="stories") == {day: 2}


def test_days_of_trends_are_days_of_publication(store: Store) -> None:
    ids = fill(store, 6)
    store.trends.refresh()
    first, last = date(2025, 6, 1), date(2025, 6, 6)
    assert store.trends.days(first, last) == {date(2025, 6, day): 1 for day in range(1, 7)}
    assert store.trends.days_of("topic", ["sport"], first, last) == {
        "sport": {date(2025, 6, 3): 1, date(2025, 6, 5): 1}
    }
    entity = store.trends.days_of("entity", ["place/oslo"], date(2025, 6, 5), last)
    assert entity == {"place/oslo": {date(2025, 6, 5): 1, date(2025, 6, 6): 1}}
    assert ids
    assert store.trends.last_day(NOW) == last
    assert store.trends.last_day(datetime(2025, 6, 3, tzinfo=UTC)) == date(2025, 6, 2)


def test_an_empty_store_has_no_days_and_no_clusters(store: Store) -> None:
    assert store.trends.last_day(NOW) is None
    assert store.trends.counts("entity", date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3)) == []
    assert store.clusters.all() == ()
    assert store.clusters.sample(10) == []
    assert store.clusters.batch(10, 0) == ((), 0)


def repeat(store: Store, article_id: str, leader_id: str) -> None:
    number = sa.select(articles.c.number).where(articles.c.id == leader_id).scalar_subquery()
    with store._database.writing() as connection:
        connection.execute(
            sa.update(articles).where(articles.c.id == article_id).values(leader=number)
        )
        note_changed(connection, [article_id])
