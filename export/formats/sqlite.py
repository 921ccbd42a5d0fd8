"""SQLite: one file with tables and a full-text index, which Datasette opens as it is.

`articles` holds one row an article and `articles_fts` its words; `article_topics`,
`article_entities` and `mentions` refer to it (and `list_notes`, where a list is exported),
`entities` and `topics` to what there is of each.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from export.files import BuiltFile
from export.record import Record, corrections, iso, story, versions
from export.values import VALUES, Value
from export.write_options import WriteOptions
from models.batches import batches
from models.wikidata import wikidata

BATCH = 2_000
_TABLES = """
CREATE TABLE topics (slug TEXT PRIMARY KEY, name TEXT, media_topics TEXT);
CREATE TABLE entities (key TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, wikidata TEXT);
CREATE TABLE article_topics (
    article TEXT NOT NULL REFERENCES articles(id), topic TEXT NOT NULL REFERENCES topics(slug),
    score REAL NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (article, topic)
);
CREATE TABLE article_entities (
    article TEXT NOT NULL REFERENCES articles(id), entity TEXT NOT NULL REFERENCES entities(key),
    count INTEGER NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (article, entity)
);
CREATE TABLE mentions (
    article TEXT NOT NULL REFERENCES articles(id), field TEXT NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, text TEXT NOT NULL, label TEXT NOT NULL,
    entity TEXT REFERENCES entities(key), origin TEXT NOT NULL
);
"""
_NOTES_TABLE = """
CREATE TABLE list_notes (
    article TEXT NOT NULL REFERENCES articles(id), list TEXT NOT NULL, kind TEXT NOT NULL,
    note TEXT NOT NULL, tags TEXT NOT NULL, quote TEXT NOT NULL
);
CREATE INDEX list_notes_article ON list_notes(article);
"""
_INDEXES = """
CREATE INDEX article_topics_topic ON article_topics(topic);
CREATE INDEX article_entities_entity ON article_entities(entity);
CREATE INDEX mentions_article ON mentions(article);
CREATE INDEX mentions_entity ON mentions(entity);
"""
_IN_TABLES = {"topics", "entities", "mentions", "lists"}
_INTEGERS = {"version"}
_TIMES = {"published", "fetched"}
_NOTHING = "[]"
_SEARCHED = ("title", "summary", "body")


class Sqlite(BuiltFile):
    """A database of its own; nothing of the store's inner numbers is in it."""

    def write(self, records: Iterable[Record], out: Path, options: WriteOptions) -> None:
        """Write the records a batch at a time, then the indexes."""
        flat = tuple(dict.fromkeys(("id", *(c for c in options.columns if c not in _IN_TABLES))))
        try:
            self._write(records, out, flat, options)
        except sqlite3.OperationalError as error:
            if "disk is full" in str(error):
                raise OSError(errno.ENOSPC, str(error)) from error
            raise OSError(errno.EIO, f"{error}; is the disk full?") from error

    def _write(
        self, records: Iterable[Record], out: Path, flat: tuple[str, ...], options: WriteOptions
    ) -> None:
        with closing(sqlite3.connect(out, isolation_level=None)) as database:
            # The file takes its name only when it is complete, so a journal would save nothing.
            database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
            database.executescript(_articles_table(flat) + _TABLES)
            if options.notes:
                database.executescript(_NOTES_TABLE)
            for batch in batches(records, BATCH):
                database.execute("BEGIN")
                _insert(database, batch, flat, options)
                if options.notes:
                    _insert_notes(database, batch)
                database.execute("COMMIT")
            database.executescript(_INDEXES)
            _index_texts(database, flat)
            for name in ("published", "source"):
                if name in flat:
                    database.execute(f"CREATE INDEX articles_{name} ON articles({name})")
            database.execute("PRAGMA optimize")


def _articles_table(columns: Iterable[str]) -> str:
    kinds = ", ".join(
        f"{name} {'INTEGER' if name in _INTEGERS else 'TEXT'}"
        f"{' PRIMARY KEY' if name == 'id' else ''}"
        for name in columns
    )
    return f"CREATE TABLE articles ({kinds});"


def _insert(
    database: sqlite3.Connection,
    records: list[Record],
    columns: tuple[str, ...],
    options: WriteOptions,
) -> None:
    """Write a batch of articles and their tags into all tables."""
    marks = ", ".join("?" * len(columns))
    cells = [map(_cell(name, options), records) for name in columns]
    insert = f"INSERT INTO articles VALUES ({marks})"  # noqa: S608 - marks only
    database.executemany(insert, zip(*cells, strict=True))
    ids = [record.tagged.article.id for record in records]
    topics = list(zip(ids, map(VALUES["topics"], records), strict=True))
    slugs = dict.fromkeys(slug for _, found in topics for slug, *_ in found)
    database.executemany(
        "INSERT OR IGNORE INTO topics VALUES (?, ?, ?)",
        [(slug, *_told_of(slug, options)) for slug in slugs],
    )
    database.executemany(
        "INSERT INTO article_topics VALUES (?, ?, ?, ?)",
        ((article, *topic) for article, found in topics for topic in found),
    )
    entities = [(record.tagged.article.id, e) for record in records for e in record.tagged.entities]
    database.executemany(
        "INSERT OR IGNORE INTO entities VALUES (?, ?, ?, ?)",
        dict.fromkeys((e.key, e.name, e.type, wikidata(e.key) or None) for _, e in entities),
    )
    database.executemany(
        "INSERT INTO article_entities VALUES (?, ?, ?, ?)",
        ((article, e.key, e.count, e.origin.value) for article, e in entities),
    )
    mentions = zip(ids, map(VALUES["mentions"], records), strict=True)
    database.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((article, *mention) for article, found in mentions for mention in found),
    )


def _insert_notes(database: sqlite3.Connection, records: list[Record]) -> None:
    database.executemany(
        "INSERT INTO list_notes VALUES (?, ?, ?, ?, ?, ?)",
        (
            (record.tagged.article.id, name, kind, note, "; ".join(tags), quote)
            for record in records
            for name, kind, note, tags, quote in VALUES["lists"](record)
        ),
    )


def _told_of(slug: str, options: WriteOptions) -> tuple[str, str]:
    name, codes = options.topics.get(slug, (slug, ()))
    return name, " ".join(codes)


def _cell(name: str, options: WriteOptions) -> Value:
    """Return what makes the cell of a column: times and nested values are texts, as in JSON."""
    value = VALUES[name]
    if name in _TIMES:
        return lambda record: iso(value(record))
    if name == "versions":
        return lambda record: (
            _json(versions(record, text=options.text)) if record.versions else _NOTHING
        )
    if name == "corrections":
        return lambda record: _json(corrections(record))
    if name == "story":
        return lambda record: _json(story(record.tagged.story)) if record.tagged.story else None
    if name == "categories":
        return lambda record: _json(value(record)) if value(record) else _NOTHING
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _index_texts(database: sqlite3.Connection, columns: tuple[str, ...]) -> None:
    searched = ", ".join(name for name in _SEARCHED if name in columns)
    if searched:
        database.executescript(
            f'CREATE VIRTUAL TABLE articles_fts USING fts5({searched}, content="articles")'
        )
        database.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
