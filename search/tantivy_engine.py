"""The fast embedded engine: Tantivy, a search library in Rust; needs the extra `tantivy`.

How articles are kept is said in `search.tantivy_schema`, how a query is put to Tantivy in
`search.tantivy_query`; here is what is done with them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import EngineError, UnsupportedQueryError
from search import vocabulary
from search.engine import FACETS, Answer, Document, Question, Scored, Sort
from search.limits import FEW, MOST, Limits, steps
from search.query import (
    And,
    Node,
    members,
    relaxable,
)
from search.tantivy_query import Compiler, State
from search.tantivy_schema import FIRST_DAY, VERSION, schema, sound, to_tantivy

if TYPE_CHECKING:
    pass

_STRICT = 10_000.0
"""Added to the score of what has all the words, so that it stands above what has most."""
_ALL_BUCKETS = 60_000
_PAIRED = 40
"""Plain words of which pairs may stand for most."""
_NEAR_TOP = 100
"""Values of a facet that are looked at for which are the largest."""
_REBUILD = "make it anew from the store with: slugline index --rebuild"


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
            self._opened()
        except EngineError:
            self.close()
            shutil.rmtree(self.directory)
        self._write(documents, (), anew=True)

    def _write(self, documents: Iterable[Document], removed: Iterable[str], *, anew: bool) -> None:
        writer = self._writer()
        try:
            if anew:
                writer.delete_all_documents()
            for document in documents:
                id_ = sound(document.id)
                writer.delete_documents_by_term("id", id_)
                writer.add_document(to_tantivy(self._tantivy, document))
            for id_ in removed:
                writer.delete_documents_by_term("id", sound(id_))
            writer.commit()
            writer.garbage_collect_files()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()

    def _writer(self) -> Any:
        index = self._opened()
        deadline = time.monotonic() + self.lock_timeout
        while True:
            try:
                return index.writer(max(self.memory_mb, 16) * 1_000_000, 1)
            except ValueError as error:
                if "Lock" not in str(error):
                    raise _damaged(self.directory, error) from error
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
        marker = self.directory / "slugline-version"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            if not (self.directory / "meta.json").exists():
                marker.write_text(VERSION)
            elif not marker.exists() or marker.read_text() != VERSION:
                raise EngineError(
                    f"The index in {self.directory} was made by another version of Slugline; "
                    f"{_REBUILD}"
                )
            index = self._tantivy.Index(schema(self._tantivy), path=str(self.directory))
            index.config_reader("manual")
        except (OSError, ValueError) as error:
            raise _damaged(self.directory, error) from error
        return index

    def _current(self) -> State:
        """Return the latest state of the index."""
        index = self._opened()
        try:
            written = (self.directory / "meta.json").stat()
            mark = (written.st_mtime_ns, written.st_ino)
            state = self._state
            if state is None or state.mark != mark:
                index.reload()
                state = self._state = State(self._tantivy, index.schema, index.searcher(), mark)
        except (OSError, ValueError) as error:
            raise _damaged(self.directory, error) from error
        return state

    # asking

    def search(self, question: Question) -> Answer:
        """Find, rank and count."""
        unknown = set(question.facets) - set(FACETS)
        if unknown:
            raise UnsupportedQueryError(f"There is no facet {', '.join(sorted(unknown))}")
        limits = Limits(time.monotonic() + self.time_limit, self.expansion_limit)
        asking = _Asking(self._current(), limits)
        try:
            return asking.answer(question)
        except ValueError as error:
            raise EngineError(f"Tantivy can't answer: {error}") from error

    def matching(self, query: Node) -> Iterator[str]:
        """Yield the ids of all that match, newest first, without a limit of time."""
        state = self._current()
        asking = _Asking(state, Limits(float("inf"), 2**31))
        wanted, _, _ = asking.asked(query)
        for _, address in state.in_order(wanted, max(state.searcher.num_docs, 1)):
            yield state.id(address)

    def suggest(self, word: str) -> str:
        """Return the indexed word that was probably meant, or ""."""
        return self._current().vocabulary.meant(word)

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the commonest words that begin so."""
        return self._current().vocabulary.completions(prefix, limit)

    def ids(self) -> Iterator[str]:
        """Yield the ids of all that is indexed."""
        state = self._current()
        everything = self._tantivy.Query.all_query()
        for _, address in state.in_order(everything, max(state.searcher.num_docs, 1)):
            yield state.id(address)

    def count(self) -> int:
        """Return how many documents are indexed."""
        return int(self._current().searcher.num_docs)

    def close(self) -> None:
        """Let go of the files."""
        self._index = self._state = None


