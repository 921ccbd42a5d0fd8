"""The OpenSearch engine passes the contract on a real OpenSearch, and lives with its moods."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("opensearchpy", reason="The extra opensearch is not installed")

from opensearchpy import OpenSearch

from models.errors import ConfigError, EngineError
from search.document import Document
from search.engine import Answer, Engine, Question, Sort
from search.engines.opensearch import (
    lock as opensearch_turn,
)
from search.engines.opensearch import (
    lookup as opensearch_lookup,
)
from search.engines.opensearch import (
    pages as opensearch_pages,
)
from search.engines.opensearch.bulk import Operation, Sender, writing
from search.engines.opensearch.client import Client
from search.engines.opensearch.engine import OpenSearchEngine
from search.engines.opensearch.lock import turn
from search.engines.opensearch.schema import to_fields
from search.engines.registry import open_engine
from search.query.nodes import ALL, Prefix, Term, Wildcard
from tests.opensearch.front import front, make_certificate
from tests.opensearch.nodes import cluster
from tests.search.engines.contract import LIBRARY, EngineContract, document, found

URL = os.environ.get("SLUGLINE_TEST_OPENSEARCH", "")
Tested = TypeVar("Tested", bound=Callable[..., object])


def needs_opensearch(test: Tested) -> Tested:
    """Mark what needs a server: slow, and left out where there is none."""
    absent = pytest.mark.skipif(
        not URL, reason="OpenSearch is missing: SLUGLINE_TEST_OPENSEARCH names no address"
    )
    marked: Tested = pytest.mark.slow(absent(test))
    return marked


def index_of(place: Path) -> str:
    return "test-" + hashlib.sha256(str(place).encode()).hexdigest()[:16]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """The name of an index of the test's own, which is removed with all that belongs to it."""
    name = index_of(tmp_path / "index")
    yield name
    with OpenSearch(URL) as client:
        client.indices.delete(index=f"{name}-*")
        client.indices.delete_index_template(name=name, params={"ignore": 404})


Open = Callable[..., OpenSearchEngine]


@pytest.fixture
def opened(index: str) -> Iterator[Open]:
    engines: list[OpenSearchEngine] = []

    def open_(url: str = URL, **options: Any) -> OpenSearchEngine:
        engines.append(OpenSearchEngine(Path(), url=url, index=index, **options))
        return engines[-1]

    yield open_
    for engine in engines:
        engine.close()


@needs_opensearch
@pytest.mark.usefixtures("index")
class TestOpenSearchEngine(EngineContract):
    def open(self, place: Path, **options: Any) -> Engine:
        return OpenSearchEngine(place, url=URL, index=index_of(place), **options)


# what is asked of the address and the index


@pytest.mark.parametrize("url", ["", "localhost:9200", "ftp://there", "http://", "http://a:b:c"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"opensearch\.url|not an OpenSearch address"):
        open_engine("opensearch", Path(), url=url)


def test_a_name_that_no_index_can_have_is_refused() -> None:
    with pytest.raises(ConfigError, match="Big News"):
        open_engine("opensearch", Path(), url="http://localhost", index="Big News")


def test_certificates_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="certificates at"):
        open_engine("opensearch", Path(), url="https://localhost", ca_certs=tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("colour", "said"), [("green", ""), ("yellow", "Searches find all"), ("red", "miss articles")]
)
def test_the_colour_of_the_cluster_is_said(colour: str, said: str) -> None:
    engine = OpenSearchEngine(Path(), url="http://127.0.0.1:9", index="news")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "_current", lambda: True)
        patched.setattr(engine._cluster, "health", lambda index: (colour, 3))
        assert (said in engine.warning()) if said else engine.warning() == ""


def test_where_nothing_answers_the_error_names_the_address_and_no_password() -> None:
    engine = OpenSearchEngine(Path(), url="http://someone:secret@127.0.0.1:9", user="", patience=0)
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9") as caught:
        engine.search(Question(Term("strike")))
    assert "secret" not in str(caught.value)
    with pytest.raises(EngineError, match=r"127\.0\.0\.1:9"):
        engine.write(LIBRARY)


