"""Times the queries of bench/queries.txt on our engines, beside the raw libraries, in one run.

    python bench/search_queries.py 2023-11.zip [2023-03.zip] [--engines whoosh,tantivy] [--limit N]

Articles are read from monthly archives and tagged roughly (words in capitals are entities, a few
seed words make topics): what is measured is search, not tagging. Raw Whoosh is stopped after 10
seconds by its own TimeLimitCollector. Prints documents a second, size, memory, and the median, 95th
percentile and worst time of a query in milliseconds, with and without five facets: of the first
time it is asked, and of the best of three.
"""

from __future__ import annotations

import argparse
import gc
import re
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from ingest.source import read  # noqa: E402 - the path is set above
from search.engine import Document, Question  # noqa: E402
from search.engines import open_engine  # noqa: E402
from search.parse import parse  # noqa: E402
from search.query import Node  # noqa: E402
from search.sync import host_of  # noqa: E402

NOW = datetime(2023, 11, 15, tzinfo=UTC)
FACETS = ("topic", "entity", "source", "lang", "day")
SEEDS = {
    "politics": ("election", "minister", "senate", "parliament"),
    "military": ("war", "troops", "missile", "army"),
    "crime": ("police", "murder", "court", "arrest"),
    "economy": ("inflation", "bank", "market", "stocks"),
    "sport": ("match", "cup", "league", "football"),
    "health": ("covid", "hospital", "cancer", "health"),
}
_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+|\b[A-Z]{2,5}\b")


def documents(archives: list[str], limit: int) -> Iterator[Document]:
    """Yield the articles of archives as documents, each link once."""
    seen = set()
    entries = (entry for path in archives for part in read(path) for entry in part.entries)
    for entry in entries:
        if entry.id in seen or len(seen) >= limit:
            continue
        seen.add(entry.id)
        text = f"{entry.title} . {entry.summary}"
        lower = set(re.findall(r"\w+", text.lower()))
        names = dict.fromkeys(_NAME.findall(text))
        yield Document(
            id=entry.id,
            title=entry.title,
            summary=entry.summary,
            body=entry.body,
            source=entry.source,
            host=host_of(entry.url),
            feed=entry.feed,
            section=entry.section,
            language=(entry.language or "en")[:2].lower(),
            published=entry.published,
            topics=tuple(t for t, seeds in SEEDS.items() if lower & set(seeds)) or ("other",),
            entities=tuple(
                (f"person/{re.sub(' ', '-', name.lower())}", name, "person") for name in names
            ),
        )


def queries() -> list[str]:
    """Return the queries of the query file."""
    lines = (HERE / "queries.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Ours:
    """One of our engines."""

    def __init__(self, name: str, directory: Path) -> None:
        self.name = f"slugline {name}"
        self.engine = open_engine(name, directory)
        self.directory = directory / name

    def index(self, found: Iterator[Document]) -> None:
        """Index all articles."""
        while batch := list(islice(found, 20_000)):
            self.engine.write(batch)

    def ask(self, text: str, *, facets: bool) -> tuple[int, str]:
        """Ask a query; return how many were found, and a note where it was cut."""
        node: Node = parse(text, NOW)
        answer = self.engine.search(Question(node, facets=FACETS if facets else ()))
        return answer.total, answer.partial


class RawWhoosh:
    """Whoosh as its manual shows it, with the same fields."""

    name = "raw whoosh"

    def __init__(self, directory: Path) -> None:
        from whoosh import fields, index
        from whoosh.analysis import StemmingAnalyzer
        from whoosh.qparser import FuzzyTermPlugin, MultifieldParser
        from whoosh.qparser.dateparse import DateParserPlugin

        text = StemmingAnalyzer(stoplist=None)
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True),
            title=fields.TEXT(text, field_boost=2.5),
            summary=fields.TEXT(text),
            body=fields.TEXT(text),
            source=fields.ID(sortable=True),
            lang=fields.ID(sortable=True),
            topic=fields.KEYWORD(commas=True, sortable=True),
            entity=fields.KEYWORD(commas=True, sortable=True),
            published=fields.DATETIME(sortable=True),
        )
        directory.mkdir()
        self.directory = directory
        self.store = index.create_in(directory, schema)
        self.parser = MultifieldParser(["title", "summary", "body"], schema)
        self.parser.add_plugin(FuzzyTermPlugin())
        self.parser.add_plugin(DateParserPlugin(basedate=NOW))
        self.searcher: Any = None

    def index(self, found: Iterator[Document]) -> None:
        """Index all articles."""
        while batch := list(islice(found, 20_000)):
            writer = self.store.writer(limitmb=128)
            for one in batch:
                writer.add_document(
                    id=one.id,
                    title=one.title,
                    summary=one.summary,
                    body=one.body,
                    source=one.source,
                    lang=one.language,
                    topic=",".join(one.topics),
                    entity=",".join(key for key, _, _ in one.entities),
                    published=one.published and one.published.replace(tzinfo=None),
                )
            writer.commit(merge=False)
        self.searcher = self.store.searcher()

    def ask(self, text: str, *, facets: bool) -> tuple[int, str]:
        """Ask a query; return how many were found, and a note where it was cut."""
        from whoosh import collectors, sorting
        from whoosh.searching import TimeLimit

        query = self.parser.parse(text)
        grouped = None
        if facets:
            multi = {"topic": True, "entity": True}
            grouped = {
                name: sorting.FieldFacet(name, allow_overlap=multi.get(name, False))
                for name in ("topic", "entity", "source", "lang")
            }
        collector = self.searcher.collector(limit=20, groupedby=grouped)
        limited = collectors.TimeLimitCollector(collector, 10.0, use_alarm=False)
        try:
            self.searcher.search_with_collector(query, limited)
            results = limited.results()
            for hit in results:
                hit["id"]
            return len(results), ""
        except TimeLimit:
            return 0, "stopped after 10 s"