class _Asking:
    """One question to one state, within limits."""

    def __init__(self, state: State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.compile = Compiler(state, limits)
        self.make = self.compile.make
        self.occur = self.compile.occur

    def answer(self, question: Question) -> Answer:
        state = self.state
        wanted, total, strict = self.asked(question.query)
        hits: tuple[Scored, ...] = ()
        if question.limit > 0 and question.offset < total and not self.limits.over:
            hits = self._page(wanted, question)
        facets: Mapping[str, tuple[tuple[str, int], ...]] = dict.fromkeys(question.facets, ())
        if question.facets and state.searcher.num_docs and not self.limits.over:
            facets = self._facets(wanted, question)
        return Answer(total, hits, strict, facets, self.limits.cut)

    def asked(self, query: Node) -> tuple[Any, int, int]:
        """Return what to search for, how many match, and how many of them have all the words."""
        wanted = self.compile.compiled(query)
        if self.limits.over:
            return self.make.empty_query(), 0, 0
        strict = self.state.count(wanted)
        plain = relaxable(query)
        if plain is None or strict >= FEW:
            return wanted, strict, strict
        most = self._most(query, plain)
        if most is None or self.limits.over:
            return wanted, strict, strict
        above = self.make.const_score_query(wanted, _STRICT)
        either = self.compile.any_of([most, above])
        return either, self.state.count(either), strict

    def _most(self, query: Node, plain: And) -> Any | None:
        """Return the search for what has most of the plain words and fulfils all the rest."""
        asked = [self.compile.compiled(node) for node in plain.nodes]
        counts = [self.state.count(one) for one in asked]
        known = [(one, n) for one, n in zip(asked, counts, strict=True) if n]
        if not known:
            return None
        size = self.state.searcher.num_docs
        weights = [vocabulary.idf(n, size) for _, n in known]
        terms = [one for one, _ in known]
        should = [(self.occur.Should, one) for one in terms]
        numbered = list(enumerate(terms))
        telling = [
            self.compile.all_of([one for _, one in some])
            for few in (1, 2)
            for some in combinations(numbered[:_PAIRED], few)
            if sum(weights[at] for at, _ in some) >= MOST * sum(weights)
        ]
        rest = [self.compile.compiled(node) for node in members(query) if node is not plain]
        most = None
        for step in steps(len(terms)):
            enough = self.make.boolean_query(should, minimum_number_should_match=step)
            either = self.compile.unranked(self.compile.any_of([enough, *telling]))
            must = [(self.occur.Must, one) for one in (either, *rest)]
            most = self.make.boolean_query([*must, *should])
            if self.limits.over or self.state.count(most) >= FEW:
                break
        return most

    def _page(self, wanted: Any, question: Question) -> tuple[Scored, ...]:
        state, last = self.state, question.offset + question.limit
        if question.sort is Sort.NEWEST or not self.compile.ranks:
            hits = self._newest(wanted, question)
            return tuple(Scored(state.id(address), 0.0) for address in hits)
        depth = last
        while True:
            hits = state.searcher.search(wanted, limit=depth, count=False).hits
            # Hits of the same score may lie beyond: they are needed to put them in order.
            if len(hits) < depth or depth > 50_000 or _score(hits[-1]) != _score(hits[last - 1]):
                break
            depth = depth * 4 + 64
        orders = state.searcher.fast_field_values("order", [address for _, address in hits])
        ranked = sorted(
            zip(hits, orders, strict=True), key=lambda pair: (-_score(pair[0]), pair[1])
        )
        return tuple(
            Scored(state.id(hit[1]), _score(hit) % _STRICT)
            for hit, _ in ranked[question.offset : last]
        )

    def _newest(self, wanted: Any, question: Question) -> list[Any]:
        """Return the page by date: what has all the words first, as by relevance."""
        state, last = self.state, question.offset + question.limit
        strict = self.compile.compiled(question.query)
        first = [address for _, address in state.in_order(strict, last)]
        if len(first) < last:
            rest = self.make.boolean_query(
                [(self.occur.Must, wanted), (self.occur.MustNot, strict)]
            )
            first += [address for _, address in state.in_order(rest, last - len(first))]
        return first[question.offset : last]

    def _facets(self, wanted: Any, question: Question) -> Mapping[str, tuple[tuple[str, int], ...]]:
        found = self._buckets(
            wanted, {facet: _terms_of(facet, question) for facet in question.facets}
        )
        unsure = {
            facet: {
                "field": facet,
                "size": max(len(got["buckets"]), 1),
                "include": [one["key"] for one in got["buckets"]],
            }
            for facet, got in found.items()
            if got["doc_count_error_upper_bound"] and facet != "day"
        }
        for facet, exact in self._buckets(wanted, unsure).items():
            # Each segment gave its largest; what none gave can't be larger than the bound.
            bound = found[facet]["doc_count_error_upper_bound"]
            found[facet] = exact
            last = _counted(facet, exact["buckets"], question.facet_size)[-1:]
            if not last or last[0][1] < bound:
                every = {"field": facet, "size": _NEAR_TOP, "segment_size": _ALL_BUCKETS}
                found |= self._buckets(wanted, {facet: every})
        return {
            facet: _counted(facet, found[facet]["buckets"], question.facet_size)
            for facet in question.facets
        }

    def _buckets(self, wanted: Any, asked: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        if not asked:
            return {}
        terms = {facet: {"terms": dict(terms)} for facet, terms in asked.items()}
        return dict(self.state.searcher.aggregate(wanted, terms))


def _score(hit: tuple[float, Any]) -> float:
    return round(hit[0], 4)


def _terms_of(facet: str, question: Question) -> Mapping[str, Any]:
    if facet == "day":
        return {"field": facet, "size": _ALL_BUCKETS, "segment_size": _ALL_BUCKETS}
    return {
        "field": facet,
        "size": max(question.facet_size * 2, _NEAR_TOP),
        "segment_size": max(question.facet_size * 10, _NEAR_TOP * 10),
    }


def _counted(
    facet: str, buckets: Sequence[Mapping[str, Any]], size: int
) -> tuple[tuple[str, int], ...]:
    if facet == "day":
        days = sorted((int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
        return tuple(
            ((FIRST_DAY + timedelta(days=day)).date().isoformat(), count) for day, count in days
        )
    values = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return tuple(sorted(values, key=lambda pair: (-pair[1], pair[0]))[:size])


def _damaged(directory: Path, error: Exception) -> EngineError:
    return EngineError(f"The index in {directory} can't be read ({error}); {_REBUILD}")
