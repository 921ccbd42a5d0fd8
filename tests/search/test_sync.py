"""The index follows the store, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.article import Article
from models.errors import ConfigError
from models.tags import EntityCount, TaggedArticle, TopicScore
from search.document import Document, to_document
from search.engine import Engine, Question
from search.engines.registry import open_engine
from search.query.nodes import Term
from search.sync import drain, rebuild

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)


def article(id_: str, title: str, url: str = "https://www.example.com/x") -> TaggedArticle:
    return TaggedArticle(
        Article(id_, url, title, "summary", "body", "The Example", "f", "s", "en", NOON, NOON, 1),
        (TopicScore("sport", 0.9), TopicScore("crime", 0.3)),
        (EntityCount("person/mara-linden", "Mara Linden", "person", 2),),
        "c1",
    )


@dataclass(frozen=True)
class Change:
    seq: int
    article_id: str


@dataclass
class MemoryStore:
    """A store in memory; `between` happens after articles were read."""

    found: dict[str, TaggedArticle] = field(default_factory=dict)
    queue: list[Change] = field(default_factory=list)
    between: Callable[[], None] | None = None

    @property
    def articles(self) -> MemoryStore:
        return self

    @property
    def changes(self) -> MemoryStore:
        return self

    def put(self, *articles: TaggedArticle) -> None:
        for one in articles:
            self.found[one.article.id] = one
            self.note(one.article.id)

    def note(self, id_: str) -> None:
        last = self.queue[-1].seq if self.queue else 0
        self.queue.append(Change(last + 1, id_))

    def pending(self, limit: int) -> tuple[Change, ...]:
        return tuple(self.queue[:limit])

    def done(self, finished: Iterable[Change]) -> None:
        gone = set(finished)
        self.queue = [change for change in self.queue if change not in gone]

    def tagged(self, ids: Sequence[str]) -> list[TaggedArticle]:
        found = [self.found[id_] for id_ in ids if id_ in self.found]
        if self.between is not None:
            self.between()
        return found

    def ids(self) -> Iterator[str]:
        yield from list(self.found)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine("whoosh", tmp_path)
    yield engine
    engine.close()


def found(engine: Engine, word: str) -> list[str]:
    return sorted(hit.id for hit in engine.search(Question(Term(word))).hits)


def test_the_queue_is_drained_into_the_index(engine: Engine) -> None:
    store = MemoryStore()
    steps: list[int] = []
    store.put(*(article(f"a{n}", f"number {n}") for n in range(7)))
    synced = drain(store, store, engine, batch=3, progress=steps.append)
    assert (synced.documents, synced.added, synced.removed) == (7, 7, 0)
    assert steps == [3, 3, 1]
    assert store.queue == []
    again = drain(store, store, engine)
    assert (again.documents, again.added, again.removed) == (7, 0, 0)


def test_what_left_the_store_leaves_the_index(engine: Engine) -> None:
    store = MemoryStore()
    store.put(article("a1", "one"), article("a2", "two"))
    drain(store, store, engine)
    del store.found["a1"]
    store.note("a1")
    synced = drain(store, store, engine)
    assert (synced.documents, synced.added, synced.removed) == (1, 0, 1)
    assert list(engine.ids()) == ["a2"]


def test_a_change_that_comes_meanwhile_is_not_lost(engine: Engine) -> None:
    store = MemoryStore()
    store.put(article("a1", "old words"))

    def change() -> None:
        store.between = None
        store.put(article("a1", "new words"))

    store.between = change
    drain(store, store, engine)
    assert found(engine, "new") == ["a1"]
    assert found(engine, "old") == []
    assert store.queue == []


def test_a_batch_that_fails_stays_on_the_queue(engine: Engine) -> None:
    store = MemoryStore()
    store.put(*(article(f"a{n}", f"number {n}") for n in range(4)))

    class Failing:
        """An engine whose second write fails."""

        writes = 0

        def write(self, documents: Iterable[Document], removed: Iterable[str]) -> None:
            self.writes += 1
            if self.writes == 2:
                raise RuntimeError("disk full")
            engine.write(documents, removed)

    with pytest.raises(RuntimeError, match="disk full"):
        drain(store, store, Failing(), batch=2)  # type: ignore[arg-type]  # only what drain calls
    assert [change.article_id for change in store.queue] == ["a2", "a3"]
    drain(store, store, engine)
    assert engine.count() == 4


def test_a_rebuild_holds_what_the_store_holds(engine: Engine) -> None:
    store = MemoryStore()
    steps: list[int] = []
    store.put(article("a1", "one"), article("a2", "two"))
    drain(store, store, engine)
    del store.found["a1"]
    store.put(article("a3", "three"))
    synced = rebuild(store, engine, progress=steps.append)
    assert (synced.documents, synced.added, synced.removed) == (2, 2, 1)
    assert sum(steps) == 2
    assert sorted(engine.ids()) == ["a2", "a3"]
    assert store.queue == []


def test_a_change_during_a_rebuild_is_indexed_after_it(engine: Engine) -> None:
    store = MemoryStore()
    store.put(article("a1", "one"))
    drain(store, store, engine)
    store.between = lambda: store.note("a1")
    rebuild(store, engine)
    assert [change.article_id for change in store.queue] == ["a1"]


def test_an_article_becomes_a_document() -> None:
    document = to_document(article("a1", "Title", "https://News.Example.com:8080/a?b"))
    assert document.host == "news.example.com"
    assert document.topics == ("sport", "crime")
    assert document.entities == (("person/mara-linden", "Mara Linden", "person"),)
    assert document.leader == ""
    assert to_document(article("a1", "Title", "http://[broken")).host == ""


def test_an_unknown_engine_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'solr'; the engines are whoosh"):
        open_engine("solr", tmp_path)
