"""The systems that are timed beside each other: our engines, and the raw libraries.

The raw ones are used as their manuals show, with the same fields as ours.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bench.search.archive import NOW
from search.document import Document
from search.engine import Question
from search.engines.registry import open_engine
from search.query.nodes import Node
from search.query.parse import parse

FACETS = ("topic", "entity", "source", "lang", "day")
CANT = "can't"
"""The note of a system that can't say a query."""


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
        answer = self.engine.search(Question(node, facets=FACETS if facets else (), fold=True))
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
        self.directory = directory
        if directory.exists():
            self.store = index.open_dir(directory)
        else:
            directory.mkdir(parents=True)
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

    def ask(self, text: str, *, facets: bool) -> tuple[int, str]:
        """Ask a query; return how many were found, and a note where it was cut."""
        from whoosh import collectors, sorting
        from whoosh.searching import TimeLimit

        self.searcher = self.searcher or self.store.searcher()
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
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.db = sqlite3.connect(directory / "fts.sqlite")
        self.db.executescript(
            """
            create virtual table if not exists text using fts5(
                title, summary, body, content='', tokenize='porter unicode61');
            create table if not exists article(
                n integer primary key, id, source, lang, published, day);
            create table if not exists topic(n integer, value);
            create table if not exists entity(n integer, value);
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
            return 0, CANT
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
        directory.mkdir(parents=True, exist_ok=True)
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
            return 0, CANT
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
        return found.count, ""  # type: ignore[attr-defined]  # its stub forgets it