class Fts5:
    """SQLite's full-text search with the same fields, facets by GROUP BY."""

    name = "sqlite fts5"

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        self.directory = directory
        self.db = sqlite3.connect(directory / "fts.sqlite")
        self.db.executescript(
            """
            create virtual table text using fts5(
                title, summary, body, content='', tokenize='porter unicode61');
            create table article(
                n integer primary key, id, source, lang, published, day);
            create table topic(n integer, value); create table entity(n integer, value);
            """
        )

    def index(self, found: Iterator[Document]) -> None:
        """Index all articles."""
        with self.db:
            for n, one in enumerate(found, 1):
                self.db.execute(
                    "insert into text(rowid, title, summary, body) values (?, ?, ?, ?)",
                    (n, one.title, one.summary, one.body),
                )
                moment = one.published and one.published.isoformat()
                row = (n, one.id, one.source, one.language, moment, moment and moment[:10])
                self.db.execute("insert into article values (?, ?, ?, ?, ?, ?)", row)
                for topic in one.topics:
                    self.db.execute("insert into topic values (?, ?)", (n, topic))
                for key, _, _ in one.entities:
                    self.db.execute("insert into entity values (?, ?)", (n, key))
        self.db.executescript(
            "create index t on topic(n); create index e on entity(n); analyze;"
            "insert into text(text) values('optimize');"
        )

    def ask(self, text: str, *, facets: bool) -> tuple[int, str]:
        """Ask a query; return how many were found, and a note where it was cut."""
        asked = self.translated(text)
        if asked is None:
            return 0, "can't"
        where = "select rowid from text where text match ?"
        total = self.db.execute(f"select count(*) from ({where})", (asked,)).fetchone()[0]  # noqa: S608 - ours
        self.db.execute(
            "select id from text join article on n = text.rowid where text match ?"
            " order by bm25(text, 2.5, 1, 0.6) limit 20",
            (asked,),
        ).fetchall()
        if facets:
            for table, column in (
                ("topic", "value"),
                ("entity", "value"),
                ("article", "source"),
                ("article", "lang"),
                ("article", "day"),
            ):
                self.db.execute(
                    f"select {column}, count(*) c from {table} where n in ({where})"  # noqa: S608 - ours
                    f" group by 1 order by c desc limit 20",
                    (asked,),
                ).fetchall()
        return total, ""

    @staticmethod
    def translated(text: str) -> str | None:
        """Return a query in FTS5's language, None for what it can't say."""
        if re.search(r"published:|source:|topic:|~|\?|\*\w|^\*|^NOT|\^", text):
            return None
        return re.sub(r"(\w+):(\w+)", r"{\1}: \2", text)


