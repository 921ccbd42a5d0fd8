"""The default engine: Whoosh keeps the words, numpy ranks and counts; pure Python, one directory.

Whoosh's index holds the posting lists (`search.whoosh_words`); beside each of its segments stand
two files of ours: `.columns` with the values of its articles (written before the segment counts)
and `.words` with its vocabulary (made when missing). A search reads the lists it needs into arrays
and works the query out over all articles at once (`search.snapshot`), so that its cost is known
beforehand. Whoosh's files hold pickles: never take an index from anyone else.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import EngineError, UnsupportedQueryError
from search import columns as columns_module
from search import vocabulary
from search.columns import Columns, ColumnsWriter
from search.engine import FACETS, Answer, Document, Question, Scored, Sort
from search.limits import Limits
from search.query import Node
from search.snapshot import Evaluation, Outcome, Snapshot
from search.vocabulary import Vocabulary
from search.whoosh_words import Lists, add_segment, codec, postings_of, schema, word_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 1
"""The schema of the index; part of its files' names, so that another one is never misread."""

_NAME = f"slugline{VERSION}"
_REBUILD = "make it anew from the store with: slugline index --rebuild"
_TIER = 12
"""So many segments of about one size become one."""
_MAX_DELETED = 0.3
"""A segment with a larger share of removed articles is written anew."""


