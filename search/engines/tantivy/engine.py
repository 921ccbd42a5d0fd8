"""The fast embedded engine: Tantivy, a search library in Rust; needs the extra `tantivy`.

`schema` beside this module says how articles are kept, `query` how a query is put to Tantivy, and
`answer` finds, ranks and counts.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.errors import DamagedIndexError, EngineError, UnsupportedQueryError
from models.wording import why_refused
from search.document import Document
from search.engine import FACETS, Answer, Question
from search.engines.tantivy.answer import Asking
from search.engines.tantivy.files import (
    REBUILD,
    REFUSED,
    damage_in_words,
    damaged,
    damaged_files,
    is_panic,
    keep_checksums,
    misfit,
    misfitting,
    unwritten,
)
from search.engines.tantivy.schema import VERSION, schema, sound, to_tantivy
from search.engines.tantivy.state import State
from search.limits import Limits
from search.query.nodes import Node


class TantivyEngine:
    """A search index in a directory of its own.

    `time_limit` is in seconds a search, `expansion_limit` the words a pattern may stand for,
    `lock_timeout` how many seconds to wait for another process that writes, `memory_mb` what
    Tantivy's writer may take before it writes a segment. Where scores and seconds of publication
    are equal, only the first letters of the id decide, and then the place in the index.
    """

    name = "tantivy"

    def __init__(
        self,
        directory: Path,
        *,
        time_limit: float = 1.0,
        expansion_limit: int = 1_000,
        lock_timeout: float = 60.0,
        memory_mb: int = 128,
    ) -> None:
        import tantivy

        self._tantivy = tantivy
        self.directory = directory
        self.time_limit = time_limit
        self.expansion_limit = expansion_limit
        self.lock_timeout = lock_timeout
        self.memory_mb = memory_mb
        self._index: Any = None
        self._state: State | None = None

    # writing

    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        """Add or replace documents and remove ids, all of it or nothing."""
        self._write(documents, removed, anew=False)

    def replace(self, documents: Iterable[Document]) -> None:
        """Put documents in the place of all there are; until they are in, the old ones serve."""
        try:
            self.check()
        except EngineError:  # it serves nobody, and must not be read for the new one
            self.close()
            shutil.rmtree(self.directory, ignore_errors=True)
        self._write(documents, (), anew=True)

    def _write(self, documents: Iterable[Document], removed: Iterable[str], *, anew: bool) -> None:
        """Write documents and removals in one commit, or nothing at all."""
        writer = self._writer()
        try:
            if anew:
                writer.delete_all_documents()
            fresh: set[str] = set()
            for document in documents:
                id_ = sound(document.id)
                if not anew or id_ in fresh:
                    writer.delete_documents_by_term("id", id_)
                fresh.add(id_)
                writer.add_document(to_tantivy(self._tantivy, document))
            for id_ in removed:
                writer.delete_documents_by_term("id", sound(id_))
            writer.commit()
            writer.garbage_collect_files()
        except BaseException as error:
            with suppress(ValueError):
                writer.rollback()
            if isinstance(error, ValueError) or is_panic(error):
                raise unwritten(self.directory, error) from error
            raise
        finally:
            with damage_in_words(self.directory):
                writer.wait_merging_threads()
        keep_checksums(self.directory)

    def _writer(self) -> Any:
        index = self._opened()
        deadline = time.monotonic() + self.lock_timeout
        while True:
            try:
                return index.writer(max(self.memory_mb, 16) * 1_000_000, 1)
            except ValueError as error:
                if "Lock" not in str(error):
                    raise damaged(self.directory, error) from error
                if time.monotonic() > deadline:
                    raise EngineError(
                        f"Another process has been writing the index in {self.directory} for more "
                        f"than {self.lock_timeout:g} seconds; try again when it is done"
                    ) from error
                time.sleep(0.05)

    # opening and keeping up

    def _opened(self) -> Any:
        if self._index is None:
            self._index = self._open()
        return self._index

    def _open(self) -> Any:
        """Open the index, or make an empty one; raises DamagedIndexError where it can't be used."""
        marker = self.directory / "slugline-version"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            if not (self.directory / "meta.json").exists():
                if any(self.directory.glob("*.store")):
                    raise DamagedIndexError(
                        f"The index in {self.directory} has lost its table of contents; {REBUILD}"
                    )
                marker.write_text(VERSION)
            elif not marker.exists() or marker.read_text() != VERSION:
                raise DamagedIndexError(
                    f"The index in {self.directory} was made by another version of Slugline; "
                    f"{REBUILD}"
                )
            index = self._tantivy.Index(schema(self._tantivy), path=str(self.directory))
            index.config_reader("manual")
            if misfits := misfitting(self.directory):
                raise misfit(self.directory, misfits)
        except OSError as error:
            if error.errno in REFUSED:
                raise EngineError(
                    f"The index in {self.directory} can't be written: {why_refused(error)}."
                ) from error
            raise damaged(self.directory, error) from error
        except ValueError as error:
            raise damaged(self.directory, error) from error
        return index

    def generation(self) -> str:
        """Return when the file was written that names what belongs to the index."""
        return "-".join(map(str, self._current().mark))

    def warning(self) -> str:
        """Nothing: an index of files is whole, or damaged, which `check` tells."""
        return ""

    def check(self) -> None:
        """Read all files and compare them with their checksums."""
        with damage_in_words(self.directory):
            self._current()
        if wrong := damaged_files(self.directory):
            raise misfit(self.directory, wrong)

    def _current(self) -> State:
        """Return the latest state of the index."""
        index = self._opened()
        with damage_in_words(self.directory):
            written = (self.directory / "meta.json").stat()
            mark = (written.st_mtime_ns, written.st_ino)
            state = self._state
            if state is None or state.mark != mark:
                index.reload()
                state = self._state = State(
                    self.directory, self._tantivy, index.schema, index.searcher(), mark
                )
        return state

    # asking

    def search(self, question: Question) -> Answer:
        """Find, rank and count."""
        unknown = set(question.facets) - set(FACETS)
        if unknown:
            raise UnsupportedQueryError(f"There is no facet {', '.join(sorted(unknown))}")
        state = self._current()
        limits = Limits(time.monotonic() + self.time_limit, self.expansion_limit)
        with damage_in_words(self.directory):
            return Asking(state, limits).answer(question)

    def matching(self, query: Node) -> Iterator[str]:
        """Yield the ids of all that match, newest first, without a limit of time."""
        state = self._current()
        with damage_in_words(self.directory):
            everything = Asking(state, Limits(float("inf"), 2**31)).everything(query)
        yield from self._in_order(state, everything)

    def _in_order(self, state: State, query: Any) -> Iterator[str]:
        """Yield the ids of all that a Tantivy query matches, newest first."""
        with damage_in_words(self.directory):
            addresses = state.in_order(query, max(state.searcher.num_docs, 1))[0]
        for address in addresses:
            with damage_in_words(self.directory):
                id_ = state.id(address)
            yield id_

    def suggest(self, word: str) -> str:
        """Return the indexed word that was probably meant, or ""."""
        with damage_in_words(self.directory):
            return self._current().vocabulary.meant(word)

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the commonest words that begin so."""
        with damage_in_words(self.directory):
            return self._current().vocabulary.completions(prefix, limit)

    def ids(self) -> Iterator[str]:
        """Yield the ids of all that is indexed."""
        yield from self._in_order(self._current(), self._tantivy.Query.all_query())

    def count(self) -> int:
        """Return how many documents are indexed."""
        return int(self._current().searcher.num_docs)

    def close(self) -> None:
        """Let go of the files."""
        self._index = self._state = None
