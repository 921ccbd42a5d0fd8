"""Many searches at once, searches beside each other, and why a hit stands where it does."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import UsageError
from search.batch import answer_all, read_queries
from search.comparison import compare_searches
from search.document import to_document
from search.engines.whoosh.engine import WhooshEngine
from search.explanation import ABSENT, AS_TYPED, BY_STEM, explain, plain_words, rarities
from search.query.parse import parse
from search.request import Filters, Request
from search.searcher import Searcher
from tests.search.test_searcher import LINDEN, NOON, OSTRAVA, SearchStore, article
from web.searching.rows import as_csv, as_jsonl, rows_of

STORE = SearchStore(
    article(0, "Harbour strike halts ferries", "Dock workers want more.", (OSTRAVA,)),
    article(1, "=Mayor ends strike", "Mara Linden spoke at the harbour.", (LINDEN, OSTRAVA)),
    article(2, "Rain in the hills"),
)


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    engine = WhooshEngine(tmp_path / "index")
    engine.write(map(to_document, STORE.found.values()))
    yield Searcher(engine, STORE, lambda: NOON)
    engine.close()


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("harbour strike\n\n  rain \n", ["harbour strike", "rain"]),
        ("\ufeffid,Query\n1,harbour\n2,\n3,rain\n", ["harbour", "rain"]),
        ('"a, b",x\nc\n', ["a, b", "c"]),
    ],
)
def test_a_list_or_a_table_of_queries_is_read(text: str, queries: list[str]) -> None:
    assert read_queries(text) == queries


@pytest.mark.parametrize("text", ["", "\n\n", "query\n", "a\n" * 10_001])
def test_a_list_without_queries_or_with_too_many_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"no queries|at most"):
        read_queries(text)


def test_every_query_of_a_batch_is_answered_under_the_same_filters(searcher: Searcher) -> None:
    request = Request(filters=Filters(entities=("Ostrava",)), limit=5)
    asked = ["strike", "rain", "(broken", "topic:nosuch"]
    answered = list(answer_all(searcher, asked, request))
    assert [one.results.total if one.results else None for one in answered] == [2, 0, None, None]
    assert "never closed" in answered[2].fault
    assert "no topic 'nosuch'" in answered[3].fault
    table = list(
        csv.DictReader(io.StringIO("".join(as_csv(rows_of(answered, hits=False), hits=False))))
    )
    assert [row["query"] for row in table] == asked
    assert table[0]["best_title"].startswith(("Harbour", "'=Mayor")), "no formula for a spreadsheet"
    hits = [json.loads(line) for line in as_jsonl(rows_of(answered, hits=True))]
    assert [(hit["query"], hit["rank"]) for hit in hits] == [("strike", 1), ("strike", 2)]
    assert {hit["title"] for hit in hits} == {"Harbour strike halts ferries", "=Mayor ends strike"}


def test_searches_are_compared_over_time_and_as_shares(searcher: Searcher) -> None:
    strike, rain = compare_searches(searcher, ["strike", "rain"], Filters(), "month")
    assert (strike.total, round(strike.share, 2)) == (2, 0.67)
    assert dict(strike.over_time) == {"2024-05": (2, 2 / 3)}
    assert dict(rain.over_time) == {"2024-05": (1, 1 / 3)}
    assert dict(rain.sources) == {"The Example": (1, 1 / 3)}
    days = compare_searches(searcher, ["strike", "rain"], Filters())
    assert list(days[0].over_time) == list(days[1].over_time), "all have the same days"
    assert days[1].over_time["2024-05-06"] == (0, 0.0)
    for wrong in (["one"], ["a"] * 6):
        with pytest.raises(UsageError, match="Compare 2 to 5"):
            compare_searches(searcher, wrong, Filters())


def test_why_a_hit_stands_where_it_does(searcher: Searcher) -> None:
    asked = plain_words(parse("Linden strikes ferries topic:economy", NOON))
    assert asked == ["Linden", "strikes", "ferries"]
    articles = rarities(asked, searcher.engine)
    assert articles == {"Linden": 1, "strikes": 2, "ferries": 1}
    told = explain(STORE.found["a1"].article, 1.5, asked, articles)
    assert [(w.word, w.form, w.cased, dict(w.counts)) for w in told.words] == [
        ("Linden", AS_TYPED, True, {"summary": 1}),
        ("strikes", BY_STEM, False, {"title": 1}),
        ("ferries", ABSENT, False, {}),
    ]
    assert told.missing == 1