class WhooshEngine:
    """A search index in a directory of its own.

    `time_limit` is in seconds a search, `expansion_limit` the words a pattern may stand for,
    `lock_timeout` how many seconds to wait for another process that writes, `memory_mb` what
    Whoosh's writer may take before it sorts on disk.
    """

    name = "whoosh"

    def __init__(
        self,
        directory: Path,
        *,
        time_limit: float = 1.0,
        expansion_limit: int = 1_000,
        lock_timeout: float = 60.0,
        memory_mb: int = 128,
    ) -> None:
        self.directory = directory
        self.time_limit = time_limit
        self.expansion_limit = expansion_limit
        self.lock_timeout = lock_timeout
        self.memory_mb = memory_mb
        self._lock = threading.RLock()
        self._index: Any = None
        self._generation = -1
        self._snapshot: Snapshot | None = None
        self._users: Counter[int] = Counter()

    # writing

    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        """Add or replace documents and remove ids, all of it or nothing."""
        self._write(documents, removed, anew=False)

    def replace(self, documents: Iterable[Document]) -> None:
        """Put documents in the place of all there are; until they are in, the old ones serve."""
        try:
            self._opened(create=True)
        except EngineError:
            self._wipe()
        self._write(documents, (), anew=True)

    def _write(self, documents: Iterable[Document], removed: Iterable[str], *, anew: bool) -> None:
        from whoosh.index import LockError

        index = self._opened(create=True)
        try:
            # Not compound: Whoosh would copy all into one file, and ours with it.
            writer = index.writer(
                timeout=self.lock_timeout,
                delay=0.05,
                limitmb=self.memory_mb,
                codec=codec(),
                compound=False,
            )
        except LockError:
            raise EngineError(
                f"Another process has been writing the index in {self.directory} for more than "
                f"{self.lock_timeout:g} seconds; try again when it is done"
            ) from None
        try:
            writing = _Writing(self.directory, writer, anew=anew)
            writing.add(documents)
            writing.remove(removed)
        except BaseException:
            writer.cancel()
            raise
        try:
            writer.commit(mergetype=writing.settle)
        except OSError as error:
            raise EngineError(f"Can't write the index in {self.directory}: {error}") from error
        self._warm()

    # opening and keeping up

    def _opened(self, *, create: bool = False) -> Any:
        with self._lock:
            if self._index is None:
                self._index = _open(self.directory, create=create)
            return self._index

    @contextlib.contextmanager
    def _current(self) -> Iterator[Snapshot]:
        """Lend the latest state of the index; its files stay open as long as someone uses it."""
        index = self._opened(create=True)
        with self._lock:
            if self._snapshot is None or index.latest_generation() != self._generation:
                generation, snapshot = self._read(index)
                self._retire()
                self._generation, self._snapshot = generation, snapshot
            snapshot = self._snapshot
            self._users[id(snapshot)] += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._users[id(snapshot)] -= 1
                if snapshot is not self._snapshot:
                    self._close_unused(snapshot)

    def _retire(self) -> None:
        """Take the state that was, which another one follows; its last user closes its files."""
        snapshot, self._snapshot = self._snapshot, None
        if snapshot is not None:
            self._close_unused(snapshot)

    def _close_unused(self, snapshot: Snapshot) -> None:
        if not self._users[id(snapshot)]:
            del self._users[id(snapshot)]
            snapshot.lists.close()

    def _read(self, index: Any) -> tuple[int, Snapshot]:
        for _ in range(10):
            generation = index.latest_generation()
            readers: list[Any] = []
            try:
                reader = index.reader()
                readers = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
                parts = [self._columns_of(leaf) for leaf in readers]
            except FileNotFoundError as error:
                _close_all(readers)
                if index.latest_generation() == generation:
                    raise _damaged(self.directory, error) from error
                time.sleep(0.05)  # a writer removed what it had just replaced
            except Exception as error:
                _close_all(readers)
                raise _damaged(self.directory, error) from error
            else:
                return generation, self._snapshot_of(readers, parts)
        raise EngineError(f"The index in {self.directory} lacks files; {_REBUILD}")

    def _snapshot_of(self, readers: list[Any], parts: list[Columns]) -> Snapshot:
        live = np.ones(sum(len(part) for part in parts), dtype=bool)
        base = 0
        for reader, part in zip(readers, parts, strict=True):
            deleted = list(reader.segment().deleted_docs())
            live[np.array(deleted, dtype=np.int64) + base] = False
            base += len(part)
        lists = Lists(readers, lambda error: _damaged(self.directory, error))
        return Snapshot(columns_module.joined(parts), live, lists, self._vocabulary_of)

    def _warm(self) -> None:
        """Read what was just written, so that the first search doesn't wait for it."""
        with self._current() as snapshot:
            snapshot.lists.each(self._vocabulary_of)

    def _columns_of(self, leaf: Any) -> Columns:
        found = Columns.from_bytes(_file(self.directory, leaf.segment(), "columns").read_bytes())
        if len(found) != leaf.doc_count_all():
            raise ValueError("its files don't fit together")
        return found

    def _vocabulary_of(self, leaf: Any) -> Vocabulary:
        path = _file(self.directory, leaf.segment(), "words")
        with contextlib.suppress(OSError, ValueError, KeyError, EOFError):
            return Vocabulary.from_bytes(path.read_bytes())
        found = vocabulary.counted(word_counts(leaf))
        with contextlib.suppress(OSError):  # it can be made again
            _write_file(path, found.to_bytes())
        return found

    def _wipe(self) -> None:
        """Remove an index that can't be read, ours only."""
        with self._lock:
            self.close()
            for path in [
                *self.directory.glob("_slugline*.toc"),
                *self.directory.glob("slugline*_*.*"),
            ]:
                path.unlink(missing_ok=True)

    # asking

    def search(self, question: Question) -> Answer:
        """Find, rank and count."""
        unknown = set(question.facets) - set(FACETS)
        if unknown:
            raise UnsupportedQueryError(f"There is no facet {', '.join(sorted(unknown))}")
        limits = Limits(time.monotonic() + self.time_limit, self.expansion_limit)
        with self._current() as snapshot:
            outcome = Evaluation(snapshot, limits).run(question.query)
        rows = _ranked(snapshot.columns, outcome, question)
        ids, scores = snapshot.columns.ids[rows], outcome.scores[rows]
        return Answer(
            total=int(outcome.mask.sum()),
            hits=tuple(
                Scored(id_.decode(), round(float(score), 6))
                for id_, score in zip(ids, scores, strict=True)
            ),
            strict=int(outcome.strict.sum()),
            facets=_facets(snapshot.columns, outcome.mask, question.facets, question.facet_size),
            partial=limits.cut,
        )

    def matching(self, query: Node) -> Iterator[str]:
        """Yield the ids of all that match, newest first, without a limit of time."""
        limits = Limits(float("inf"), 2**31)
        with self._current() as snapshot:
            mask = Evaluation(snapshot, limits).run(query).mask
        rows = np.flatnonzero(mask)
        order = np.lexsort((snapshot.columns.ids[rows], -snapshot.columns.published[rows]))
        for row in rows[order]:
            yield snapshot.columns.ids[row].decode()

    def suggest(self, word: str) -> str:
        """Return the indexed word that was probably meant, or ""."""
        with self._current() as snapshot:
            known = snapshot.vocabulary
        return known.meant(word)

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the commonest words that begin so."""
        with self._current() as snapshot:
            known = snapshot.vocabulary
        return known.completions(prefix, limit)

    def ids(self) -> Iterator[str]:
        """Yield the ids of all that is indexed."""
        with self._current() as snapshot:
            pass
        for id_ in snapshot.columns.ids[snapshot.live]:
            yield id_.decode()

    def count(self) -> int:
        """Return how many documents are indexed."""
        with self._current() as snapshot:
            return snapshot.total

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._retire()
            self._index = None
            self._generation = -1


class _Writing:
    """One writing of documents: what goes into the new segment, and what becomes of the old."""

    def __init__(self, directory: Path, writer: Any, *, anew: bool) -> None:
        self.directory = directory
        self.writer = writer
        self.anew = anew
        self.new = ColumnsWriter()
        self.rows: dict[str, int] = {}
        self.twice: set[int] = set()
        self.old = [
            Columns.from_bytes(_file(directory, segment, "columns").read_bytes())
            for segment in writer.segments
            if not anew
        ]

    def add(self, documents: Iterable[Document]) -> None:
        for document in documents:
            lists, lengths = postings_of(document)
            row = len(self.new.ids)
            self.writer.add_document(**lists)
            self.new.add(document, lengths)
            earlier = self.rows.get(document.id)
            if earlier is not None:
                self.twice.add(earlier)
            self.rows[document.id] = row

    def remove(self, removed: Iterable[str]) -> None:
        gone = {*removed}
        for id_ in gone:
            if id_ in self.rows:
                self.twice.add(self.rows[id_])
        wanted = [id_.encode() for id_ in gone | self.rows.keys()]
        if not wanted:
            return
        for segment, columns in zip(self.writer.segments, self.old, strict=False):
            for row in np.flatnonzero(np.isin(columns.ids, np.array(wanted))).tolist():
                segment.delete_document(row)

    def settle(self, writer: Any, segments: list[Any]) -> list[Any]:
        """Merge what is due into the new segment, and write its columns; Whoosh calls this.

        The new segment's rows are the new documents, then what is left of the merged segments.
        """
        from whoosh.reading import SegmentReader

        parts = [self.new.finish()]
        kept = []
        merged = set() if self.anew else _due(segments, len(self.new.ids))
        for number, segment in enumerate(segments):
            if self.anew:
                continue
            if number not in merged:
                kept.append(segment)
                continue
            live = np.ones(segment.doc_count_all(), dtype=bool)
            live[np.array(list(segment.deleted_docs()), dtype=np.int64)] = False
            reader = SegmentReader(writer.storage, writer.schema, segment)
            try:
                add_segment(writer, reader, live)
            finally:
                reader.close()
            parts.append(self.old[number].kept(live))
        for row in sorted(self.twice):
            writer.newsegment.delete_document(row)
        if any(len(part) for part in parts):
            columns = columns_module.joined(parts)
            _write_file(_file(self.directory, writer.newsegment, "columns"), columns.to_bytes())
        return kept


def _due(segments: Sequence[Any], added: int) -> set[int]:
    """Return the numbers of the segments to merge: where there are many of a size, or much is gone.

    A merge takes all segments up to the largest size of which there are too many.
    """
    due = {
        number
        for number, segment in enumerate(segments)
        if segment.deleted_count() > _MAX_DELETED * segment.doc_count_all()
    }
    sizes = sorted((segment.doc_count(), n) for n, segment in enumerate(segments))
    together = added
    for smaller, (size, _) in enumerate(sizes, 1):
        together += size
        if smaller >= _TIER - 1 and size <= together / 3:
            due |= {n for _, n in sizes[:smaller]}
    return due


def _open(directory: Path, *, create: bool) -> Any:
    from whoosh import index
    from whoosh.filedb.filestore import FileStorage

    try:
        directory.mkdir(parents=True, exist_ok=True)
        ours = [path.name for path in directory.glob("_slugline*_*.toc")]
        if any(name.startswith(f"_{_NAME}_") for name in ours):
            return index.FileIndex(FileStorage(str(directory)), indexname=_NAME)
        if ours:
            raise EngineError(
                f"The index in {directory} was made by another version of Slugline; {_REBUILD}"
            )
        if create:
            return index.FileIndex.create(FileStorage(str(directory)), schema(), _NAME)
    except EngineError:
        raise
    except Exception as error:
        raise _damaged(directory, error) from error
    raise EngineError(f"There is no index in {directory}; {_REBUILD}")


def _damaged(directory: Path, error: Exception) -> EngineError:
    return EngineError(
        f"The index in {directory} can't be read ({type(error).__name__}: {error}); {_REBUILD}"
    )


def _close_all(readers: Iterable[Any]) -> None:
    for reader in readers:
        reader.close()


def _file(directory: Path, segment: Any, ending: str) -> Path:
    """Return the path of a file of ours beside a segment; Whoosh removes it with the segment."""
    return directory / f"{segment.segment_id()}.{ending}"


def _write_file(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(data)
    temporary.replace(path)


def _ranked(columns: Columns, outcome: Outcome, question: Question) -> NDArray[np.int64]:
    """Return the rows of one page: those with all the words first, then by the sort, then ties."""
    rows = np.flatnonzero(outcome.mask)
    last = question.offset + question.limit
    if last <= 0 or question.offset >= len(rows):
        return np.zeros(0, dtype=np.int64)
    newest = -columns.published
    keys: list[NDArray[Any]] = [~outcome.strict]
    if question.sort is Sort.RELEVANCE:
        keys.append(-np.round(outcome.scores, 5))
    keys.append(newest)
    for key in keys:
        rows = _first(rows, key, last, keys)
    order = np.lexsort((columns.ids[rows], *(key[rows] for key in reversed(keys))))
    page: NDArray[np.int64] = rows[order][question.offset : last]
    return page


def _first(
    rows: NDArray[np.int64], key: NDArray[Any], count: int, keys: list[NDArray[Any]]
) -> NDArray[np.int64]:
    """Leave out rows that can't be among the first `count`, since a key puts them behind."""
    if len(rows) <= count:
        return rows
    before = keys[: next(i for i, k in enumerate(keys) if k is key)]
    values = key[rows]
    if before:
        # Only rows that are equal in all earlier keys to the last one needed can be left out.
        order = np.lexsort(tuple(k[rows] for k in reversed(before)))
        at = order[count - 1]
        tied = np.logical_and.reduce([k[rows] == k[rows[at]] for k in before])
    else:
        tied = np.ones(len(rows), dtype=bool)
    needed = count - int(len(rows) - tied.sum())
    if needed <= 0 or needed >= int(tied.sum()):
        return rows
    limit = np.partition(values[tied], needed - 1)[needed - 1]
    kept: NDArray[np.int64] = rows[~tied | (values <= limit)]
    return kept


