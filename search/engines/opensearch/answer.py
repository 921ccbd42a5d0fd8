"""One question's answer from OpenSearch: hits, totals and facets, copies folded."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from search.engine import Answer, Question, Scored
from search.engines.opensearch.dsl import Dsl, begins
from search.engines.opensearch.pages import ORDERS, Cursors, Pages
from search.engines.opensearch.relaxation import Plan, relaxed
from search.engines.opensearch.rounds import Rounds, total
from search.ranking import FEW

_MOST_DAYS = 40_000
_LEADERS = "leaders"
_MOST_LEADERS = 10_000
"""Leaders whose copies are folded in one answer, those with the most copies first."""


def answer(asking: Rounds, question: Question, cursors: Cursors) -> Answer:
    """Ask for those with all words, then for those with most where they are too few."""
    asking.preference = hashlib.sha256(repr(question.query).encode()).hexdigest()[:16]
    plan = Plan(question.query, asking)
    pages = Pages(asking, cursors)
    body = {"sort": ORDERS[question.sort], "aggs": _aggregations(question)}
    strict = {**body, "query": plan.strict}
    bodies = [plan.counting] if plan.parts else []
    found, *counts = pages.first(strict, question.offset, question.limit, bodies)
    matching = have_all = total(found)
    hits, shown = _shown(asking, pages, question, strict, plan.strict_filter, found)
    if counts and have_all < FEW and (way := relaxed(asking, plan, counts[0])):
        others = {
            **body,
            "query": way.query,
            "post_filter": {"bool": {"must_not": [plan.strict_filter]}},
        }
        rest = replace(
            question, offset=max(0, question.offset - shown), limit=question.limit - len(hits)
        )
        (found,) = pages.first(others, rest.offset, rest.limit, [])
        matching += total(found)
        more, also_shown = _shown(asking, pages, rest, others, way.filter, found)
        hits, shown = hits + more, shown + also_shown
    return Answer(
        total=matching,
        hits=tuple(hits),
        strict=have_all,
        facets=facets(question, found),
        partial=asking.limits.cut,
        folded=matching - shown,
    )


def _shown(
    asking: Rounds, pages: Pages, question: Question, body: Dsl, within: Dsl, found: Any
) -> tuple[list[Scored], int]:
    """Return a page of hits without the copies whose leaders are `within`, and how many are left.

    `found` is the first answer to `body`, in which no copy is folded yet.
    """
    leaders = _leaders(asking, within, found)
    if leaders:
        banned: list[Dsl] = [{"terms": {"leader": leaders}}]
        banned += body.get("post_filter", {}).get("bool", {}).get("must_not", [])
        body = {**body, "aggs": {}, "post_filter": {"bool": {"must_not": banned}}}
        (found,) = pages.first(body, question.offset, question.limit, [])
    return pages.hits(body, question.offset, question.limit, found), total(found)


def _leaders(asking: Rounds, within: Dsl, found: Any) -> list[str]:
    """Return the leaders that are found as well as copies of them."""
    buckets = found.get("aggregations", {}).get(_LEADERS, {}).get("buckets", ())
    led = [bucket["key"] for bucket in buckets]
    if not led:
        return []
    (answer_,) = asking.send(
        [
            {
                "query": {"bool": {"filter": [within, {"terms": {"id": led}}]}},
                "sort": [{"id": "asc"}],
                "size": len(led),
                "track_total_hits": False,
                "stored_fields": "_none_",
            }
        ]
    )
    return [str(hit["sort"][0]) for hit in answer_["hits"]["hits"]]


def _aggregations(question: Question) -> Dsl:
    """Return the aggregations that count leaders and facets."""
    found: Dsl = {}
    if question.fold:
        found[_LEADERS] = {"terms": {"field": "leader", "size": _MOST_LEADERS}}
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


def facets(question: Question, found: Any) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the counts of the facets asked for, from an answer."""
    counts = found.get("aggregations", {})
    return {
        facet: tuple(
            (bucket["key"], int(bucket["doc_count"]))
            for bucket in counts.get(facet, {}).get("buckets", ())
        )
        for facet in question.facets
    }