@needs_opensearch
def test_if_the_first_address_is_dead_the_next_is_asked(opened: Open) -> None:
    engine = opened(f"http://127.0.0.1:9, {URL}")
    engine.write(LIBRARY)
    assert found(engine, Term("ferries")) == {"a1", "a2"}


@needs_opensearch
def test_tls_and_password_come_from_the_options(opened: Open, tmp_path: Path) -> None:
    both = make_certificate(tmp_path)
    with front(URL, both, login="desk:open sesame") as guarded:
        login = {"user": "desk", "password": "open sesame"}
        opened(guarded.url, ca_certs=both, **login).write(LIBRARY)
        engine = opened(guarded.url, ca_certs=both, **login)
        assert found(engine, Term("ferries")) == {"a1", "a2"}
        assert opened(guarded.url, verify=False, **login).count() == len(LIBRARY)
        with pytest.raises(EngineError, match=r"opensearch\.ca_certs"):
            opened(guarded.url, **login).count()
        wrong = opened(guarded.url, ca_certs=both, **login | {"password": "sesame"})
        with pytest.raises(EngineError, match=r"opensearch\.password"):
            wrong.search(Question(Term("strike")))


# bulks


@needs_opensearch
def test_a_refused_article_is_named_with_the_reason(opened: Open, index: str) -> None:
    opened().write(LIBRARY)
    bad = [writing(document("b1", "fine")), Operation("b2", b'{"colour": "red"}')]
    with pytest.raises(EngineError, match=r"refused 1 of 2.*b2.*colour"):
        Sender(Client(URL), index).send(bad)


@needs_opensearch
def test_a_busy_cluster_gets_less_at_once_and_then_all(opened: Open) -> None:
    library = [document(f"b{n:03}", f"busy {n}") for n in range(300)]
    with front(URL) as busy:
        engine = opened(busy.url)
        engine.write(LIBRARY)
        busy.bulks, busy.largest, busy.busy = 0, 0, 3
        engine.write(library)
        assert engine.count() == len(library) + len(LIBRARY)
        assert busy.busy == 0
        assert busy.bulks > 1
        assert busy.largest <= len(library) // 2


@needs_opensearch
def test_articles_that_found_no_room_are_sent_again(opened: Open) -> None:
    with front(URL) as busy:
        engine = opened(busy.url)
        busy.halved = 3
        engine.write([document(f"h{n:02}", f"half {n}") for n in range(40)])
        assert busy.halved == 0
        assert engine.count() == 40
        busy.halved = 1_000
        with pytest.raises(EngineError, match=r"too busy.*20 articles.*h40: rejected"):
            Sender(Client(busy.url), engine.index, patience=0.0).send(
                writing(document(f"h{n:02}", "no room")) for n in range(40, 80)
            )


@needs_opensearch
def test_a_cluster_that_stays_busy_is_an_error_and_changes_nothing(opened: Open) -> None:
    with front(URL) as busy:
        engine = opened(busy.url, patience=0.3)
        engine.write(LIBRARY)
        busy.busy = 1_000
        with pytest.raises(EngineError, match="queue is full"):
            engine.write([document("b1", "busy")])
        busy.busy = 0
        assert engine.count() == len(LIBRARY)
        engine.write([document("b2", "calm")])
        assert found(engine, Term("calm")) == {"b2"}


# limits


@needs_opensearch
def test_a_slow_cluster_is_not_waited_for(opened: Open) -> None:
    with front(URL) as slow:
        engine = opened(slow.url, time_limit=0.3)
        engine.write(LIBRARY)
        slow.slow = 3.0
        began = time.perf_counter()
        answer = engine.search(Question(Term("strike"), facets=("topic",)))
        assert time.perf_counter() - began < 1.5
        assert "time" in answer.partial
        assert answer.facets == {"topic": ()}


