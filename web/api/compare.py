"""Many searches at once: a batch of them, and a few beside each other."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint

from search.batch import answer_all
from search.comparison import Shares, compare_searches
from search.request import Request
from web.api.answers.search import BatchAnswer, BatchRow, ComparedSearch, Comparison, Share
from web.api.hits import as_hit
from web.api.openapi import answers, spec
from web.api.questions import BatchQuestion, CompareQuestion
from web.context import library

views = Blueprint("compare", __name__)


@views.get("/batch")
@spec.validate(resp=answers(BatchAnswer, 400), tags=["search"], operation_id="searchBatch")
def batch(query: BatchQuestion) -> BatchAnswer:
    """Ask many queries under the same filters, each with its number of articles and best hits."""
    wanted = Request(filters=query.filters(datetime.now(UTC)), limit=query.limit)
    found = answer_all(library().searcher, query.q, wanted)
    return BatchAnswer(
        [
            BatchRow(
                one.query,
                one.results.total if one.results else 0,
                one.results.strict if one.results else 0,
                [as_hit(hit) for hit in one.hits],
                one.fault or None,
            )
            for one in found
        ]
    )


@views.get("/compare")
@spec.validate(resp=answers(Comparison, 400), tags=["search"], operation_id="compareSearches")
def compare(query: CompareQuestion) -> Comparison:
    """Compare two to five searches over time, by source and by language."""
    found = compare_searches(
        library().searcher, query.q, query.filters(datetime.now(UTC)), query.by.value
    )
    return Comparison(
        query.by.value,
        [
            ComparedSearch(
                one.query,
                one.total,
                round(one.share, 6),
                _shares(one.over_time),
                _shares(one.sources),
                _shares(one.languages),
            )
            for one in found
        ],
    )


def _shares(shares: Shares) -> list[Share]:
    return [Share(value, count, round(share, 6)) for value, (count, share) in shares.items()]
