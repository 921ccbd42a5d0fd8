"""A name gets one type and one spelling by all articles, and keeps what a person said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.feed import Feed
from models.tags import Entity, EntityName, Mention, Tags
from store.entities import names
from store.store import Store
from tests.conftest import make_entry

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
FEED = Feed(url="https://harbourpost.example/rss", title="Harbour Post")
PERSON, PLACE, ORG = "person/tornesk", "place/tornesk", "org/tornesk"
Said = tuple[str, str, int]
"""What an article says: the type of Tornesk, how it writes it, and how firmly (1 to 100)."""


def heaviest(_: str, evidence: Mapping[str, int]) -> dict[str, str]:
    best = max(sorted(evidence), key=lambda kind: evidence[kind])
    return {kind: best for kind in evidence if kind != best}


def fill(store: Store, said: Sequence[Said]) -> list[Tags]:
    """Store an article for each thing said, and return the tags that say it."""
    entries = [make_entry(at, title=f"{name} again") for at, (_, name, _) in enumerate(said)]
    store.articles.put(entries, FEED, NOW)
    return [
        tagged(entry.id, kind, name, weight)
        for entry, (kind, name, weight) in zip(entries, said, strict=True)
    ]


def tagged(article_id: str, kind: str, name: str, weight: int) -> Tags:
    entity = EntityName(f"{kind}/tornesk", name, kind)
    mention = Mention("title", 0, len(name), name, "GPE", entity, belief=weight / 100)
    return Tags(article_id, 1, "en", (mention,), (), "model 1")


def settle(store: Store) -> None:
    while store.names.settle(2, heaviest):
        pass


def shown(store: Store) -> dict[str, Any]:
    """Return all that people see of the names: entities, and those of each article."""
    articles = store.articles.tagged(sorted(store.articles.ids()))
    ids = [one.article.id for one in articles]
    return {
        "entities": store.entities.top(),
        "articles": {one.article.id: one.entities for one in articles},
        "mentions": {
            article_id: [(m.start, m.end, m.entity) for m in mentions]
            for article_id, mentions in store.tags.mentions(ids).items()
        },
    }


def test_articles_that_differ_get_the_type_of_the_others(store: Store) -> None:
    said = [("place", "Tornesk", 90)] * 3 + [("person", "Tornesk", 90)] * 2
    tags = fill(store, said)
    store.tags.put(tags)
    store.changes.done(store.changes.pending(100))
    settle(store)
    (entity,) = store.entities.top()
    assert (entity.key, entity.articles) == (PLACE, 5)
    assert store.entities.get(PERSON).key == PLACE, "its old address leads there"
    assert {change.article_id for change in store.changes.pending(100)} == {
        one.article_id for one in tags[3:]
    }, "what changed is indexed again, and nothing else"
    mentions = store.tags.mentions([tags[4].article_id])[tags[4].article_id]
    assert [m.entity.key for m in mentions if m.entity] == [PLACE]
    store.changes.done(store.changes.pending(100))
    settle(store)
    assert store.changes.count() == 0


def test_what_is_tagged_later_gets_the_decided_type_at_once(store: Store) -> None:
    tags = fill(store, [("place", "Tornesk", 90)] * 2 + [("person", "Tornesk", 90)] * 2)
    store.tags.put(tags[:3])
    settle(store)
    store.tags.put(tags[3:])
    assert [entity.key for entity in store.entities.top()] == [PLACE]


def test_more_evidence_turns_a_decision_over(store: Store) -> None:
    tags = fill(store, [("place", "Tornesk", 90)] * 2 + [("person", "Tornesk", 90)] * 4)
    store.tags.put(tags[:3])
    settle(store)
    store.tags.put(tags[3:])
    settle(store)
    assert [(e.key, e.articles) for e in store.entities.top()] == [(PERSON, 6)]
    store.tags.put([tagged(one.article_id, "place", "Tornesk", 90) for one in tags[2:]])
    settle(store)
    assert [(e.key, e.articles) for e in store.entities.top()] == [(PLACE, 6)]


def test_how_firmly_articles_say_it_counts(store: Store) -> None:
    store.tags.put(fill(store, [("person", "Tornesk", 40)] * 2 + [("place", "Tornesk", 95)]))
    settle(store)
    assert [entity.key for entity in store.entities.top()] == [PLACE]


def test_the_usual_spelling_is_shown(store: Store) -> None:
    spellings = ["TORNESK", "Tornesk", "Tornesk"]
    tags = fill(store, [("place", name, 90) for name in spellings])
    store.tags.put(tags[:1])
    settle(store)
    assert [entity.name for entity in store.entities.top()] == ["TORNESK"]
    store.tags.put(tags[1:])
    settle(store)
    assert [entity.name for entity in store.entities.top()] == ["Tornesk"]


def test_many_articles_are_moved_in_several_transactions(store: Store, monkeypatch: Any) -> None:
    monkeypatch.setattr(names, "MOVED", 2)
    said = [("place", "Tornesk", 90)] * 6 + [("person", "Tornesk", 90)] * 5
    store.tags.put(fill(store, said))
    store.names.settle(10, heaviest)
    assert sorted(entity.articles for entity in store.entities.top()) == [3, 8]
    assert store.names.count_unsettled() > 0, "a process that is killed here goes on"
    settle(store)
    assert [(e.key, e.articles) for e in store.entities.top()] == [(PLACE, 11)]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["person", "org", "place"]),
            st.sampled_from(["Tornesk", "TORNESK", "tornesk"]),
            st.integers(1, 100),
        ),
        min_size=1,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_tagging_does_not_matter(said: list[Said], chance: Any) -> None:
    seen = []
    for shuffled in (False, True):
        with Store("sqlite://") as store:
            tags = fill(store, said)
            if shuffled:
                chance.shuffle(tags)
            while tags:
                size = chance.randint(1, 3) if shuffled else len(tags)
                store.tags.put(tags[:size])
                del tags[:size]
                if shuffled and chance.random() < 0.5:
                    settle(store)
            settle(store)
            seen.append(shown(store))
    assert seen[0] == seen[1]


def test_a_persons_word_wins(store: Store) -> None:
    tags = fill(store, [("place", "Tornesk", 90)] * 3 + [("person", "Tornesk", 90)])

    def known() -> dict[str, Entity]:
        settle(store)
        store.tags.put(tags)
        settle(store)
        return {entity.key: entity for entity in store.entities.top()}

    store.tags.put(tags)
    refused = store.corrections.refuse_merge(PERSON, PLACE, who="ada")
    assert set(known()) == {PERSON, PLACE}
    store.corrections.undo(refused.number, who="ada")
    assert set(known()) == {PLACE}
    store.corrections.split(PERSON, who="ada")
    assert set(known()) == {PERSON, PLACE}, "what a person parts is not joined again"
    store.corrections.retype(PERSON, "org", who="ada")
    assert known()[PERSON].type == "org"


def test_a_name_that_a_person_gave_stays_until_it_is_taken_back(store: Store) -> None:
    tags = fill(store, [("place", "Tornesk", 90)] * 2)
    store.tags.put(tags)
    named = store.corrections.rename(PLACE, "TORNESK", who="ada")
    store.tags.put(tags)
    settle(store)
    assert store.entities.get(PLACE).name == "TORNESK"
    store.corrections.undo(named.number, who="ada")
    settle(store)
    assert store.entities.get(PLACE).name == "Tornesk"


def test_what_a_person_merged_takes_in_the_others(store: Store) -> None:
    tags = fill(store, [("place", "Tornesk", 90)] * 2 + [("person", "Tornesk", 90)])
    entry = make_entry(9, title="Tornesk Harbour again")
    store.articles.put([entry], FEED, NOW)
    harbour = EntityName("place/tornesk-harbour", "Tornesk Harbour", "place")
    whole = Mention("title", 0, 15, "Tornesk Harbour", "GPE", harbour)
    store.tags.put([*tags, Tags(entry.id, 1, "en", (whole,), (), "model 1")])
    store.entities.merge(PLACE, harbour.key)
    settle(store)
    assert [(e.key, e.articles) for e in store.entities.top()] == [(harbour.key, 4)]
    assert store.entities.get(harbour.key).name == "Tornesk Harbour"


def test_several_workers_come_to_the_same(tmp_path: Path) -> None:
    said: list[Said] = [("place", "Tornesk", 60), ("person", "Tornesk", 50)] * 10
    seen = []
    for workers in (1, 3):
        path = tmp_path / f"{workers}.sqlite"
        with Store.at(path) as store:
            tags = fill(store, said)

        def work(mine: Sequence[Tags], path: Path = path) -> None:
            with Store.at(path) as store:
                for one in mine:
                    store.tags.put([one])
                    settle(store)

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, [tags[at::workers] for at in range(workers)]))
        with Store.at(path) as store:
            settle(store)
            seen.append(shown(store))
    assert seen[0] == seen[1]
    assert [entity.key for entity in seen[0]["entities"]] == [PLACE]
