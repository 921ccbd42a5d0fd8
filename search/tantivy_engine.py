"""The fast embedded engine: Tantivy, a search library in Rust; needs the extra `tantivy`.

Words are made by `search.words`, as for every engine, and handed to Tantivy with spaces between.
`stems` holds the stems of title, summary and body, a stem of the title five times, of the summary
twice: repeating a word by the weight of its field makes BM25 over one field into BM25F over three
(Robertson, Zaragoza & Taylor 2004). The other text fields serve phrases, patterns and searches in
one field; values are kept as they are, to filter by and to count.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import EngineError, UnsupportedQueryError
from search import vocabulary
from search.engine import FACETS, Answer, Document, Question, Scored, Sort
from search.limits import FEW, MOST, Limits
from search.query import (
    ANYWHERE,
    All,
    And,
    Boost,
    DateRange,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
    members,
    relaxable,
)
from search.values import Lookup, Pattern
from search.words import stem, stems, words

if TYPE_CHECKING:
    from search.vocabulary import Vocabulary

VERSION = "1"
"""The schema of the index; one with another is never read."""

TEXT = ("title", "summary", "body")
REPEATED = {"title": 5, "summary": 2, "body": 1}
"""How often a stem of each field stands in the field of all stems."""
TITLE_BOOST = 2.5
VALUES = ("topic", "entity", "source", "host", "section", "lang", "cluster")
_FACET_FIELDS = {name: name for name in (*VALUES, "person", "org", "place", "day")}
_BETWEEN = "\x1f"
_STRICT = 10_000.0
"""Added to the score of what has all the words, so that it stands above what has most."""
_ALL_BUCKETS = 60_000
_MAX_WAYS = 300
"""Ways in which the words of a phrase may stand apart."""
_REBUILD = "make it anew from the store with: slugline index --rebuild"
_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)


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
        self._state: _State | None = None

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
                id_ = _sound(document.id)
                writer.delete_documents_by_term("id", id_)
                writer.add_document(self._document(document))
            for id_ in removed:
                writer.delete_documents_by_term("id", _sound(id_))
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

    def _document(self, document: Document) -> Any:
        made = self._tantivy.Document()
        made.add_text("id", _sound(document.id))
        texts = {"title": document.title, "summary": document.summary, "body": document.body}
        all_stems: list[str] = []
        all_words: list[str] = []
        for field, text in texts.items():
            found = words(_sound(text))
            stemmed = [stem(word, document.language) for word in found]
            made.add_text(field, " ".join(found))
            made.add_text(f"{field}_stems", " ".join(stemmed))
            all_words += found
            all_stems += stemmed * REPEATED[field]
        made.add_text("words", " ".join(all_words))
        made.add_text("stems", " ".join(all_stems))
        for field, value in _values(document):
            made.add_text(field, value)
        if document.published is not None:
            made.add_integer("published", _micros(document.published))
            made.add_integer("day", (document.published - _FIRST_DAY) // timedelta(days=1))
        made.add_unsigned("order", _order(document))
        return made

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
            index = self._tantivy.Index(_schema(self._tantivy), path=str(self.directory))
            index.config_reader("manual")
        except (OSError, ValueError) as error:
            raise _damaged(self.directory, error) from error
        return index

    def _current(self) -> _State:
        """Return the latest state of the index."""
        index = self._opened()
        try:
            written = (self.directory / "meta.json").stat()
            mark = (written.st_mtime_ns, written.st_ino)
            state = self._state
            if state is None or state.mark != mark:
                index.reload()
                state = self._state = _State(self._tantivy, index.schema, index.searcher(), mark)
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


@dataclass
class _State:
    """One state of the index, and what was read from it."""

    tantivy: Any
    schema: Any
    searcher: Any
    mark: tuple[int, int]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        found = self.searcher.terms_with_prefix("words", "")
        return vocabulary.counted(sorted(found))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.values("lang"))

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.values, self.pairs)

    def values(self, field: str) -> list[str]:
        return [value for value, _ in self.searcher.terms_with_prefix(field, "")]

    def pairs(self) -> list[tuple[str, str]]:
        split = (pair.partition(_BETWEEN) for pair in self.values("entity_name"))
        return [(key, name) for key, _, name in split]

    def id(self, address: Any) -> str:
        return str(self.searcher.doc(address)["id"][0])

    def count(self, query: Any) -> int:
        return int(self.searcher.search(query, limit=1).count)

    def in_order(self, query: Any, count: int) -> list[tuple[Any, Any]]:
        """Return the first hits by date, newest first."""
        order = self.tantivy.Order.Asc
        found = self.searcher.search(query, limit=count, order_by_field="order", order=order)
        return list(found.hits)


class _Asking:
    """One question to one state, within limits."""

    def __init__(self, state: _State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.make = state.tantivy.Query
        self.occur = state.tantivy.Occur

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
        wanted = self.compiled(query)
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
        either = self._any([most, above])
        return either, self.state.count(either), strict

    def _most(self, query: Node, plain: And) -> Any | None:
        """Return the search for what has most of the plain words and fulfils all the rest."""
        asked = [self.compiled(node) for node in plain.nodes]
        counts = [self.state.count(one) for one in asked]
        known = [(one, n) for one, n in zip(asked, counts, strict=True) if n]
        if not known:
            return None
        size = self.state.searcher.num_docs
        weights = [vocabulary.idf(n, size) for _, n in known]
        terms = [one for one, _ in known]
        should = [(self.occur.Should, one) for one in terms]
        least = len(terms) // 2 + 1
        ways = [self.make.boolean_query(should, minimum_number_should_match=least)]
        numbered = list(enumerate(terms))
        for few in (1, 2):
            if few < least:
                ways += [
                    self._all([one for _, one in some])
                    for some in combinations(numbered[:40], few)
                    if sum(weights[at] for at, _ in some) >= MOST * sum(weights)
                ]
        rest = [self.compiled(node) for node in members(query) if node is not plain]
        return self.make.boolean_query(
            [
                (self.occur.Must, self._unranked(self._any(ways))),
                *((self.occur.Must, one) for one in rest),
                *should,
            ]
        )

    def _page(self, wanted: Any, question: Question) -> tuple[Scored, ...]:
        state, last = self.state, question.offset + question.limit
        if question.sort is Sort.NEWEST:
            hits = self._newest(wanted, question)
            return tuple(Scored(state.id(address), 0.0) for address in hits)
        depth = last
        while True:
            hits = state.searcher.search(wanted, limit=depth).hits
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
        strict = self.compiled(question.query)
        first = [address for _, address in state.in_order(strict, last)]
        if len(first) < last:
            rest = self.make.boolean_query(
                [(self.occur.Must, wanted), (self.occur.MustNot, strict)]
            )
            first += [address for _, address in state.in_order(rest, last - len(first))]
        return first[question.offset : last]

    def _facets(self, wanted: Any, question: Question) -> Mapping[str, tuple[tuple[str, int], ...]]:
        asked = {
            facet: {
                "terms": {
                    "field": _FACET_FIELDS[facet],
                    "size": _ALL_BUCKETS if facet == "day" else max(question.facet_size * 4, 100),
                    "segment_size": _ALL_BUCKETS,
                }
            }
            for facet in question.facets
        }
        found = self.state.searcher.aggregate(wanted, asked)
        return {
            facet: _counted(facet, found[facet]["buckets"], question.facet_size)
            for facet in question.facets
        }

    # compiling

    def compiled(self, node: Node) -> Any:  # noqa: PLR0911 - one a kind
        """Return Tantivy's form of a part of a query."""
        match node:
            case All():
                return self._unranked(self.make.all_query())
            case Term() | Prefix() | Wildcard() | Fuzzy():
                return self._word(node)
            case Phrase():
                return self._phrase(node)
            case DateRange():
                return self._dates(node)
            case And():
                return self._and(node)
            case Or():
                return self._any([self.compiled(part) for part in node.nodes])
            case Not():
                return self._all([self._unranked(self.make.all_query())], [node.node])
            case Boost():
                return self.make.boost_query(self.compiled(node.node), node.factor)
        raise UnsupportedQueryError(f"This engine can't search for {type(node).__name__}")

    def _and(self, node: And) -> Any:
        must = [self.compiled(part) for part in node.nodes if not isinstance(part, Not)]
        banned = [part.node for part in node.nodes if isinstance(part, Not)]
        return self._all(must or [self._unranked(self.make.all_query())], banned)

    def _all(self, must: Sequence[Any], banned: Sequence[Node] = ()) -> Any:
        clauses = [(self.occur.Must, one) for one in must]
        clauses += [(self.occur.MustNot, self.compiled(node)) for node in banned]
        return self.make.boolean_query(clauses)

    def _any(self, found: Sequence[Any]) -> Any:
        if not found:
            return self.make.empty_query()
        if len(found) == 1:
            return found[0]
        return self.make.boolean_query([(self.occur.Should, one) for one in found])

    def _unranked(self, query: Any) -> Any:
        return self.make.const_score_query(query, 0.0)

    def _terms(self, field: str, found: Sequence[str], index_option: str) -> list[Any]:
        schema = self.state.schema
        return [self.make.term_query(schema, field, word, index_option) for word in found]

    def _word(self, node: Pattern) -> Any:
        if node.field not in (ANYWHERE, *TEXT):
            return self._unranked(self._value(node))
        if not isinstance(node, Term):
            return self._in_words(self._expanded(node), node.field)
        found = words(node.text)
        if len(found) > 1:  # not from our parser, which takes words apart
            return self._phrase(Phrase(tuple(found), node.field))
        forms = [form for word in found for form in stems(word, self.state.languages)]
        field = f"{node.field}_stems" if node.field else "stems"
        asked = self._terms(field, forms, "freq")
        return self.make.disjunction_max_query(asked) if len(asked) > 1 else self._any(asked)

    def _in_words(self, found: Sequence[str], field: str) -> Any:
        """Return the search for any of some exact words; a few of them rank, many only match."""
        if not found:
            return self.make.empty_query()
        if len(found) > 64:
            return self.make.term_set_query(self.state.schema, field or "words", list(found))
        if field:
            return self._any(self._terms(field, found, "position"))
        return self._any(self._terms("words", found, "freq"))

    def _expanded(self, node: Prefix | Wildcard | Fuzzy) -> list[str]:
        if self.limits.over:
            return []
        shown, places = self.state.vocabulary.expanded(node)
        return self.limits.expanded(self.state.vocabulary, shown, places)

    def _phrase(self, node: Phrase) -> Any:
        if node.field not in (ANYWHERE, *TEXT):
            return self._unranked(self._value(Term(" ".join(node.words), node.field)))
        found = [word for text in node.words for word in words(text)]
        if len(found) < 2:
            return self._in_words(found, node.field)
        # Tantivy's own slop counts otherwise; so each way to stand apart is a phrase of its own.
        ways = list(islice(_spread(len(found), node.slop), _MAX_WAYS + 1))
        if len(ways) > _MAX_WAYS:
            raise UnsupportedQueryError(
                f"Tantivy can't look for {len(found)} words with {node.slop} others between them; "
                "quote fewer words, or write a smaller number after ~"
            )
        fields = (node.field,) if node.field else TEXT
        return self._any([self._phrase_in(field, found, ways) for field in fields])

    def _phrase_in(self, field: str, found: Sequence[str], ways: Sequence[Sequence[int]]) -> Any:
        asked = [
            self.make.phrase_query(self.state.schema, field, [*zip(way, found, strict=True)], 0)
            for way in ways
        ]
        either = self._any(asked)
        return self.make.boost_query(either, TITLE_BOOST) if field == "title" else either

    def _value(self, node: Pattern) -> Any:
        schema = self.state.schema
        if node.field == "id":
            if not isinstance(node, Term):
                raise UnsupportedQueryError("An id is searched for as it is")
            return self.make.term_query(schema, "id", _sound(node.text), "basic")
        asked = []
        for column, places in self.state.lookup.meant(node):
            names = self.state.lookup.names(column).names
            if places:
                values = [names[place] for place in places]
                asked.append(self.make.term_set_query(schema, column, values))
        return self._any(asked)

    def _dates(self, node: DateRange) -> Any:
        kind = self.state.tantivy.FieldType.Integer
        lower = -(2**62) if node.start is None else _micros(node.start)
        upper = 2**62 if node.end is None else _micros(node.end)
        if lower >= upper:
            return self.make.empty_query()
        found = self.make.range_query(
            self.state.schema, "published", kind, lower, upper, True, False
        )
        return self._unranked(found)


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in TEXT:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{field}_stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    for field in (*VALUES, "person", "org", "place"):
        builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("entity_name", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_integer_field("day", fast=True)
    builder.add_unsigned_field("order", fast=True)
    return builder.build()


def _values(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the fields and values of a document that are kept as they are."""
    for topic in document.topics:
        yield "topic", _sound(topic)
    for key, name, _ in {entity[0]: entity for entity in document.entities}.values():
        yield "entity", _sound(key)
        yield "entity_name", f"{_sound(key)}{_BETWEEN}{_sound(name)}"
        kind = key.partition("/")[0]
        if kind in {"person", "org", "place"}:
            yield kind, _sound(key)
    singles = {
        "source": document.source,
        "host": document.host,
        "section": document.section,
        "lang": document.language,
        "cluster": document.cluster,
    }
    for field, value in singles.items():
        if value:
            yield field, _sound(value)


def _spread(count: int, slop: int) -> Iterator[tuple[int, ...]]:
    """Yield the places of some words in order, with at most `slop` others between in all."""
    for ends in combinations(range(1, count + slop), count - 1):
        yield (0, *ends)


def _sound(text: str) -> str:
    """Return a text without the halves of characters that can't be written as UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _micros(moment: datetime) -> int:
    return (moment - _FIRST_DAY) // timedelta(microseconds=1)


def _order(document: Document) -> int:
    """Return a number that is smaller the newer an article is, then the smaller its id."""
    moment = document.published
    seconds = -(2**35) if moment is None else (moment - _FIRST_DAY) // timedelta(seconds=1)
    start = int.from_bytes(document.id.encode("utf-8", "replace")[:4].ljust(4, b"\0"), "big") >> 4
    return ((2**35 - 1 - max(-(2**35), seconds)) << 28) | start


def _score(hit: tuple[float, Any]) -> float:
    return round(hit[0], 4)


def _counted(
    facet: str, buckets: Sequence[Mapping[str, Any]], size: int
) -> tuple[tuple[str, int], ...]:
    if facet == "day":
        days = sorted((int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
        return tuple(
            ((_FIRST_DAY + timedelta(days=day)).date().isoformat(), count) for day, count in days
        )
    values = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return tuple(sorted(values, key=lambda pair: (-pair[1], pair[0]))[:size])


def _damaged(directory: Path, error: Exception) -> EngineError:
    return EngineError(f"The index in {directory} can't be read ({error}); {_REBUILD}")
