"""The selection of an export: samples, splits, and changes since an earlier export.

The selection is kept in a temporary database on disk, so that memory does not grow with it, and
what is decided is decided by its contents alone: the same store gives the same selection.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from export.record import Record
from models.batches import batches
from models.tags import TaggedArticle

TRAIN, VALIDATION, TEST = "train", "validation", "test"
PARTS = (TRAIN, VALIDATION, TEST)
SHARES = (0.8, 0.9)
"""Where a split cuts: 80 % of the articles train, 10 % validate, 10 % test."""
BATCH = 1_000

_SCHEMA = """
CREATE TABLE chosen (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, stratum TEXT,
    story TEXT, published TEXT, part TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'added'
);
CREATE TABLE earlier (id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from an earlier export: numbers of articles."""

    added: int
    changed: int
    removed: int
    unchanged: int


class Selection:
    """The articles to export, in order; use it as a context manager."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA cache_size=-16384;" + _SCHEMA)
        for batch in batches(ids, BATCH):
            self._run(
                "INSERT OR IGNORE INTO chosen (id, hash) VALUES (?, ?)",
                [(one, _hash(one)) for one in batch],
            )

    def __enter__(self) -> Selection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the temporary database."""
        self._database.close()

    def count(self, part: str = "") -> int:
        """Return how many articles there are, in a part or in all."""
        query = "SELECT count(*) FROM chosen WHERE ? IN ('', part)"
        return int(self._database.execute(query, (part,)).fetchone()[0])

    def ids(self, part: str = "") -> Iterator[str]:
        """Yield the ids of a part, or of all, in the order of the selection."""
        last = 0
        query = "SELECT place, id FROM chosen WHERE place > ? AND ? IN ('', part) ORDER BY place"
        while rows := self._database.execute(f"{query} LIMIT {BATCH}", (last, part)).fetchall():
            yield from (row[1] for row in rows)
            last = rows[-1][0]

    def note(self, articles: Iterable[TaggedArticle], stratify: str) -> None:
        """Keep what sampling and splitting decide by; called with all articles."""
        for batch in batches(articles, BATCH):
            self._run(
                "UPDATE chosen SET stratum = ?, story = ?, published = ? WHERE id = ?",
                [(*_facts(tagged, stratify), tagged.article.id) for tagged in batch],
            )
        # A copy goes with the article that it repeats, wherever that one goes.
        self._database.execute(
            "UPDATE chosen SET story = coalesce("
            "(SELECT leader.story FROM chosen AS leader WHERE leader.id = chosen.story),"
            " story, id)"
        )
        # A split asks for each story; without the index it would read all articles for each.
        self._database.execute("CREATE INDEX chosen_story ON chosen(story)")

    def keep(self, wanted: Callable[[Record], bool], records: Iterable[Record]) -> None:
        """Leave out the articles whose records are not wanted."""
        for batch in batches(records, BATCH):
            gone = [(r.tagged.article.id,) for r in batch if not wanted(r)]
            self._run("DELETE FROM chosen WHERE id = ?", gone)

    def sample(self, size: int) -> None:
        """Keep `size` articles, each stratum in proportion to what it has of all.

        Shares are rounded by the largest remainder; within a stratum the articles with the smallest
        hashes are taken, so a larger sample holds the smaller one but for the rounding.
        """
        counts = dict(
            self._database.execute(
                "SELECT coalesce(stratum, ''), count(*) FROM chosen GROUP BY 1 ORDER BY 1"
            ).fetchall()
        )
        quota = quotas(counts, size)
        self._run("CREATE TABLE quota (stratum TEXT PRIMARY KEY, size INTEGER)", [()])
        self._run("INSERT INTO quota VALUES (?, ?)", list(quota.items()))
        self._database.execute(
            "DELETE FROM chosen WHERE place NOT IN (SELECT place FROM ("
            "SELECT place, size, row_number() OVER (PARTITION BY coalesce(chosen.stratum, '')"
            " ORDER BY hash) AS rank FROM chosen"
            " JOIN quota ON quota.stratum = coalesce(chosen.stratum, '')) WHERE rank <= size)"
        )

    def split(self, by: str) -> None:
        """Cut the articles into train, validation and test, never through a story or its copies.

        "hash" goes by the hash of the story, so an article stays in its part as the archive grows;
        "time" gives the oldest stories to train and the newest to test.
        """
        if by == "hash":
            groups = self._database.execute("SELECT DISTINCT story FROM chosen")
            while batch := groups.fetchmany(BATCH):
                self._run(
                    "UPDATE chosen SET part = ? WHERE story = ?",
                    [(_part(_share(story)), story) for (story,) in batch],
                )
            return
        self._database.execute(
            "WITH stories AS (SELECT story, min(coalesce(published, '')) AS first, count(*) AS n"
            " FROM chosen GROUP BY story),"
            " placed AS (SELECT story, CAST(sum(n) OVER (ORDER BY first, story) - n AS REAL)"
            " / sum(n) OVER () AS share FROM stories)"
            " UPDATE chosen SET part = (SELECT CASE WHEN share < ? THEN 'train'"
            " WHEN share < ? THEN 'validation' ELSE 'test' END"
            " FROM placed WHERE placed.story = chosen.story)",
            SHARES,
        )

    def compare(
        self, earlier: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]
    ) -> Changes:
        """Keep what is new or different since an earlier export.

        `earlier` are its rows, `rows` those of all articles now; they are compared in the columns
        that both have.
        """
        columns: tuple[str, ...] | None = None
        for batch in batches(earlier, BATCH):
            columns = columns or tuple(sorted(batch[0]))
            self._run(
                "INSERT OR REPLACE INTO earlier VALUES (?, ?)",
                [(str(row.get("id")), fingerprint(row, columns)) for row in batch],
            )
        for batch in batches(rows, BATCH):
            self._run(
                "UPDATE chosen SET state = coalesce((SELECT CASE WHEN fingerprint = ?"
                " THEN 'unchanged' ELSE 'changed' END FROM earlier WHERE id = chosen.id), 'added')"
                " WHERE id = ?",
                [(fingerprint(row, columns or ()), row["id"]) for row in batch],
            )
        counts = dict(
            self._database.execute("SELECT state, count(*) FROM chosen GROUP BY state").fetchall()
        )
        gone = "SELECT count(*) FROM earlier WHERE id NOT IN (SELECT id FROM chosen)"
        removed = int(self._database.execute(gone).fetchone()[0])
        self._database.executescript(
            "CREATE TABLE removed AS SELECT id FROM earlier"
            " WHERE id NOT IN (SELECT id FROM chosen) ORDER BY id;"
            "DELETE FROM chosen WHERE state = 'unchanged';"
        )
        return Changes(
            counts.get("added", 0), counts.get("changed", 0), removed, counts.get("unchanged", 0)
        )

    def changes(self) -> Iterator[tuple[str, str]]:
        """Yield (id, added | changed | removed) of all that is different; after `compare`."""
        yield from self._database.execute("SELECT id, state FROM chosen ORDER BY place")
        yield from self._database.execute("SELECT id, 'removed' FROM removed")

    def _run(self, statement: str, rows: list[Any]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(statement, rows)
        self._database.execute("COMMIT")


def quotas(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """Return how many to take of each stratum, `size` in all, in proportion to its count."""
    total = sum(counts.values())
    if size >= total:
        return dict(counts)
    exact = {name: size * count / total for name, count in counts.items()}
    taken = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(exact, key=lambda name: (taken[name] - exact[name], name))
    for name in by_rest[: size - sum(taken.values())]:
        taken[name] += 1
    return taken


def fingerprint(row: Mapping[str, Any], columns: Iterable[str]) -> str:
    """Return a hash of a row's values in these columns."""
    values = [row.get(name) for name in columns]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _facts(tagged: TaggedArticle, stratify: str) -> tuple[str, str, str | None]:
    article, topics = tagged.article, tagged.topics
    stratum = {
        "topic": topics[0].slug if topics else "",
        "source": article.source,
        "language": article.language,
    }.get(stratify, "")
    story = tagged.story
    group = f"story {story.id}" if story else article.duplicate_of or article.id
    return stratum, group, article.published.isoformat() if article.published else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _share(story: str) -> float:
    return int(_hash(story), 16) / 16**16


def _part(share: float) -> str:
    return TRAIN if share < SHARES[0] else VALIDATION if share < SHARES[1] else TEST