def _facets(
    columns: Columns, mask: NDArray[np.bool_], facets: Sequence[str], size: int
) -> Mapping[str, tuple[tuple[str, int], ...]]:
    return {facet: _facet(columns, mask, facet, size) for facet in facets}


def _facet(
    columns: Columns, mask: NDArray[np.bool_], facet: str, size: int
) -> tuple[tuple[str, int], ...]:
    if facet == "day":
        return _days(columns, mask)
    begin = "" if facet not in {"person", "org", "place"} else f"{facet}/"
    column = columns.values["entity" if begin else facet]
    counts = column.counted(mask)
    some = np.flatnonzero(counts)
    if not begin and len(some) > size * 4:
        least = np.partition(counts[some], len(some) - size)[len(some) - size]
        some = some[counts[some] >= least]
    values = [(column.names[i], int(counts[i])) for i in some.tolist()]
    values = [pair for pair in values if pair[0].startswith(begin)]
    return tuple(sorted(values, key=lambda pair: (-pair[1], pair[0]))[:size])


def _days(columns: Columns, mask: NDArray[np.bool_]) -> tuple[tuple[str, int], ...]:
    """Return the histogram of days, earliest first, all of them."""
    days, counts = np.unique(
        columns.days()[mask & (columns.published > -(2**61))], return_counts=True
    )
    first = datetime(1970, 1, 1, tzinfo=UTC)
    return tuple(
        ((first + timedelta(days=day)).date().isoformat(), count)
        for day, count in zip(days.tolist(), counts.tolist(), strict=True)
    )
