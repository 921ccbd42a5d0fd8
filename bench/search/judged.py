"""Scores rankings on 40 searches judged by hand (judgements.toml): nDCG@10 of each half.

    slugline --home HOME ingest 2023-03.zip 2023-11.zip; slugline --home HOME tag
    python -m bench.search.judged --home HOME [--engines whoosh,tantivy] [--pool POOL.txt]
    python -m bench.search.judged --home HOME --month    # a home of 2023-11.zip only
    python -m bench.search.judged ... --opensearch URL   # OpenSearch beside them

A tenth of the articles is searched, chosen by their ids, so that the raw libraries have their turn
as well; with `--month` all of them, by 34 searches of their own (judgements_month.toml), as
people search, their names in other spellings too. The gain of an article is its grade, discounted
by log2 of its rank plus 1, over that of the best possible ten (Järvelin & Kekäläinen 2002).
`--opensearch` makes an index of its own on a server, and deletes it at the end. `--pool` writes
what is to be judged: the first ten of every engine, without saying which found it.
docs/measurements/search-judging.md says how.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import tomllib
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.search.ranking import ndcg
from nlp.language import LanguageDetector
from search.document import Document, to_document
from search.engine import Engine, Question
from search.engines.registry import open_engine
from search.query.parse import parse
from search.request import Request
from search.searcher import Searcher
from search.text.words import words
from store.store import Store

HERE = Path(__file__).parent

NOW = datetime(2023, 12, 1, tzinfo=UTC)
SHARE = 10
DEPTH = 10


@dataclass(frozen=True, slots=True)
class _Judged:
    """A search, the grades of articles for it (2 or 1), and all that were judged."""

    text: str
    grades: dict[str, int]
    known: frozenset[str]


Ranking = Callable[[str], list[str]]


def library(home: Path, share: int = SHARE) -> Iterator[Document]:
    """Yield one in so many of the articles of a home, chosen by their ids."""
    store, detector = Store.at(home / "store.sqlite"), LanguageDetector()
    waiting = (id_ for id_ in store.articles.ids() if zlib.crc32(id_.encode()) % share == 0)
    while some := list(islice(waiting, 500)):
        found = [to_document(one) for one in store.articles.tagged(some)]
        for one in found:
            told = one.language or detector.detect([f"{one.title}. {one.summary}"])[0]
            yield replace(one, language=told)


def ours(engine: Engine) -> Ranking:
    """Return the ranking of one of our engines."""
    return lambda text: [
        hit.id for hit in engine.search(Question(parse(text, NOW), limit=DEPTH)).hits
    ]


def as_people_search(engine: Engine, home: Path) -> Ranking:
    """Return the ranking of a search as the page, the API and the command line ask it."""
    searcher = Searcher(engine, Store.at(home / "store.sqlite"), lambda: NOW)
    return lambda text: [hit.article.id for hit in searcher.search(Request(text, limit=DEPTH)).hits]


def at_opensearch(url: str, place: Path) -> Any:
    """Return our engine with an index of its own on an OpenSearch server."""
    name = f"slugline-bench-{uuid4().hex[:8]}"
    return open_engine("opensearch", place, url=url, index=name, time_limit=10.0)


def removed_from(url: str, index: str) -> None:
    """Delete what an index made on an OpenSearch server."""
    from opensearchpy import OpenSearch

    client = OpenSearch(url)
    client.indices.delete(index=f"{index}-*")
    client.indices.delete_index_template(name=index, params={"ignore": 404})


def fts5(place: Path, found: Sequence[Document]) -> Ranking:
    """Return the ranking of SQLite's FTS5 for any of the words, the title weighing as ours."""
    db = sqlite3.connect(place)
    db.execute(
        "create virtual table t using fts5(id unindexed, title, summary, body, tokenize=porter)"
    )
    rows = ((one.id, one.title, one.summary, one.body) for one in found)
    db.executemany("insert into t values (?, ?, ?, ?)", rows)

    def ranked(text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in words(text))
        sql = "select id from t where t match ? order by bm25(t, 0, 2.5, 1, 0.6) limit 10"
        return [str(row[0]) for row in db.execute(sql, (asked,))]

    return ranked


