"""Plain words in OpenSearch: those with all of them, then those with most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search.engines.opensearch.dsl import Dsl
from search.engines.opensearch.query import is_scored
from search.engines.opensearch.rounds import Rounds, counting, total
from search.query.nodes import And, Node, members, relaxable
from search.ranking import FEW, MOST, idf, steps

_MOST = MOST - 1e-6  # shares are sums of fractions


@dataclass(frozen=True, slots=True)
class RelaxedQuery:
    """One way to ask for those with most of the plain words, with scores and without."""

    query: Dsl
    filter: Dsl


class Plan:
    """What a query becomes: all words first, then most of them."""

    def __init__(self, query: Node, asking: Rounds) -> None:
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

    def relaxed(self, answer: Any) -> list[RelaxedQuery]:
        """Return the queries for those with most of the words, the strictest first.

        `answer` is that to `counting`: a word weighs more the fewer articles have it.
        """
        if not self.parts:
            return []
        buckets = answer["aggregations"]["parts"]["buckets"]
        articles = total(answer)
        known = [
            (part, idf(count, articles))
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
            found.append(RelaxedQuery({"bool": {"must": must, "filter": [filtered]}}, filtered))
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


def everything(asking: Rounds, query: Node) -> Dsl:
    """Return the query for all that a search finds, those with most of the words included."""
    plan = Plan(query, asking)
    strict, counts = asking.send([counting(plan.strict_filter), plan.counting])
    if total(strict) >= FEW:
        return plan.strict_filter
    way = relaxed(asking, plan, counts)
    return way.filter if way else plan.strict_filter


def relaxed(asking: Rounds, plan: Plan, counts: Any) -> RelaxedQuery | None:
    """Return the strictest way to relax a query that finds enough, else the loosest."""
    ways = plan.relaxed(counts)
    if len(ways) > 1:
        filters = {str(number): way.filter for number, way in enumerate(ways)}
        aggregations = {"ways": {"filters": {"filters": filters}}}
        (answer,) = asking.send([{**counting({"match_all": {}}), "aggs": aggregations}])
        buckets = answer["aggregations"]["ways"]["buckets"]
        enough = [way for n, way in enumerate(ways) if buckets[str(n)]["doc_count"] >= FEW]
        return enough[0] if enough else ways[-1]
    return ways[0] if ways else None
