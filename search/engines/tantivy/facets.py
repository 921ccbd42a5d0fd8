"""Facets by Tantivy's aggregations, counted over all that match, exact in every segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from search.document import EPOCH
from search.engine import Question
from search.engines.tantivy.schema import NUMBERED
from search.engines.tantivy.state import State

ALL_BUCKETS = 60_000
"""Values that one aggregation may give."""
_NEAR_TOP = 100
"""Values of a facet that are looked at for which are the largest."""

Counts = tuple[tuple[str, int], ...]


def first_counts(question: Question) -> dict[str, dict[str, Any]]:
    """Return the aggregations that facets begin with."""
    return {facet: _terms_of(facet, question) for facet in question.facets}


def exact_counts(
    state: State, wanted: Any, question: Question, counts: Mapping[str, Any]
) -> dict[str, Counts]:
    """Return the values of each facet asked for, with how many of what is wanted have them.

    `counts` are the buckets of `first_counts`.
    """
    size = question.facet_size
    found = {facet: counts[facet] for facet in question.facets}
    numbered = {
        facet: _counted_numbers(state, found.pop(facet)["buckets"], size)
        for facet in question.facets
        if facet in NUMBERED
    }
    unsure = {
        facet: {
            "field": facet,
            "size": max(len(got["buckets"]), 1),
            "include": [one["key"] for one in got["buckets"]],
        }
        for facet, got in found.items()
        if got["doc_count_error_upper_bound"] and facet != "day"
    }
    for facet, exact in state.buckets(wanted, unsure).items():
        # Each segment gave its largest; what none gave can't be larger than the bound.
        bound = found[facet]["doc_count_error_upper_bound"]
        found[facet] = exact
        last = _counted(facet, exact["buckets"], size)[-1:]
        if not last or last[0][1] < bound:
            many = {"size": max(_NEAR_TOP, size), "segment_size": ALL_BUCKETS}
            every = {"field": facet, **many}
            found |= state.buckets(wanted, {facet: every})
    counted = numbered | {f: _counted(f, got["buckets"], size) for f, got in found.items()}
    return {facet: counted[facet] for facet in question.facets}


def _terms_of(facet: str, question: Question) -> dict[str, Any]:
    if facet == "day":
        return {"field": facet, "size": ALL_BUCKETS, "segment_size": ALL_BUCKETS}
    size = max(question.facet_size, _NEAR_TOP)
    if facet in NUMBERED:
        return {"field": NUMBERED[facet], "size": size, "segment_size": ALL_BUCKETS}
    return {"field": facet, "size": size, "segment_size": size * 10}


def _counted_numbers(state: State, buckets: Sequence[Mapping[str, Any]], size: int) -> Counts:
    numbers = sorted((-int(bucket["doc_count"]), int(bucket["key"])) for bucket in buckets)
    values = [(state.entity(number), -count) for count, number in numbers[:size]]
    return tuple(sorted(values, key=lambda pair: (-pair[1], pair[0])))


def _counted(facet: str, buckets: Sequence[Mapping[str, Any]], size: int) -> Counts:
    if facet == "day":
        days = sorted((int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
        return tuple(
            ((EPOCH + timedelta(days=day)).date().isoformat(), count) for day, count in days
        )
    values = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return tuple(sorted(values, key=lambda pair: (-pair[1], pair[0]))[:size])