@needs_opensearch
def test_a_pattern_finds_all_its_words_however_many_articles_have_them(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_lookup, "SAMPLE", 5)
    engine = opened(expansion_limit=20)
    engine.write([document(f"w{n:02}", f"word{n:02} common") for n in range(30)])
    for node in (Prefix("word"), Wildcard("*rd*"), Prefix("word", "title")):
        answer = engine.search(Question(node, limit=50))
        assert (answer.total, len(answer.hits), answer.partial) == (30, 30, "")
    assert engine.complete("comm") == ["common"]


@needs_opensearch
@pytest.mark.parametrize("sort", list(Sort))
def test_beyond_the_window_pages_go_on(
    opened: Open, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened(time_limit=10.0)
    engine.write(
        [document(f"p{n:03}", "page " * (n % 4 + 1) + "turner", day=n % 7) for n in range(97)]
    )
    whole = [hit.id for hit in engine.search(Question(Term("page"), sort, limit=200)).hits]
    monkeypatch.setattr(opensearch_pages, "WINDOW", 20)
    pages: list[str] = []
    for offset in range(0, 110, 10):
        answer = engine.search(Question(Term("page"), sort, offset, 10, facets=("topic",)))
        assert answer.total == 97
        assert answer.facets["topic"] == (("other", 97),)
        pages += [hit.id for hit in answer.hits]
    assert pages == whole
    jumped = opened(time_limit=10.0).search(Question(Term("page"), sort, 73, 5)).hits
    assert [hit.id for hit in jumped] == whole[73:78]


@needs_opensearch
def test_a_large_query_is_answered_or_refused_in_words(opened: Open) -> None:
    from datetime import UTC, datetime

    from search.query.parse import MAX_TERMS, parse

    engine = opened(time_limit=20.0)
    engine.write([*LIBRARY, *(document(f"l{x}", language=x) for x in ("de", "fr", "it", "sv"))])
    letters = "bcdfghklmn"
    text = " ".join(f"a{a}{b}es" for a in letters for b in letters * 3)[: MAX_TERMS * 5] + " strike"
    answer = engine.search(Question(parse(text, datetime(2024, 5, 6, tzinfo=UTC))))
    assert {hit.id for hit in answer.hits} == {"a1", "a2", "a7"}
    deep = "(" * 18 + "strike NOT lightning" + ")" * 18
    node = parse(deep, datetime(2024, 5, 6, tzinfo=UTC))
    assert found(engine, node) == {"a1", "a2"}


# the life of an index


def indexes(index: str) -> list[str]:
    with OpenSearch(URL) as client:
        return sorted(client.indices.get(index=f"{index}-*"))


@needs_opensearch
def test_a_rebuild_leaves_one_index_and_removes_what_a_killed_one_left(
    opened: Open, index: str
) -> None:
    engine = opened()
    engine.write(LIBRARY)
    (old,) = indexes(index)
    left = f"{index}-1-20200101000000-00000000"
    others = f"{index}-notes"
    with OpenSearch(URL) as client:
        client.indices.create(index=left)
        client.indices.create(index=others)
    engine.replace([document("n1", "brand new")])
    kept = indexes(index)
    assert others in kept
    assert len(kept) == 2
    assert not {old, left} & set(kept)
    assert list(engine.ids()) == ["n1"]


@needs_opensearch
def test_an_index_of_another_version_is_refused_until_it_is_rebuilt(
    opened: Open, index: str
) -> None:
    older = f"{index}-0-20200101000000-00000000"
    with OpenSearch(URL) as client:
        client.indices.create(index=older, body={"aliases": {index: {}}})
    engine = opened()
    for ask in (engine.count, lambda: engine.search(Question(ALL)), lambda: engine.write(LIBRARY)):
        with pytest.raises(EngineError, match=r"another version.*index --rebuild"):
            ask()
    engine.replace(LIBRARY)
    assert engine.count() == len(LIBRARY)
    assert older not in indexes(index)


@needs_opensearch
def test_one_writes_at_a_time(opened: Open, index: str) -> None:
    engine = opened(lock_timeout=0.3)
    with (
        turn(Client(URL), index, 5),
        pytest.raises(EngineError, match="Another process has been writing"),
    ):
        engine.write(LIBRARY)
    engine.write(LIBRARY)
    assert engine.count() == len(LIBRARY)


@needs_opensearch
def test_the_turn_of_one_that_was_killed_is_taken_over(
    opened: Open, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_turn, "LOST", 0.5)
    monkeypatch.setattr(opensearch_turn, "RENEWED", 1.0)
    with turn(Client(URL), index, 5) as silent:
        with monkeypatch.context() as patched:
            patched.setattr(opensearch_turn, "RENEWED", 60.0)
            opened().write(LIBRARY)
        time.sleep(1.5)
        with pytest.raises(EngineError, match="took over"):
            silent.check()


# documents


def test_what_an_article_lacks_is_not_sent() -> None:
    sent = to_fields(document("e1", day=None, source="", host="", section="", topics=()))
    assert set(sent) == {"id", "lang", "lang_folded"}


def test_a_word_weighs_more_in_a_short_title_than_in_a_long_body() -> None:
    short = to_fields(document("s", "strike"))
    long = to_fields(document("l", body="strike " + "else " * 900))
    weight = {
        id_: int(word.partition("|")[2])
        for id_, sent in (("s", short), ("l", long))
        for word in sent["stem"].split()
        if word.startswith("strike|")
    }
    assert weight["s"] > 5 * weight["l"] > 0


# several nodes


@pytest.mark.slow
@needs_opensearch
def test_nothing_is_lost_when_a_node_is_killed_while_articles_come(tmp_path: Path) -> None:
    """Three nodes, three processes; one of them is killed in the middle of a write."""
    with cluster(tmp_path) as nodes:
        engine = OpenSearchEngine(
            Path(),
            url=",".join(node.url for node in nodes),
            index="news",
            shards=3,
            time_limit=30.0,
            patience=240.0,
        )
        engine.write([document(f"a{n:05}", f"before {n}", day=n % 30) for n in range(2_000)])
        for node in nodes:
            node.wait(3)
        assert engine.warning() == ""
        reached = threading.Event()
        found: list[Answer] = []
        ended = threading.Event()

        def searching() -> None:
            while not ended.is_set():
                found.append(engine.search(Question(Prefix("befor"))))

        def coming() -> Iterator[Document]:
            for n in range(20_000):
                yield document(f"b{n:05}", f"during {n}", f"words of number {n}", day=n % 30)

        def killing() -> None:
            reached.wait(60)
            nodes[0].kill()

        deliver = Sender._once
        sent_since: list[str] = []

        def watched(self: Sender, some: list[Operation]) -> Any:
            if some[-1].id > "b05000":
                reached.set()
            if nodes[0].process is not None and nodes[0].process.poll() is not None:
                sent_since.append(some[-1].id)
            return deliver(self, some)

        killer = threading.Thread(target=killing)
        killer.start()
        reader = threading.Thread(target=searching)
        reader.start()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Sender, "_once", watched)
            engine.write(coming())
        killer.join()
        ended.set()
        reader.join()
        whole = [each.total for each in found if not each.partial]
        assert set(whole) == {2_000}, "searches went on, and found all or said that they did not"
        assert len(whole) > len(found) / 2
        assert "OpenSearch is yellow" in engine.warning()
        assert sent_since  # it was killed while articles came, not after
        assert engine.count() == 22_000
        assert len(set(engine.ids())) == 22_000
        answer = engine.search(Question(Term("during"), facets=("day",)))
        assert answer.total == 20_000
        assert answer.partial == ""
        assert engine.search(Question(Prefix("befor"))).total == 2_000
        engine.replace(document(f"c{n}", "anew") for n in range(500))
        assert engine.count() == 500
        engine.close()
