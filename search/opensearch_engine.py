"""The engine for a cluster: OpenSearch, which keeps the index on as many machines as there are.

What is asked becomes requests in at most three rounds: what must be looked up (`opensearch_query`),
the search itself with its facets, and, where too few articles have all the words, those that have
most of them. The index is reached by an alias; a rebuild makes another index beside it and swaps.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from models.errors import ConfigError, EngineError, UnsupportedQueryError
from search.engine import FACETS, Answer, Document, Question, Scored, Sort
from search.limits import FEW, MOST, Limits, steps
from search.opensearch_bulk import Sender, Spool, removing, writing
from search.opensearch_cluster import SLOW, Cluster, NoIndexError, OutOfTimeError
from search.opensearch_query import (
    UNLIMITED,
    Compiler,
    Dsl,
    begins,
    counted,
    is_scored,
    nearby,
    suggested,
    words_matching,
)
from search.opensearch_schema import VERSION, VOCABULARY, mappings, settings
from search.opensearch_turn import turn
from search.query import And, Node, members, relaxable
from search.vocabulary import Vocabulary, idf
from search.words import fold

_REBUILD = "make it anew from the store with: slugline index --rebuild"
_TIME = "the time limit was reached"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
WINDOW = 10_000
"""Hits that OpenSearch gives from the start; beyond, it is asked to go on after the last one."""
_MOST_DAYS = 40_000
_PAGE = 10_000
_KEPT = 600.0
_NEWEST = [{"published": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
_ORDERS: dict[Sort, list[Any]] = {
    Sort.NEWEST: _NEWEST,
    Sort.RELEVANCE: [{"_score": "desc"}, *_NEWEST],
}
_ROUNDS = 4
_MOST = MOST - 1e-6  # shares are sums of fractions


class OpenSearchEngine:
    """A search index in an OpenSearch cluster; `directory` is not used, since it is not here.

    `url` is one address of the cluster or several with commas between, `user` and `password` are
    for basic authentication, `ca_certs` is a file of certificates to trust, `verify` False trusts
    any. `index` is the name that the index goes by, one for each home; `shards` the parts that a
    new one is made of. `time_limit` is in seconds a search, `expansion_limit` the words a pattern
    may stand for, `lock_timeout` the seconds to wait for another process that writes, `patience`
    those to wait for a cluster that is busy or has lost a node.
    """

    name = "opensearch"

    def __init__(
        self,
        directory: Path,  # noqa: ARG002 - every engine is opened alike
        *,
        url: str = "",
        user: str = "",
        password: str = "",
        ca_certs: Path | str = "",
        verify: bool = True,
        index: str = "slugline",
        shards: int = 1,
        time_limit: float = 1.0,
        expansion_limit: int = 1_000,
        lock_timeout: float = 60.0,
        patience: float = 120.0,
    ) -> None:
        if not _NAME.fullmatch(index):
            raise ConfigError(
                f"{index!r} can't be the name of an index: small letters, digits, - and _ only"
            )
        self.index = index
        self.shards = shards
        self.time_limit = time_limit
        self.expansion_limit = expansion_limit
        self.lock_timeout = lock_timeout
        self.patience = patience
        self._cluster = Cluster(url, user=user, password=password, ca_certs=ca_certs, verify=verify)
        self._known = False
        self._cursors = _Cursors()

    # writing

    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        """Add or replace documents and remove ids; seen by searches when all of it is there.

        All documents are read before the first is sent. If the cluster fails while they are sent,
        those that arrived are seen after the next write, which brings them again anyway.
        """
        with turn(self._cluster, self.index, self.lock_timeout) as mine, Spool() as spool:
            current = self._current() or self._create(alias=True)
            for document in documents:
                spool.add(writing(document))
            gone = set(removed)
            self._sender(current, mine.check).send(spool.operations(gone))
            self._sender(current, mine.check).send(removing(id_) for id_ in sorted(gone))
            mine.check()
            self._cluster.refresh(current)

    def replace(self, documents: Iterable[Document]) -> None:
        """Put documents in the place of all there are; until they are in, the old ones serve."""
        with turn(self._cluster, self.index, self.lock_timeout) as mine:
            old = self._cluster.indexes(self.index)
            self._cluster.delete(sorted(set(self._made()) - set(old)))  # of broken rebuilds
            new = self._create(alias=False)
            try:
                self._sender(new, mine.check).send(map(writing, documents))
                mine.check()
                self._cluster.refresh(new)
                self._cluster.swap(self.index, new, old)
            except BaseException:
                self._forget(new)
                raise
            self._known = True
            self._cluster.delete(old)

    def _sender(self, name: str, pulse: Any) -> Sender:
        return Sender(self._cluster, name, pulse=pulse, patience=self.patience)

    def _forget(self, name: str) -> None:
        try:
            self._cluster.delete([name])
        except EngineError:
            return  # the next rebuild removes it

    def _create(self, *, alias: bool) -> str:
        now = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
        name = f"{self.index}-{VERSION}-{now}-{uuid4().hex[:8]}"
        self._cluster.put_template(
            self.index,
            {
                "index_patterns": [f"{self.index}-{VERSION}-*"],
                "priority": 100,
                "template": {"settings": settings(self.shards), "mappings": mappings()},
            },
        )
        self._cluster.create(name, {"aliases": {self.index: {}}} if alias else {})
        self._known = self._known or alias
        return name

    def _made(self) -> list[str]:
        ours = re.compile(rf"{re.escape(self.index)}-\d+-\d{{14}}-[0-9a-f]{{8}}")
        return [n for n in self._cluster.named(f"{self.index}-*") if ours.fullmatch(n)]

    def _current(self, seconds: float = SLOW) -> str:
        """Return the index that serves, "" where there is none; raises for one of another version.

        What the alias stands for may change at any time, so that searches go by the alias.
        """
        names = self._cluster.indexes(self.index, seconds)
        if not names:
            return ""
        name = names[-1]
        if not name.startswith(f"{self.index}-{VERSION}-"):
            raise EngineError(
                f"The index {name} in OpenSearch was made by another version of Slugline; "
                f"{_REBUILD}"
            )
        self._known = True
        return name

    # asking

    def search(self, question: Question) -> Answer:
        """Find, rank and count."""
        unknown = set(question.facets) - set(FACETS)
        if unknown:
            raise UnsupportedQueryError(f"There is no facet {', '.join(sorted(unknown))}")
        limits = Limits(time.monotonic() + self.time_limit, self.expansion_limit)
        asking = _Asking(self._cluster, self.index, limits)
        try:
            if not self._known and not self._current(self.time_limit):
                raise NoIndexError
            return _answer(asking, question, self._cursors)
        except OutOfTimeError:
            return Answer(0, (), 0, _facets(question, {}), limits.cut or _TIME)
        except NoIndexError:
            self._known = False
            Compiler({}, limits).filter(question.query)  # a query that can't be is an error even so
            return Answer(0, (), 0, _facets(question, {}))

    def matching(self, query: Node) -> Iterator[str]:
        """Yield the ids of all that match, newest first, without a limit of time."""
        asking = _Asking(self._cluster, self.index, Limits(float("inf"), UNLIMITED))
        try:
            if not self._known and not self._current():
                return
            everything = asking.everything(query)
            yield from self._ids({"query": everything, "sort": _NEWEST})
        except NoIndexError:
            self._known = False

    def ids(self) -> Iterator[str]:
        """Yield the ids of all that is indexed."""
        if self._current():
            yield from self._ids({"query": {"match_all": {}}, "sort": [{"id": "asc"}]})

    def _ids(self, body: Dsl) -> Iterator[str]:
        page = {"size": _PAGE, "stored_fields": "_none_", "track_total_hits": False}
        for sorts in self._cluster.scroll(self.index, {**page, **body}):
            for sort in sorts:
                yield sort[-1]

    def suggest(self, word: str) -> str:
        """Return the indexed word that was probably meant, or ""."""
        word = fold(word)
        if not word:
            return ""
        body = nearby(word, 1 if len(word) < 6 else 2, 0, 200)
        mine = {
            "size": 0,
            "track_total_hits": True,
            "query": {"bool": {"filter": [{"term": {VOCABULARY: word}}]}},
        }
        answers = self._looked_up([body, mine])
        if not answers:
            return ""
        counts = suggested(answers[0]) | {word: _total(answers[1])}
        known = sorted(counts)
        return Vocabulary(known, np.array([counts[w] for w in known])).meant(word)

    def complete(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the commonest words that begin so."""
        prefix = fold(prefix)
        if not prefix:
            return []
        within: Dsl = {"prefix": {VOCABULARY: prefix}}
        answers = self._looked_up([words_matching(within, begins(prefix), limit)])
        return list(counted(answers[0])) if answers else []

    def _looked_up(self, bodies: Sequence[Dsl]) -> list[Any]:
        try:
            return self._cluster.searches(self.index, bodies, self.index, self.time_limit)
        except (NoIndexError, OutOfTimeError):
            return []

    def count(self) -> int:
        """Return how many documents are indexed."""
        if not self._current():
            return 0
        try:
            return self._cluster.count(self.index)
        except NoIndexError:
            return 0

    def close(self) -> None:
        """Hang up."""
        self._cluster.close()


