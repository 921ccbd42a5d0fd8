"""The default engine: Whoosh keeps the words, numpy ranks and counts; pure Python, one directory.

Whoosh's index holds the posting lists (`postings`, beside this module); beside each of its segments
stand two files of ours: `.columns` with the values of its articles (written before the segment
counts) and `.words` with its vocabulary (made when missing). A search reads the lists it needs into
arrays and works the query out over all articles at once (`snapshot`), so that its cost is known
beforehand. Whoosh's files hold pickles: never take an index from anyone else.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from models.errors import DamagedIndexError, EngineError, UnsupportedQueryError
from search import vocabulary
from search.document import Document
from search.engine import FACETS, Answer, Question, Scored
from search.engines.checksums import Checksums, write_whole
from search.engines.whoosh import columns as columns_module
from search.engines.whoosh.columns import Columns
from search.engines.whoosh.columns_writer import ColumnsWriter
from search.engines.whoosh.evaluation import Evaluation
from search.engines.whoosh.files import (
    REBUILD,
    close_all,
    damaged,
    file,
    keep_with_commit,
    kept_checksums,
    misfit,
    open_index,
    unwritable,
)
from search.engines.whoosh.page import page_of, without_copies
from search.engines.whoosh.postings import PostingLists, codec, word_counts
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.writer import Writing
from search.limits import Limits
from search.query.nodes import Node
from search.vocabulary import Vocabulary

_FINDING = 0.8
"""The share of the time limit that finding may take; ranking and counting need the rest."""


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
        """Write documents and removals in one commit, or nothing at all."""
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
        except OSError as error:
            raise unwritable(self.directory, error) from error
        try:
            writing = Writing(self.directory, writer, anew=anew)
            writing.add(documents)
            writing.remove(removed)
        except BaseException as error:
            with contextlib.suppress(OSError):  # on a full disk
                writer.cancel()
            if isinstance(error, OSError):
                raise unwritable(self.directory, error) from error
            raise
        try:
            keep_with_commit(self.directory, writer)
            writer.commit(mergetype=writing.settle)
        except OSError as error:
            raise unwritable(self.directory, error) from error
        self._warm()

    # opening and keeping up

    def _opened(self, *, create: bool = False) -> Any:
        with self._lock:
            if self._index is None:
                self._index = open_index(self.directory, create=create)
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
        """Open the newest generation; a writer may take its files away meanwhile, so try again."""
        for _ in range(10):
            generation = index.latest_generation()
            readers: list[Any] = []
            try:
                kept = self._check_sizes(generation)
                reader = index.reader()
                readers = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
                parts = [self._columns_of(leaf, kept) for leaf in readers]
            except FileNotFoundError as error:
                close_all(readers)
                if index.latest_generation() == generation:
                    raise damaged(self.directory, error) from error
                time.sleep(0.05)  # a writer removed what it had just replaced
            except DamagedIndexError:
                raise
            except Exception as error:
                close_all(readers)
                raise damaged(self.directory, error) from error
            else:
                return generation, self._snapshot_of(readers, parts)
        raise EngineError(f"The index in {self.directory} lacks files; {REBUILD}")

    def _check_sizes(self, generation: int) -> Checksums:
        """Raise FileNotFoundError for a file that is gone, DamagedIndexError for a cut one."""
        kept = kept_checksums(self.directory, generation)
        if kept is None:
            return Checksums()  # an older version wrote it, or a writer is just replacing it
        if missing := kept.missing(self.directory):
            raise FileNotFoundError(f"{', '.join(missing)} is missing")
        if misfits := kept.misfits(self.directory):
            raise misfit(self.directory, misfits)
        return kept

    def generation(self) -> str:
        """Return the number of the newest commit, and its time: a wiped index counts anew."""
        index = self._opened(create=True)
        return f"{index.latest_generation()}-{index.last_modified()}"

    def warning(self) -> str:
        """Nothing: an index of files is whole, or damaged, which `check` tells."""
        return ""

    def check(self) -> None:
        """Read all files and compare them with their checksums."""
        with self._current():
            generation = self._generation
        kept = kept_checksums(self.directory, generation)
        if kept is not None and (wrong := kept.damaged(self.directory)):
            if self._opened().latest_generation() != generation:
                return self.check()  # a writer replaced them meanwhile
            raise misfit(self.directory, wrong)
        return None

    def _snapshot_of(self, readers: list[Any], parts: list[Columns]) -> Snapshot:
        live = np.ones(sum(len(part) for part in parts), dtype=bool)
        base = 0
        for reader, part in zip(readers, parts, strict=True):
            deleted = list(reader.segment().deleted_docs())
            live[np.array(deleted, dtype=np.int64) + base] = False
            base += len(part)
        lists = PostingLists(readers, lambda error: damaged(self.directory, error))
        columns = columns_module.joined(parts) if parts else ColumnsWriter().finish()
        return Snapshot(columns, live, lists, self._vocabulary_of)

    def _warm(self) -> None:
        """Read what was just written, so that the first search doesn't wait for it."""
        with self._current() as snapshot:
            snapshot.lists.each(self._vocabulary_of)

    def _columns_of(self, leaf: Any, kept: Checksums) -> Columns:
        path = file(self.directory, leaf.segment(), "columns")
        data = path.read_bytes()
        if not kept.holds(path.name, data):
            raise misfit(self.directory, [path.name])
        found = Columns.from_bytes(data)
        if len(found) != leaf.doc_count_all():
            raise ValueError("its files don't fit together")
        return found

    def _vocabulary_of(self, leaf: Any) -> Vocabulary:
        path = file(self.directory, leaf.segment(), "words")
        with contextlib.suppress(OSError, ValueError, KeyError, EOFError, BadZipFile):
            return Vocabulary.from_bytes(path.read_bytes())
        found = vocabulary.counted(word_counts(leaf))
        with contextlib.suppress(OSError):  # it can be made again
            write_whole(path, found.to_bytes())
        return found

    def _wipe(self) -> None:
        """Remove an index that can't be read, ours only."""
        with self._lock:
            self.close()
            for path in [
                *self.directory.glob("checksums-*.json"),
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
        with self._current() as snapshot:
            # What is read once, when the index is opened, is not at the cost of this search.
            limits = Limits(time.monotonic() + self.time_limit * _FINDING, self.expansion_limit)
            outcome = Evaluation(snapshot, limits).run(question.query)
        total = int(outcome.mask.sum())
        shown = without_copies(snapshot, outcome) if question.fold else outcome.mask
        rows = page_of(snapshot, outcome, shown, question)
        ids, scores = snapshot.columns.ids[rows], outcome.scores[rows]
        return Answer(
            total=total,
            hits=tuple(
                Scored(id_.decode(), round(float(score), 6))
                for id_, score in zip(ids, scores, strict=True)
            ),
            strict=int(outcome.strict.sum()),
            facets=snapshot.facets.count(question.facets, outcome.mask, question.facet_size),
            partial=limits.cut,
            folded=total - int(shown.sum()),
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
