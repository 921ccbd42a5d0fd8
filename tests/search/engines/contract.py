"""The one suite that every search engine passes.

A test module subclasses `EngineContract` and says how its engine is opened; what an engine honestly
can't do is an `UnsupportedQueryError` and stands in that module with the reason.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import QueryError, UnsupportedQueryError
from search.document import Document
from search.engine import FACETS, Engine, Question, Sort
from search.query.nodes import (
    ALL,
    And,
    Boost,
    DateRange,
    Fuzzy,
    Ids,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from search.query.parse import parse
from tests.search.engines.brute_force import WORDS, model_ids, nodes

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
HARBOUR = ("org/harbour-board", "Harbour Board", "org")
LINDEN = ("person/mara-linden", "Mara Linden", "person")
OSTRAVA = ("place/ostrava", "Ostrava", "place")


def document(
    id_: str, title: str = "", summary: str = "", *, day: int | None = 0, **more: Any
) -> Document:
    """Make an invented article; `day` counts from 6 May 2024, None is no date."""
    given_: dict[str, Any] = {
        "body": "",
        "source": "The Example",
        "host": "www.example.com",
        "feed": "https://www.example.com/feed",
        "section": "news",
        "language": "en",
        "published": None if day is None else NOON + timedelta(days=day),
        "topics": ("other",),
        "entities": (),
    }
    return Document(id=id_, title=title, summary=summary, **(given_ | more))


LIBRARY = (
    document(
        "a1",
        "Harbour strike halts ferries",
        "Dock workers in Ostrava began a strike over pay on Monday.",
        topics=("economy", "politics"),
        entities=(HARBOUR, OSTRAVA),
        source="Harbour Gazette",
        host="news.gazette.example.org",
        cluster="c1",
    ),
    document(
        "a2",
        "Ferries sail again",
        "The strike at the harbour is over, says Mara Linden.",
        day=1,
        topics=("economy",),
        entities=(LINDEN, HARBOUR),
        source="Harbour Gazette",
        host="news.gazette.example.org",
        cluster="c1",
    ),
    document(
        "a3",
        "Linden elected to the board",
        "Voters elected the union leader; elections end today.",
        day=2,
        topics=("politics",),
        entities=(LINDEN,),
        section="politics",
    ),
    document(
        "a4",
        "Häuser am Fluss",
        "Die Häuser stehen unter Wasser. Ein Haus ist eingestürzt.",
        day=3,
        language="de",
        source="Flusspost",
        host="flusspost.example.de",
        topics=("disaster",),
    ),
    document(
        "a5",
        "Café in Łódź wins a prize",
        "The naïve idea of a café for tram drivers.",
        day=4,
        topics=("culture", "lifestyle"),
    ),
    document("a6", "An undated note", "Nothing is known of when this was written.", day=None),
    document(
        "a7",
        "Red river",
        "floods the old town of Varn",
        day=5,
        body="The red river floods came at night. A strike of lightning hit the harbour wall.",
        topics=("disaster",),
    ),
)


class EngineContract:
    """What every engine promises; `open` makes an engine on a place of its own."""

    def open(self, place: Any, **options: Any) -> Engine:
        """Open the engine; the same place is the same index."""
        raise NotImplementedError

    @pytest.fixture
    def opened(self, tmp_path: Any) -> Iterator[Callable[..., Engine]]:
        engines: list[Engine] = []

        def open_(**options: Any) -> Engine:
            engine = self.open(tmp_path / "index", **options)
            engines.append(engine)
            return engine

        yield open_
        for engine in engines:
            engine.close()

    @pytest.fixture
    def engine(self, opened: Callable[..., Engine]) -> Engine:
        engine = opened()
        engine.write(LIBRARY)
        return engine

    # what is in the index

    def test_an_empty_index_finds_nothing(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        answer = engine.search(Question(Term("strike"), facets=FACETS))
        assert (answer.total, answer.hits, engine.count(), list(engine.ids())) == (0, (), 0, [])
        assert list(engine.matching(ALL)) == []
        assert engine.suggest("strike") == ""
        assert engine.complete("s") == []

    def test_all_that_was_written_is_there(self, engine: Engine) -> None:
        assert engine.count() == len(LIBRARY)
        assert sorted(engine.ids()) == [d.id for d in LIBRARY]

    def test_articles_are_found_by_their_ids_however_many(self, engine: Engine) -> None:
        """A list of a user may have ten thousand articles."""
        many = tuple(f"gone{number}" for number in range(10_000))
        assert found(engine, Ids((*many, "a3", "a1"))) == {"a1", "a3"}
        assert found(engine, And((Ids(("a1", "a3")), Term("strike")))) == {"a1"}
        assert found(engine, And((Not(Ids(("a1", "a3"))), Term("strike")))) == {"a2", "a7"}
        assert found(engine, Ids(())) == set()

    def test_a_replaced_article_is_found_by_its_new_words_only(self, engine: Engine) -> None:
        engine.write([replace(LIBRARY[0], title="Calm at the quay", summary="")])
        assert found(engine, Term("ferries")) == {"a2"}
        assert found(engine, Term("quay")) == {"a1"}
        assert engine.count() == len(LIBRARY)

    def test_a_renamed_entity_is_found_by_its_new_name_only(self, engine: Engine) -> None:
        renamed = (LINDEN[0], "Mara Novak", "person")
        theirs = [one for one in LIBRARY if LINDEN in one.entities]
        changed = [replace(one, entities=(renamed,)) for one in theirs]
        for one in changed:  # one at a time, so that there are several segments
            engine.write([one])
        assert found(engine, Term("Novak", "person")) == {"a2", "a3"}
        assert found(engine, Term("Mara Novak", "person")) == {"a2", "a3"}
        assert found(engine, Term("Mara Linden", "entity")) == set()
        assert found(engine, Term("Linden", "person")) == set()

    def test_an_entity_keeps_its_new_name_when_segments_are_merged(self, engine: Engine) -> None:
        renamed = (OSTRAVA[0], "Ostrau", "place")
        engine.write([replace(LIBRARY[0], entities=(renamed,))])
        for number in range(14):
            engine.write([document(f"b{number}", "Fog")])
        assert found(engine, Term("Ostrau", "place")) == {"a1"}
        assert found(engine, Term("Ostrava", "place")) == set()

    def test_a_removed_article_is_gone_everywhere(self, engine: Engine) -> None:
        engine.write([], ["a1", "no such id"])
        answer = engine.search(Question(Term("strike"), facets=("source",)))
        assert {hit.id for hit in answer.hits} == {"a2", "a7"}
        assert dict(answer.facets["source"]) == {"Harbour Gazette": 1, "The Example": 1}
        assert "a1" not in set(engine.ids())
        assert "a1" not in set(engine.matching(ALL))
        assert engine.count() == len(LIBRARY) - 1

    def test_of_an_article_written_twice_at_once_the_last_counts(self, engine: Engine) -> None:
        engine.write([document("b1", "first words"), document("b1", "second words")])
        assert found(engine, Term("words")) == {"b1"}
        assert found(engine, Term("first")) == set()
        assert engine.count() == len(LIBRARY) + 1

    def test_writing_the_same_again_changes_nothing(self, engine: Engine) -> None:
        before = engine.search(Question(Term("strike"), facets=FACETS))
        engine.write(LIBRARY)
        after = engine.search(Question(Term("strike"), facets=FACETS))
        assert (after.total, after.facets) == (before.total, before.facets)
        assert [hit.id for hit in after.hits] == [hit.id for hit in before.hits]

    def test_a_write_that_breaks_off_leaves_everything_as_it_was(self, engine: Engine) -> None:
        def broken() -> Iterator[Document]:
            yield document("b1", "half written")
            yield replace(LIBRARY[0], title="changed")
            raise RuntimeError("the store went away")

        with pytest.raises(RuntimeError, match="went away"):
            engine.write(broken(), ["a2"])
        assert sorted(engine.ids()) == [d.id for d in LIBRARY]
        assert found(engine, Term("ferries")) == {"a1", "a2"}
        engine.write([document("b2", "whole")])
        assert found(engine, Term("whole")) == {"b2"}

    def test_what_was_written_is_there_when_opened_again(
        self, opened: Callable[..., Engine]
    ) -> None:
        first = opened()
        first.write(LIBRARY)
        first.close()
        assert found(opened(), Term("ferries")) == {"a1", "a2"}

    def test_another_reader_sees_what_was_written(self, opened: Callable[..., Engine]) -> None:
        writer, reader = opened(), opened()
        assert reader.count() == 0
        writer.write(LIBRARY)
        assert reader.count() == len(LIBRARY)
        writer.write([], ["a1"])
        assert found(reader, Term("ferries")) == {"a2"}

    def test_a_write_is_another_generation_where_that_is_known(
        self, opened: Callable[..., Engine], engine: Engine
    ) -> None:
        reader = opened()
        before = reader.generation()
        assert before == reader.generation()
        engine.write([document("n1", "brand new")])
        after = reader.generation()
        assert (after == before) == (not before)
        engine.replace([document("n2", "brand new")])
        assert (reader.generation() == after) == (not before)

    def test_a_rebuild_puts_the_new_in_the_place_of_the_old(self, engine: Engine) -> None:
        engine.replace([document("n1", "brand new")])
        assert list(engine.ids()) == ["n1"]
        assert found(engine, Term("ferries")) == set()

    def test_while_a_rebuild_goes_on_the_old_index_serves(
        self, opened: Callable[..., Engine], engine: Engine
    ) -> None:
        reader = opened()

        def watched() -> Iterator[Document]:
            yield document("n1", "brand new ferries")
            assert found(reader, Term("ferries")) == {"a1", "a2"}

        engine.replace(watched())
        assert found(reader, Term("ferries")) == {"n1"}

    def test_a_rebuild_that_breaks_off_leaves_the_old_index(self, engine: Engine) -> None:
        def broken() -> Iterator[Document]:
            yield document("n1", "brand new")
            raise RuntimeError("the store went away")

        with pytest.raises(RuntimeError, match="went away"):
            engine.replace(broken())
        assert sorted(engine.ids()) == [d.id for d in LIBRARY]

    def test_many_small_writes_end_in_one_index(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        for number in range(24):
            engine.write(
                [document(f"m{number:02}", f"number {number}", topics=(f"t{number % 3}",))]
            )
        engine.write([], [f"m{number:02}" for number in range(0, 24, 2)])
        answer = engine.search(Question(Term("number"), facets=("topic",), limit=50))
        assert answer.total == 12
        assert dict(answer.facets["topic"]) == {"t0": 4, "t1": 4, "t2": 4}

    def test_strange_text_is_taken(self, engine: Engine) -> None:
        engine.write(
            [
                document(
                    "x1",
                    "zero\x00byte \u202e \U0001f600 " + "w" * 500,
                    "line\nbreak \ud800 東京の夏",
                    source="two\nlines",
                    topics=("", "a\x1fb"),
                    entities=(("", "", ""), ("org/x", "X\n\x1fY", "org")),
                )
            ]
        )
        assert found(engine, Term("byte")) == {"x1"}
        assert found(engine, Phrase(("東", "京"))) == {"x1"}
        assert found(engine, Prefix("w" * 60)) == {"x1"}
        assert "x1" in set(engine.ids())

    # words

    def test_a_word_is_found_in_all_its_forms(self, engine: Engine) -> None:
        assert found(engine, Term("elections")) == {"a3"}
        assert found(engine, Term("electing")) == {"a3"}
        assert found(engine, Term("FERRY")) == {"a1", "a2"}

    def test_a_word_is_stemmed_by_the_language_of_the_article(self, engine: Engine) -> None:
        assert found(engine, Term("Haus")) == {"a4"}
        assert found(engine, Term("Häusern")) == {"a4"}

    def test_a_stem_of_one_language_finds_no_article_of_another(self, engine: Engine) -> None:
        # German takes -en off, and leaves a word of the English articles.
        assert found(engine, Term("ferry")) == {"a1", "a2"}
        assert found(engine, Term("ferryen")) == set()

    def test_the_oldest_may_come_first_and_what_has_no_date_last(self, engine: Engine) -> None:
        answer = engine.search(Question(sort=Sort.OLDEST))
        assert [hit.id for hit in answer.hits] == ["a1", "a2", "a3", "a4", "a5", "a7", "a6"]
        pages = [engine.search(Question(sort=Sort.OLDEST, offset=n, limit=3)) for n in (0, 3, 6)]
        assert [hit.id for page in pages for hit in page.hits] == [hit.id for hit in answer.hits]
        assert {page.total for page in pages} == {7}

    def test_a_star_asks_for_any_value(self, engine: Engine) -> None:
        assert found(engine, parse("person:*", NOON)) == {"a2", "a3"}
        assert found(engine, parse("place:*", NOON)) == {"a1"}
        assert found(engine, parse("entity:*", NOON)) == {"a1", "a2", "a3"}
        assert found(engine, parse("cluster:*", NOON)) == {"a1", "a2"}
        assert found(engine, parse("published:*", NOON)) == {d.id for d in LIBRARY} - {"a6"}

    def test_names_with_signs_and_emoji_are_words(self, engine: Engine) -> None:
        engine.write(
            [
                document("s1", "C++ and C# meet .NET", "Node.js too, and AT&T 🚢 🇺🇦"),
                document("s2", "Plain C is older", "The node of a js; a net of AT and T"),
            ]
        )
        for text in ("C++", "C#", ".NET", "Node.js", "AT&T", "🚢", "🇺🇦"):
            assert found(engine, parse(text, NOON)) == {"s1"}, text

    def test_endings_are_left_off_by_the_language_of_the_article(self, engine: Engine) -> None:
        engine.write(
            [
                document("e1", "Erdoğan'ın uçağı Ankara'ya indi", language="tr"),  # noqa: RUF001 - as people write it
                document("e2", "Premiera w Warszawie Harry'ego", language="pl"),
                document("e3", "서울에서 대통령이 연설했다", language="ko"),
                document("e4", "کتاب\u200cهای تازه", language="fa"),  # noqa: RUF001 - as people write it
                document("e5", 'דובר צה"ל אמר', language="he"),
                document("e6", "ﾌｪﾘｰ launches", language="ja"),
            ]
        )
        asked = {
            "Ankara": "e1",
            "erdogan": "e1",
            "Ankara'da": "e1",
            "Warszawa": "e2",
            "Harry": "e2",
            "서울": "e3",
            "대통령": "e3",
            "کتاب": "e4",
            "کتاب\u200cهای": "e4",  # noqa: RUF001 - as people write it
            "کتابهای": "e4",
            'צה"ל': "e5",
            "צה״ל": "e5",
            "フェリー": "e6",
            "ﾌｪﾘｰ": "e6",
        }
        for text, id_ in asked.items():
            assert found(engine, parse(text, NOON)) == {id_}, text

    def test_what_was_typed_comes_before_what_shares_its_stem(self, engine: Engine) -> None:
        engine.write(
            [
                document("t1", "The generals and the generality", "Generals spoke.", day=9),
                document("t2", "A general spoke of the generals", "It was late.", day=8),
                document("t3", "The hen that fed the men", "They fed it in turn.", day=9),
                document("t4", "In May the Fed met", "Rates are on hold.", day=8),
            ]
        )
        assert ordered(engine, Term("general"))[0] == "t2"
        assert ordered(engine, Term("fed"))[0] == "t3"
        assert ordered(engine, Term("Fed"))[0] == "t4"

    def test_accents_and_case_make_no_difference(self, engine: Engine) -> None:
        for word in ("lodz", "ŁÓDŹ", "Łódź"):
            assert found(engine, Term(word)) == {"a5"}
        assert found(engine, Phrase(("naive", "IDEA"))) == {"a5"}

    def test_in_quotes_a_word_is_meant_as_written(self, engine: Engine) -> None:
        assert found(engine, Phrase(("elections",))) == {"a3"}
        assert found(engine, Phrase(("election",))) == set()

    def test_the_words_of_a_phrase_follow_each_other(self, engine: Engine) -> None:
        assert found(engine, Phrase(("dock", "workers"))) == {"a1"}
        assert found(engine, Phrase(("workers", "dock"))) == set()
        assert found(engine, Phrase(("strike", "at", "the", "harbour"))) == {"a2"}

    def test_slop_lets_other_words_stand_between(self, engine: Engine) -> None:
        assert found(engine, Phrase(("strike", "harbour"), slop=1)) == set()
        assert found(engine, Phrase(("strike", "harbour"), slop=2)) == {"a2"}

    def test_no_phrase_runs_from_the_title_into_the_summary(self, engine: Engine) -> None:
        assert found(engine, Phrase(("river", "floods"))) == {"a7"}
        assert found(engine, Phrase(("river", "floods"), "title")) == set()
        assert found(engine, Phrase(("red", "river", "floods", "the"))) == set()

    def test_a_prefix_finds_the_words_that_begin_so(self, engine: Engine) -> None:
        assert found(engine, Prefix("Elect")) == {"a3"}
        assert found(engine, Prefix("h")) == {"a1", "a2", "a4", "a7"}

    def test_a_wildcard_finds_the_words_of_its_shape(self, engine: Engine) -> None:
        assert found(engine, Wildcard("*rbour")) == {"a1", "a2", "a7"}
        assert found(engine, Wildcard("r?d")) == {"a7"}
        assert found(engine, Wildcard("r*r")) == {"a7"}
        assert found(engine, Wildcard("*ff*x*")) == set()

    def test_a_fuzzy_word_finds_its_neighbours(self, engine: Engine) -> None:
        assert found(engine, Fuzzy("harbor")) == {"a1", "a2", "a7"}
        assert found(engine, Fuzzy("hrabour")) == {"a1", "a2", "a7"}
        assert found(engine, Fuzzy("harbrr", distance=1)) == set()
        assert found(engine, Fuzzy("harbrr", distance=2)) == {"a1", "a2", "a7"}
        assert found(engine, Fuzzy("parbour")) == set()

    @pytest.mark.parametrize(
        ("node", "ids"),
        [
            (Term("strike", "title"), {"a1"}),
            (Term("strike", "summary"), {"a1", "a2"}),
            (Term("strike", "body"), {"a7"}),
            (Prefix("strik", "body"), {"a7"}),
            (Phrase(("red", "river"), "body"), {"a7"}),
            (Phrase(("red",), "summary"), set()),
            (Term("economy", "topic"), {"a1", "a2"}),
            (Term("econ", "topic"), set()),
            (Prefix("econ", "topic"), {"a1", "a2"}),
            (Term("person/mara-linden", "entity"), {"a2", "a3"}),
            (Term("mara LINDEN", "entity"), {"a2", "a3"}),
            (Term("Linden", "entity"), {"a2", "a3"}),
            (Term("Linden", "person"), {"a2", "a3"}),
            (Term("Linden", "org"), set()),
            (Term("Harbour Board", "org"), {"a1", "a2"}),
            (Term("Ostrava", "place"), {"a1"}),
            (Term("place/ostrava", "person"), set()),
            (Term("Harbour Gazette", "source"), {"a1", "a2"}),
            (Term("gazette", "source"), {"a1", "a2"}),
            (Term("gazette.example.org", "source"), {"a1", "a2"}),
            (Term("example", "source"), {"a1", "a2", "a3", "a4", "a5", "a6", "a7"}),
            (Term("azette", "source"), set()),
            (Term("flusspost", "source"), {"a4"}),
            (Term("de", "lang"), {"a4"}),
            (Term("politics", "section"), {"a3"}),
            (Term("c1", "cluster"), {"a1", "a2"}),
            (Term("a3", "id"), {"a3"}),
            (Term("a", "id"), set()),
        ],
    )
    def test_a_field_is_searched_alone(self, engine: Engine, node: Node, ids: set[str]) -> None:
        assert found(engine, node) == ids

    def test_a_date_range_has_its_start_and_not_its_end(self, engine: Engine) -> None:
        assert found(engine, DateRange(NOON, NOON + timedelta(days=2))) == {"a1", "a2"}
        assert found(engine, DateRange(NOON + timedelta(days=4), None)) == {"a5", "a7"}
        assert found(engine, DateRange(None, NOON + timedelta(seconds=1))) == {"a1"}

    def test_what_has_no_date_is_in_no_range(self, engine: Engine) -> None:
        assert "a6" not in found(engine, DateRange(None, None))

    # together

    def test_and_or_not(self, engine: Engine) -> None:
        strike, harbour = Term("strike"), Term("harbour")
        assert found(engine, strike & harbour) == {"a1", "a2", "a7"}
        assert found(engine, strike & Term("ferry")) == {"a1", "a2"}
        assert found(engine, Term("lodz") | Term("varn")) == {"a5", "a7"}
        assert found(engine, strike & ~Term("pay")) == {"a2", "a7"}
        assert found(engine, ~strike) == {"a3", "a4", "a5", "a6"}
        assert found(engine, ALL) == {d.id for d in LIBRARY}
        assert found(engine, ~ALL) == set()

    def test_a_filter_narrows_and_does_not_rank(self, engine: Engine) -> None:
        plain = engine.search(Question(Term("strike"))).hits
        narrowed = engine.search(Question(Term("strike") & Term("economy", "topic"))).hits
        assert [hit.id for hit in narrowed] == [hit.id for hit in plain if hit.id in {"a1", "a2"}]

    @pytest.mark.parametrize(
        "query",
        [
            Term("verdict"),
            Phrase(("verdict",)),
            Prefix("verd"),
            Wildcard("*erdict"),
            Fuzzy("verdit"),
        ],
        ids=lambda query: type(query).__name__,
    )
    def test_a_hit_in_the_title_stands_above_one_in_the_summary(
        self, opened: Callable[..., Engine], query: Node
    ) -> None:
        engine = opened()
        engine.write(
            [
                document("s", "The morning paper", "A verdict on the old bridge"),
                document("t", "A verdict on the bridge", "The old morning paper"),
                document("b", "The old paper", "The morning paper", body="A verdict on bridges"),
            ]
        )
        hits = engine.search(Question(query)).hits
        assert [hit.id for hit in hits] == ["t", "s", "b"]
        assert hits[0].score > hits[1].score > hits[2].score > 0

    def test_a_rare_word_weighs_more_than_a_common_one(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        engine.write(
            [document(f"c{n}", "council meeting notes") for n in range(9)]
            + [document("r", "pelican meeting notes")]
        )
        assert engine.search(Question(Term("council") | Term("pelican"))).hits[0].id == "r"

    def test_a_boost_counts_more(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        engine.write([document("a", "apples here"), document("b", "pears here")])
        either = Boost(Term("apples"), 3.0) | Term("pears")
        assert [hit.id for hit in engine.search(Question(either)).hits] == ["a", "b"]
        either = Term("apples") | Boost(Term("pears"), 3.0)
        assert [hit.id for hit in engine.search(Question(either)).hits] == ["b", "a"]

    # all of the words, then most of them

    def test_those_with_most_of_the_plain_words_follow_those_with_all(self, engine: Engine) -> None:
        query = And((Term("strike"), Term("harbour"), Term("pay")), relaxable=True)
        answer = engine.search(Question(query))
        ids = [hit.id for hit in answer.hits]
        assert ids[0] == "a1"
        assert set(ids) == {"a1", "a2", "a7"}
        assert (answer.total, answer.strict) == (3, 1)
        assert set(engine.matching(query)) == set(ids)

    def test_a_written_and_is_never_relaxed(self, engine: Engine) -> None:
        answer = engine.search(Question(And((Term("strike"), Term("harbour"), Term("pay")))))
        assert ([hit.id for hit in answer.hits], answer.total, answer.strict) == (["a1"], 1, 1)

    def test_filters_and_bans_hold_where_words_are_relaxed(self, engine: Engine) -> None:
        words = And((Term("strike"), Term("harbour"), Term("pay")), relaxable=True)
        assert found(engine, words & Term("economy", "topic")) == {"a1", "a2"}
        assert found(engine, words & ~Term("lightning")) == {"a1", "a2"}
        assert found(engine, words & Phrase(("red", "river"))) == {"a7"}
        nested = And((And((words, ~Term("lightning"))), Term("a2", "id")))
        assert found(engine, nested) == {"a2"}

    def test_where_enough_articles_have_all_words_no_others_follow(
        self, opened: Callable[..., Engine]
    ) -> None:
        engine = opened()
        engine.write(
            [document(f"a{n:02}", "tram strike today") for n in range(30)]
            + [document("z", "tram strike")]
        )
        query = And((Term("tram"), Term("strike"), Term("today")), relaxable=True)
        answer = engine.search(Question(query))
        assert (answer.total, answer.strict) == (30, 30)

    def test_a_word_that_no_article_has_spoils_nothing(self, engine: Engine) -> None:
        query = And((Term("ferries"), Term("xyzzy")), relaxable=True)
        answer = engine.search(Question(query))
        assert {hit.id for hit in answer.hits} == {"a1", "a2"}
        assert answer.strict == 0

    # copies

    COPIES = (
        document("b1", "Quake shakes Varn", "The town of Varn was shaken at dawn.", source="Wire"),
        document("b2", "Quake shakes Varn", "The town of Varn was shaken.", day=1, leader="b1"),
        document("b3", "Varn shaken", "A quake at dawn.", day=2, leader="b1", source="Flusspost"),
        document("b4", "Quake drill in schools", "Pupils of Varn practise.", day=3),
        document("b5", "Quake aid", "Copied from one that is gone.", day=4, leader="gone"),
    )

    def test_what_repeats_a_hit_is_folded_under_it(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        engine.write(self.COPIES)
        answer = engine.search(Question(Term("quake"), facets=("source",), fold=True))
        assert sorted(hit.id for hit in answer.hits) == ["b1", "b4", "b5"]
        assert (answer.total, answer.strict, answer.folded) == (5, 5, 2)
        assert dict(answer.facets["source"]) == {"The Example": 3, "Wire": 1, "Flusspost": 1}
        newest = engine.search(Question(Term("quake"), Sort.NEWEST, fold=True))
        assert [hit.id for hit in newest.hits] == ["b5", "b4", "b1"]

    def test_what_repeats_no_hit_is_a_hit_itself(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        engine.write(self.COPIES)
        query = Term("quake") & Term("flusspost", "source")
        answer = engine.search(Question(query, fold=True))
        assert ([hit.id for hit in answer.hits], answer.folded) == (["b3"], 0)
        engine.write([], ["b1"])
        answer = engine.search(Question(Term("quake"), fold=True))
        assert (len(answer.hits), answer.total, answer.folded) == (4, 4, 0)

    def test_nothing_is_folded_unasked(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        engine.write(self.COPIES)
        answer = engine.search(Question(Term("quake")))
        assert (len(answer.hits), answer.folded) == (5, 0)
        assert len(list(engine.matching(Term("quake")))) == 5

    def test_what_has_all_words_is_not_folded_under_what_has_most(
        self, opened: Callable[..., Engine]
    ) -> None:
        engine = opened()
        engine.write(self.COPIES)
        query = And((Term("quake"), Term("shaken"), Term("flusspost", "source")))
        assert found(engine, query) == {"b3"}
        query = And((Term("quake"), Term("dawn"), Term("town")), relaxable=True)
        answer = engine.search(Question(query, fold=True))
        assert [hit.id for hit in answer.hits] == ["b1"]
        assert (answer.total, answer.strict, answer.folded) == (3, 1, 2)
        engine.write([document("b2", "Quake, town, dawn, harbour", day=1, leader="b1")])
        query = And((Term("quake"), Term("dawn"), Term("town"), Term("harbour")), relaxable=True)
        answer = engine.search(Question(query, fold=True))
        assert [hit.id for hit in answer.hits] == ["b2", "b1"]
        assert (answer.total, answer.strict, answer.folded) == (3, 1, 1)

    @pytest.mark.parametrize("sort", Sort)
    def test_pages_of_folded_hits_cover_all_that_are_left(
        self, opened: Callable[..., Engine], sort: Sort
    ) -> None:
        engine = opened()
        engine.write(
            document(f"p{n:03}", "tram", day=n % 7, leader=f"p{n - n % 4:03}" if n % 4 else "")
            for n in range(100)
        )
        pages = [
            engine.search(Question(Term("tram"), sort, offset, 7, fold=True))
            for offset in range(0, 30, 7)
        ]
        assert {(page.total, page.folded) for page in pages} == {(100, 75)}
        ids = [hit.id for page in pages for hit in page.hits]
        assert sorted(ids) == [f"p{n:03}" for n in range(0, 100, 4)]

    # order and pages

    def test_newest_first_with_the_undated_last(self, engine: Engine) -> None:
        hits = engine.search(Question(ALL, sort=Sort.NEWEST)).hits
        assert [hit.id for hit in hits] == ["a7", "a5", "a4", "a3", "a2", "a1", "a6"]

    def test_ties_go_to_the_newer_then_to_the_smaller_id(
        self, opened: Callable[..., Engine]
    ) -> None:
        engine = opened()
        engine.write(
            [
                document("c", "same words"),
                document("a", "same words"),
                document("b", "same words", day=1),
                document("d", "same words", day=None),
            ]
        )
        for sort in (Sort.RELEVANCE, Sort.NEWEST):
            hits = engine.search(Question(Term("same"), sort=sort)).hits
            assert [hit.id for hit in hits] == ["b", "a", "c", "d"]
        hits = engine.search(Question(Term("same"), sort=Sort.OLDEST)).hits
        assert [hit.id for hit in hits] == ["a", "c", "b", "d"]

    @pytest.mark.parametrize("sort", list(Sort))
    def test_pages_cover_everything_once(self, opened: Callable[..., Engine], sort: Sort) -> None:
        engine = opened()
        engine.write(
            [document(f"p{n:03}", "page " * (n % 4 + 1) + "turner", day=n % 7) for n in range(97)]
        )
        whole = engine.search(Question(Term("page"), sort=sort, limit=200)).hits
        pages = [
            hit
            for offset in range(0, 110, 10)
            for hit in engine.search(
                Question(Term("page"), sort=sort, offset=offset, limit=10)
            ).hits
        ]
        assert [hit.id for hit in pages] == [hit.id for hit in whole]
        assert len({hit.id for hit in whole}) == 97

    def test_a_page_beyond_the_end_is_empty_and_still_counts(self, engine: Engine) -> None:
        answer = engine.search(Question(Term("strike"), offset=100))
        assert (answer.hits, answer.total) == ((), 3)

    def test_no_hits_may_be_asked_for(self, engine: Engine) -> None:
        answer = engine.search(Question(Term("strike"), limit=0, facets=("topic",)))
        assert (answer.hits, answer.total) == ((), 3)
        assert answer.facets["topic"]

    def test_all_that_match_come_newest_first(self, engine: Engine) -> None:
        assert list(engine.matching(Term("strike"))) == ["a7", "a2", "a1"]
        assert list(engine.matching(ALL))[-1] == "a6"

    def test_the_same_question_has_the_same_answer(self, engine: Engine) -> None:
        question = Question(Term("strike") | Term("ferries"), facets=FACETS)
        assert engine.search(question) == engine.search(question)

    # facets

    def test_facets_count_all_that_match(self, engine: Engine) -> None:
        answer = engine.search(Question(Term("strike"), limit=1, facets=FACETS))
        facets = {name: dict(pairs) for name, pairs in answer.facets.items()}
        assert facets["topic"] == {"economy": 2, "politics": 1, "disaster": 1}
        assert facets["entity"] == {
            "org/harbour-board": 2,
            "person/mara-linden": 1,
            "place/ostrava": 1,
        }
        assert facets["person"] == {"person/mara-linden": 1}
        assert facets["org"] == {"org/harbour-board": 2}
        assert facets["place"] == {"place/ostrava": 1}
        assert facets["source"] == {"Harbour Gazette": 2, "The Example": 1}
        assert facets["lang"] == {"en": 3}
        assert facets["cluster"] == {"c1": 2}
        assert facets["day"] == {"2024-05-06": 1, "2024-05-07": 1, "2024-05-11": 1}

    def test_facets_are_largest_first_and_cut_to_size(self, engine: Engine) -> None:
        answer = engine.search(Question(ALL, facets=("topic",), facet_size=2))
        assert answer.facets["topic"] == (("disaster", 2), ("economy", 2))

    def test_facets_count_only_what_filters_leave(self, engine: Engine) -> None:
        query = Term("strike") & Term("politics", "topic")
        answer = engine.search(Question(query, facets=("topic", "source")))
        assert dict(answer.facets["topic"]) == {"economy": 1, "politics": 1}
        assert dict(answer.facets["source"]) == {"Harbour Gazette": 1}

    def test_days_come_in_their_order(self, engine: Engine) -> None:
        days = [day for day, _ in engine.search(Question(ALL, facets=("day",))).facets["day"]]
        assert days == sorted(days)
        assert len(days) == 6

    def test_a_facet_that_there_is_not_is_an_error(self, engine: Engine) -> None:
        with pytest.raises(UnsupportedQueryError, match="colour"):
            engine.search(Question(ALL, facets=("colour",)))

    # words that were meant

    def test_a_mistyped_word_is_corrected(self, engine: Engine) -> None:
        assert engine.suggest("harbuor") == "harbour"
        assert engine.suggest("harbour") == ""
        assert engine.suggest("qqqqqqqq") == ""

    def test_two_words_written_as_one_are_parted(self, engine: Engine) -> None:
        assert engine.suggest("harbourstrike") == "harbour strike"
        assert engine.suggest("harbourqqqqqq") == ""

    def test_a_beginning_is_completed_commonest_first(self, engine: Engine) -> None:
        assert engine.complete("STR") == ["strike"]
        assert engine.complete("h", 2)[0] == "harbour"
        assert engine.complete("") == []

    # limits

    def test_what_an_engine_does_not_know_is_an_error(self, engine: Engine) -> None:
        with pytest.raises(UnsupportedQueryError):
            engine.search(Question(Term("x", "colour")))
        with pytest.raises(UnsupportedQueryError):
            engine.search(Question(Strange()))

    def test_a_pattern_that_stands_for_too_many_words_says_so(
        self, opened: Callable[..., Engine]
    ) -> None:
        engine = opened(expansion_limit=5)
        engine.write(
            [document(f"w{n:02}", f"word{n:02} common") for n in range(30)]
            + [document("x", "wordy common"), document("y", "wordy common")]
        )
        answer = engine.search(Question(Prefix("word")))
        assert answer.partial
        assert {"x", "y"} <= {hit.id for hit in answer.hits}  # the commonest are searched
        assert 0 < answer.total <= 32
        assert engine.search(Question(Prefix("comm"))).partial == ""

    def test_a_search_ends_at_its_time_limit_and_says_so(
        self, opened: Callable[..., Engine]
    ) -> None:
        engine = opened(time_limit=0.0)
        engine.write(LIBRARY)
        began = time.perf_counter()
        answer = engine.search(Question(Or((Term("strike"), Prefix("h"), Wildcard("*e*")))))
        assert time.perf_counter() - began < 1.0
        assert "time" in answer.partial

    def test_an_export_is_not_cut(self, opened: Callable[..., Engine]) -> None:
        engine = opened(expansion_limit=5, time_limit=0.0)
        engine.write([document(f"w{n:02}", f"word{n:02}") for n in range(30)])
        assert len(list(engine.matching(Prefix("word")))) == 30

    def test_several_may_ask_at_once(self, engine: Engine) -> None:
        expected = found(engine, Phrase(("dock", "workers")) | Prefix("elect"))
        answers: list[set[str]] = []

        def ask() -> None:
            query = Phrase(("dock", "workers")) | Prefix("elect")
            answers.extend(found(engine, query) for _ in range(20))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 80
        assert all(answer == expected for answer in answers)

    # anything

    def test_any_query_finds_what_the_model_finds(self, opened: Callable[..., Engine]) -> None:
        engine = opened()
        library = [
            document(
                f"g{n:02}",
                " ".join(WORDS[(n * 7 + i * i) % len(WORDS)] for i in range(n % 4)),
                " ".join(WORDS[(n * 3 + i * 5) % len(WORDS)] for i in range(n % 7)),
                body=" ".join(WORDS[(n * 11 + i) % len(WORDS)] for i in range(n % 3)),
                day=None if n % 9 == 0 else n % 5,
                topics=("economy", "sport", "crime")[: n % 4],
                entities=(LINDEN, OSTRAVA)[: n % 3],
                language=("en", "de", "pl")[n % 3],
                leader=f"g{n - n % 5:02}" if n % 5 > 2 else "",
            )
            for n in range(40)
        ]
        engine.write(library)

        @settings(
            max_examples=250,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )
        @given(nodes(), st.sampled_from(Sort), st.integers(0, 45))
        def check(node: Node, sort: Sort, offset: int) -> None:
            expected = model_ids(node, library)
            answer = engine.search(Question(node, sort, offset, 10, facets=("topic",)))
            assert answer.total == len(expected)
            assert {hit.id for hit in answer.hits} <= expected
            assert len(answer.hits) == max(min(10, len(expected) - offset), 0)
            assert set(engine.matching(node)) == expected
            folded = engine.search(Question(node, sort, limit=50, fold=True))
            left = {one.id for one in library if one.id in expected and one.leader not in expected}
            assert {hit.id for hit in folded.hits} == left
            assert (folded.total, folded.folded) == (len(expected), len(expected) - len(left))

        check()

    @pytest.mark.slow
    def test_no_query_runs_away(self, opened: Callable[..., Engine]) -> None:
        """Whatever is typed, the answer comes within the time limit or soon after, and says so."""
        limit = 0.2
        engine = opened(time_limit=limit, expansion_limit=200)
        syllables = ["a", "be", "cor", "da", "en", "fi", "go", "hu", "ir", "ta", "tion", "re"]
        library = [
            document(
                f"r{n:04}",
                " ".join(_word(syllables, n * 7 + i) for i in range(6)),
                "the " * 3 + " ".join(_word(syllables, n * n + i * 13) for i in range(40)),
                day=n % 30,
                topics=(f"t{n % 9}",),
            )
            for n in range(2_000)
        ]
        engine.write(library)
        engine.search(Question(Prefix("a")))  # what is read once is not the query's fault
        pieces = st.sampled_from(
            (
                *("a*", "*a*", "*", "the", "t?", "*tion", "?????*", "be~2", "corda~1/0", "a*e*i*"),
                *('"the the"', '"the the the"~40', "AND", "OR", "NOT", "(", ")", "title:a*", "re*"),
                *("published:[20240501 TO]", "topic:t*", "entity:x", "corta", "tabe", "^3"),
            )
        )

        @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(pieces, min_size=1, max_size=60).map(" ".join), st.sampled_from(Sort))
        def check(text: str, sort: Sort) -> None:
            try:
                node = parse(text, NOON)
            except QueryError:
                return
            began = time.thread_time()  # not by the clock on the wall: the machine may be busy
            try:
                answer = engine.search(Question(node, sort, facets=FACETS))
            except UnsupportedQueryError:
                return
            taken = time.thread_time() - began
            assert taken < limit * 3, text
            assert taken < limit * 2 or answer.partial, text

        check()


def _word(syllables: list[str], number: int) -> str:
    parts = []
    while number:
        number, which = divmod(number, len(syllables))
        parts.append(syllables[which])
    return "".join(parts)


class Strange(Node):
    """A kind of node that no engine knows."""


def found(engine: Engine, query: Node) -> set[str]:
    answer = engine.search(Question(query, limit=1000))
    ids = {hit.id for hit in answer.hits}
    assert len(ids) == len(answer.hits) == answer.total
    return ids


def ordered(engine: Engine, query: Node) -> list[str]:
    """Return the ids of the hits, best first."""
    return [hit.id for hit in engine.search(Question(query)).hits]