@dataclass(slots=True)
class _Asking:
    """The rounds of requests of one question, within its limits."""

    cluster: Cluster
    index: str
    limits: Limits
    preference: str = "slugline"
    answers: dict[str, Any] = field(default_factory=dict)

    def send(self, bodies: Sequence[Dsl]) -> list[Any]:
        """Send searches, within the time that is left; raises `OutOfTimeError` where none is."""
        if self.limits.over:
            raise OutOfTimeError
        left = min(self.limits.deadline - time.monotonic(), 3_600.0)
        answers = self.cluster.searches(self.index, bodies, self.preference, left)
        for answer in answers:
            shards = answer.get("_shards", {})
            if answer.get("timed_out"):
                self.limits.note(_TIME)
            elif shards.get("failed"):
                self.limits.note(
                    f"{shards['failed']} of {shards['total']} parts of the index failed"
                )
        return answers

    def compiled(self, *nodes: Node) -> list[tuple[Dsl, Dsl]]:
        """Return each node as a query that ranks and as one that doesn't."""
        for _ in range(_ROUNDS):
            compiler = Compiler(self.answers, self.limits)
            found = [(compiler.query(node), compiler.filter(node)) for node in nodes]
            if not compiler.wanted:
                return found
            answers = self.send(list(compiler.wanted.values()))
            self.answers |= dict(zip(compiler.wanted, answers, strict=True))
        raise AssertionError("a query asked for ever more")  # pragma: no cover

    def everything(self, query: Node) -> Dsl:
        """Return the query for all that a search finds, those with most of the words included."""
        plan = _Plan(query, self)
        strict, counts = self.send([_counting(plan.strict_filter), plan.counting])
        if _total(strict) >= FEW:
            return plan.strict_filter
        relaxed = self.relaxed(plan, counts)
        return relaxed.filter if relaxed else plan.strict_filter

    def relaxed(self, plan: _Plan, counts: Any) -> _Relaxed | None:
        """Return the strictest way to relax a query that finds enough, else the loosest."""
        ways = plan.relaxed(counts)
        if len(ways) > 1:
            filters = {str(number): way.filter for number, way in enumerate(ways)}
            aggregations = {"ways": {"filters": {"filters": filters}}}
            (answer,) = self.send([{**_counting({"match_all": {}}), "aggs": aggregations}])
            buckets = answer["aggregations"]["ways"]["buckets"]
            enough = [way for n, way in enumerate(ways) if buckets[str(n)]["doc_count"] >= FEW]
            return enough[0] if enough else ways[-1]
        return ways[0] if ways else None


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """One way to ask for those with most of the plain words, with scores and without."""

    query: Dsl
    filter: Dsl