class RawTantivy:
    """Tantivy as its manual shows it, with the same fields."""

    name = "raw tantivy"

    def __init__(self, directory: Path) -> None:
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for field in ("title", "summary", "body"):
            builder.add_text_field(field, tokenizer_name="en_stem")
        for field in ("source", "lang", "topic", "entity"):
            builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_date_field("published", indexed=True, fast=True)
        builder.add_integer_field("day", fast=True)
        directory.mkdir()
        self.directory = directory
        self.store = tantivy.Index(builder.build(), path=str(directory))

    def index(self, found: Iterator[Document]) -> None:
        """Index all articles."""
        writer = self.store.writer(128_000_000, 1)
        for one in found:
            made = self.tantivy.Document()
            made.add_text("id", one.id)
            for field in ("title", "summary", "body", "source"):
                made.add_text(field, getattr(one, field))
            made.add_text("lang", one.language)
            for topic in one.topics:
                made.add_text("topic", topic)
            for key, _, _ in one.entities:
                made.add_text("entity", key)
            if one.published is not None:
                made.add_date("published", one.published)
                made.add_integer("day", one.published.toordinal())
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        self.store.reload()

    def ask(self, text: str, *, facets: bool) -> tuple[int, str]:
        """Ask a query; return how many were found, and a note where it was cut."""
        if re.search(r"published:|~|\?|\w\*|\*\w|^NOT", text):
            return 0, "can't"
        searcher = self.store.searcher()
        query = self.store.parse_query(
            text,
            ["title", "summary", "body"],
            field_boosts={"title": 2.5, "body": 0.6},
            conjunction_by_default=True,
        )
        found = searcher.search(query, limit=20)
        for _, address in found.hits:
            searcher.doc(address)["id"]
        if facets:
            asked = {f: {"terms": {"field": f, "size": 20}} for f in FACETS}
            searcher.aggregate(query, asked)
        return found.count, ""


class Timing:
    """The times of one system, with or without facets, in milliseconds."""

    def __init__(self) -> None:
        self.first: list[float] = []
        self.best: list[float] = []

    def take(self, ask: Callable[[], tuple[int, str]], slow: float = 2.0) -> tuple[int, str]:
        """Time a query: the first time, and the best of three (of one where it is slow)."""
        times = []
        answer = (0, "")
        for _ in range(3):
            began = time.perf_counter()
            answer = ask()
            times.append((time.perf_counter() - began) * 1000)
            if answer[1] == "can't":
                return answer
            if times[-1] > slow * 1000:
                break
        self.first.append(times[0])
        self.best.append(min(times))
        return answer

    def __str__(self) -> str:
        def spread(times: list[float]) -> str:
            ordered = sorted(times)
            high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
            middle = statistics.median(ordered)
            return f"median {middle:8.1f}  95th {high:8.1f}  worst {ordered[-1]:8.1f}"

        return f"{len(self.best)} queries; first {spread(self.first)}; again {spread(self.best)}"


def built(system: Any, archives: list[str], limit: int) -> Any:
    """Index the archives in a system and print what that took."""
    found = list(documents(archives, limit))
    gc.collect()
    began = time.perf_counter()
    system.index(iter(found))
    seconds = time.perf_counter() - began
    size = sum(f.stat().st_size for f in system.directory.rglob("*") if f.is_file()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"{system.name:18} {len(found):,} documents, {len(found) / seconds:,.0f}/s, {size:,.0f} MB,"
        f" peak memory of all so far {peak:,.0f} MB",
        flush=True,
    )
    return system


def main() -> None:
    """Index, ask, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("archives", nargs="+")
    arguments.add_argument("--engines", default="whoosh,tantivy")
    arguments.add_argument("--limit", type=int, default=10**9)
    arguments.add_argument("--raw", default="whoosh,tantivy,fts5", help="raw libraries beside")
    given = arguments.parse_args()
    raw = {"whoosh": RawWhoosh, "tantivy": RawTantivy, "fts5": Fts5}
    with tempfile.TemporaryDirectory(prefix="slugline-bench-") as name:
        place = Path(name)
        systems = [Ours(engine, place / "ours") for engine in given.engines.split(",") if engine]
        systems += [raw[kind](place / kind) for kind in given.raw.split(",") if kind]
        for system in systems:
            built(system, given.archives, given.limit)
        timings = {(s.name, facets): Timing() for s in systems for facets in (False, True)}
        for text in queries():
            cells = []
            for system in systems:
                for facets in (False, True):
                    ask = partial(system.ask, text, facets=facets)
                    timing = timings[system.name, facets]
                    total, note = timing.take(ask)
                    cells.append("-" if note == "can't" else f"{timing.best[-1]:.1f}")
                cells.append(f"({total:,}{' ' + note if note else ''})")
            print(f"{text[:44]:44} {' '.join(cells)}", flush=True)
        for (system_name, facets), timing in timings.items():
            print(f"{system_name:18} {'with five' if facets else 'no':>9} facets: {timing}")


if __name__ == "__main__":
    main()