def raw_whoosh(place: Path, found: Sequence[Document]) -> Ranking:
    """Return the ranking of Whoosh as its manual shows it, for any of the words."""
    from whoosh import fields, index
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.qparser import MultifieldParser, OrGroup

    text: Any = fields.TEXT(StemmingAnalyzer(stoplist=None), field_boost=1.0)
    schema = fields.Schema(id=fields.ID(stored=True), title=text, summary=text, body=text)
    place.mkdir()
    store = index.create_in(place, schema)
    writer = store.writer(limitmb=256)
    for one in found:
        writer.add_document(id=one.id, title=one.title, summary=one.summary, body=one.body)
    writer.commit()
    searcher = store.searcher()
    parser = MultifieldParser(
        ["title", "summary", "body"],
        schema,
        fieldboosts={"title": 2.5, "body": 0.6},
        group=OrGroup,
    )
    return lambda asked: [
        hit["id"] for hit in searcher.search(parser.parse(" ".join(words(asked))), limit=DEPTH)
    ]


def main() -> None:
    """Index, ask, then score or write the pool."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--engines", default="whoosh,tantivy")
    arguments.add_argument("--opensearch", metavar="URL", help="also OpenSearch at an address")
    arguments.add_argument("--raw", action="store_true", help="also the raw libraries")
    arguments.add_argument("--month", action="store_true", help="all articles of November 2023")
    arguments.add_argument("--pool", type=Path, help="write what is to be judged")
    arguments.add_argument("--index", type=Path, help="where to keep our indexes, for another run")
    arguments.add_argument("-v", action="store_true", help="score each search")
    given = arguments.parse_args()
    found = list(library(given.home, 1 if given.month else SHARE))
    judgements = HERE / ("judgements_month.toml" if given.month else "judgements.toml")
    judged = [
        _Judged(
            one["text"],
            dict.fromkeys(one["relevant"], 2) | dict.fromkeys(one["related"], 1),
            frozenset(one["relevant"] + one["related"] + one["other"]),
        )
        for one in tomllib.loads(judgements.read_text())["query"]
    ]
    with tempfile.TemporaryDirectory(prefix="slugline-bench-") as scratch, ExitStack() as removed:
        rankings: dict[str, Ranking] = {}
        for name in given.engines.split(","):
            engine = open_engine(name, given.index or Path(scratch), time_limit=10.0)
            if engine.count() != len(found):
                engine.replace(iter(found))
            rankings[name] = as_people_search(engine, given.home) if given.month else ours(engine)
        if given.opensearch:
            engine = at_opensearch(given.opensearch, Path(scratch))
            removed.callback(removed_from, given.opensearch, engine.index)
            engine.replace(iter(found))
            rankings["opensearch"] = (
                as_people_search(engine, given.home) if given.month else ours(engine)
            )
        if given.raw:
            rankings["raw fts5"] = fts5(Path(scratch) / "fts5", found)
            rankings["raw whoosh"] = raw_whoosh(Path(scratch) / "raw-whoosh", found)
        ranked = {name: [ranking(one.text) for one in judged] for name, ranking in rankings.items()}
    if given.pool:
        by_id = {one.id: one for one in found}
        given.pool.write_text("".join(_pool(judged, ranked, by_id)))
        return
    print(f"{len(found):,} articles, {len(judged)} searches; nDCG@{DEPTH}")
    for name, rows in ranked.items():
        scores = [ndcg(row, one.grades) for row, one in zip(rows, judged, strict=True)]
        unjudged = sum(len(set(r) - o.known) for r, o in zip(rows, judged, strict=True))
        halves = [scores[0::2], scores[1::2]]
        means = "  ".join(
            f"{half} {sum(part) / len(part):.3f}"
            for half, part in (("first", halves[0]), ("second", halves[1]), ("all", scores))
        )
        print(f"{name:12} {means}  ({unjudged} hits not judged)")
        for one, score in zip(judged, scores, strict=True) if given.v else ():
            print(f"    {score:.2f} {one.text}")


def _pool(
    judged: Sequence[_Judged],
    ranked: dict[str, list[list[str]]],
    by_id: dict[str, Document],
) -> Iterator[str]:
    for number, one in enumerate(judged):
        ids = {id_ for rows in ranked.values() for id_ in rows[number]} - one.known
        yield f"\n## {number} {one.text}\n"
        for id_ in sorted(ids):
            article = by_id[id_]
            day = f"{article.published:%m-%d}" if article.published else "-"
            summary = " ".join(article.summary.split())[:160]
            yield f"{id_} {day} {article.language} | {article.title[:110]} | {summary}\n"


if __name__ == "__main__":
    main()