class _Plan:
    """What a query becomes: all words first, then most of them."""

    def __init__(self, query: Node, asking: _Asking) -> None:
        words_of = relaxable(query)
        parts = words_of.nodes if words_of else ()
        rest = tuple(node for node in members(query) if node is not words_of)
        compiled = asking.compiled(query, And(rest), *parts)
        (self.strict, self.strict_filter), self.rest = compiled[0], compiled[1]
        self.rest_is_scored = any(is_scored(node) for node in rest)
        self.parts = compiled[2:]

    @property
    def counting(self) -> Dsl:
        """The request for how many articles have each plain word, and how many there are."""
        body: Dsl = {"size": 0, "track_total_hits": True, "query": {"match_all": {}}}
        if self.parts:
            filters = {str(number): part[1] for number, part in enumerate(self.parts)}
            body["aggs"] = {"parts": {"filters": {"filters": filters}}}
        return body

    def relaxed(self, answer: Any) -> list[_Relaxed]:
        """Return the queries for those with most of the words, the strictest first.

        `answer` is that to `counting`: a word weighs more the fewer articles have it.
        """
        if not self.parts:
            return []
        buckets = answer["aggregations"]["parts"]["buckets"]
        total = _total(answer)
        known = [
            (part, idf(count, total))
            for number, part in enumerate(self.parts)
            if (count := int(buckets[str(number)]["doc_count"]))
        ]
        whole = sum(weight for _, weight in known)
        shares = [(part[1], weight / whole) for part, weight in known]
        any_part = [part for part, _ in shares]
        scored: Dsl = {
            "function_score": {
                "query": {"bool": {"should": [part[0] for part, _ in known]}},
                "functions": [{"filter": part, "weight": share} for part, share in shares],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }
        must = [scored, self.rest[0]] if self.rest_is_scored else [scored]
        found = []
        for step in steps(len(known)) if known else ():
            many: Dsl = {"bool": {"should": any_part, "minimum_should_match": step}}
            either: Dsl = {"bool": {"should": [many, *_telling(shares)]}}
            filtered: Dsl = {"bool": {"filter": [either, self.rest[1]]}}
            found.append(_Relaxed({"bool": {"must": must, "filter": [filtered]}}, filtered))
        return found


def _telling(shares: Sequence[tuple[Dsl, float]]) -> list[Dsl]:
    """Return the queries for one or two parts that weigh enough to stand for most of them."""
    found: list[Dsl] = []
    for at, (part, share) in enumerate(shares):
        if share >= _MOST:
            found.append(part)
        elif share >= _MOST / 2:
            others = [
                other
                for place, (other, more) in enumerate(shares)
                if place != at and share + more >= _MOST
            ]
            if others:
                found.append({"bool": {"filter": [part, {"bool": {"should": others}}]}})
    return found


def _counting(query: Dsl) -> Dsl:
    return {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": [query]}}}


def _answer(asking: _Asking, question: Question, cursors: _Cursors) -> Answer:
    asking.preference = hashlib.sha256(repr(question.query).encode()).hexdigest()[:16]
    plan = _Plan(question.query, asking)
    aggregations = _aggregations(question)
    strict = {"query": plan.strict, "sort": _ORDERS[question.sort], "aggs": aggregations}
    pages = _Pages(asking, cursors)
    bodies = [plan.counting] if plan.parts else []
    answer, *counts = pages.first(strict, question.offset, question.limit, bodies)
    total = have_all = _total(answer)
    hits = pages.hits(strict, question.offset, question.limit, answer)
    if counts and have_all < FEW:
        relaxed = asking.relaxed(plan, counts[0])
        if relaxed:
            body = {
                "query": relaxed.query,
                "sort": _ORDERS[question.sort],
                "aggs": aggregations,
                "post_filter": {"bool": {"must_not": [plan.strict_filter]}},
            }
            offset, limit = max(0, question.offset - have_all), question.limit - len(hits)
            (answer,) = pages.first(body, offset, limit, [])
            total += _total(answer)
            hits += pages.hits(body, offset, limit, answer)
    return Answer(
        total=total,
        hits=tuple(hits),
        strict=have_all,
        facets=_facets(question, answer),
        partial=asking.limits.cut,
    )


class _Cursors:
    """Where deep pages ended, so that the next one goes on from there; the latest thousand.

    Kept for as long as someone may be paging: later, other articles may stand before that place.
    """

    def __init__(self) -> None:
        self._after: OrderedDict[tuple[str, int], tuple[float, list[Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: str, offset: int, sort: list[Any]) -> None:
        """Keep the sort values of the last hit before an offset."""
        with self._lock:
            self._after.pop((key, offset), None)
            self._after[key, offset] = (time.monotonic(), sort)
            while len(self._after) > 1_000:
                self._after.popitem(last=False)

    def nearest(self, key: str, offset: int) -> tuple[int, list[Any]]:
        """Return the last offset up to this one that is known, and the sort values before it."""
        oldest = time.monotonic() - _KEPT
        with self._lock:
            known = [
                (at, sort)
                for (name, at), (since, sort) in self._after.items()
                if name == key and at <= offset and since > oldest
            ]
        return max(known, default=(0, []))


class _Pages:
    """Hits by offset and limit: from the start as far as OpenSearch's window, then from cursors."""

    def __init__(self, asking: _Asking, cursors: _Cursors) -> None:
        self.asking = asking
        self.cursors = cursors

    def first(self, body: Dsl, offset: int, limit: int, others: list[Dsl]) -> list[Any]:
        """Return the answer with total and facets, and the hits if they are within the window."""
        shallow = offset + limit <= WINDOW
        asked = {**body, "track_total_hits": True, "stored_fields": "_none_"}
        if shallow and limit > 0:
            asked |= {"from": offset, "size": limit, "track_scores": True}
        else:
            asked["size"] = 0
            del asked["sort"]
        if not body["aggs"]:
            del asked["aggs"]
        return self.asking.send([asked, *others])

    def hits(self, body: Dsl, offset: int, limit: int, answer: Any) -> list[Scored]:
        """Return the hits of a page; `answer` is what `first` gave."""
        if limit <= 0 or offset >= _total(answer):
            return []
        if offset + limit <= WINDOW:
            return [_scored(hit) for hit in answer["hits"]["hits"]]
        return self._deep(body, offset, limit)

    def _deep(self, body: Dsl, offset: int, limit: int) -> list[Scored]:
        key = hashlib.sha256(repr((body["query"], body["sort"])).encode()).hexdigest()
        at, after = self.cursors.nearest(key, offset)
        found: list[Scored] = []
        asked: Dsl = {
            **{name: body[name] for name in ("query", "sort", "post_filter") if name in body},
            "track_total_hits": False,
            "stored_fields": "_none_",
            "track_scores": True,
        }
        while at < offset + limit:
            until = offset if at < offset else offset + limit
            asked["size"] = min(WINDOW, until - at)
            if after:
                asked["search_after"] = after
            (answer,) = self.asking.send([asked])
            hits = answer["hits"]["hits"]
            if not hits:
                break
            if at >= offset:
                found += [_scored(hit) for hit in hits]
            at += len(hits)
            after = hits[-1]["sort"]
            self.cursors.keep(key, at, after)
        return found


def _scored(hit: Any) -> Scored:
    return Scored(str(hit["sort"][-1]), round(float(hit["_score"] or 0.0), 6))


def _total(answer: Any) -> int:
    return int(answer["hits"]["total"]["value"])


def _aggregations(question: Question) -> Dsl:
    found: Dsl = {}
    for facet in question.facets:
        if facet == "day":
            found[facet] = {"terms": {"field": "day", "size": _MOST_DAYS, "order": {"_key": "asc"}}}
        elif question.facet_size > 0:
            size = question.facet_size
            terms: Dsl = {
                "field": "entity" if facet in {"person", "org", "place"} else facet,
                "size": size,
                "shard_size": max(500, size * 5),
                "order": [{"_count": "desc"}, {"_key": "asc"}],
            }
            if terms["field"] != facet:
                terms["include"] = begins(f"{facet}/")
            found[facet] = {"terms": terms}
    return found


def _facets(question: Question, answer: Any) -> dict[str, tuple[tuple[str, int], ...]]:
    found = answer.get("aggregations", {})
    pairs: dict[str, tuple[tuple[str, int], ...]] = {
        facet: tuple(
            (bucket["key"], int(bucket["doc_count"]))
            for bucket in found.get(facet, {}).get("buckets", ())
        )
        for facet in question.facets
    }
    return pairs
