"""Searches beside each other: how many articles each finds over time, by source and by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.errors import UsageError
from search.periods import PERIODS
from search.request import Filters, Request, Results, Searches

FEWEST, MOST = 2, 5
"""Searches that can be compared."""
SPANS = ("day", *PERIODS)
_VALUES = 100

Shares = Mapping[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """One of the searches compared: all it finds, and its counts by time, source and language.

    Each count comes with its share of all the articles of that time, source or language, from 0 to
    1.
    """

    query: str
    total: int
    share: float
    over_time: Shares
    sources: Shares
    languages: Shares


def compare_searches(
    searcher: Searches, queries: Sequence[str], filters: Filters, by: str = "day"
) -> tuple[SearchFigures, ...]:
    """Compare two to five searches under the same filters, over days, weeks or months (`by`).

    All have the same times, sources and languages, 0 where a search finds nothing. Raises
    `UsageError` for too few or too many, `QueryError` for one that can't be read.
    """
    if not FEWEST <= len(queries) <= MOST:
        raise UsageError(f"Compare {FEWEST} to {MOST} searches; {len(queries)} were given")
    if by not in SPANS:
        raise UsageError(f"Compare over {', '.join(SPANS)}, not {by!r}")
    asked = Request(
        filters=filters, limit=0, facets=(by, "source", "lang"), facet_size=_VALUES, spellings=False
    )
    everything = searcher.search(asked)
    found = [searcher.search(replace(asked, text=query)) for query in queries]

    whole = {facet: _counts(everything, facet) for facet in asked.facets}

    def shares(results: Results, facet: str) -> Shares:
        named = {value for each in found for value in _counts(each, facet)}
        mine = _counts(results, facet)
        order = sorted(named) if facet == by else [v for v in whole[facet] if v in named]
        return {
            value: (mine.get(value, 0), mine.get(value, 0) / max(whole[facet].get(value, 0), 1))
            for value in order
        }

    return tuple(
        SearchFigures(
            query,
            results.total,
            results.total / max(everything.total, 1),
            shares(results, by),
            shares(results, "source"),
            shares(results, "lang"),
        )
        for query, results in zip(queries, found, strict=True)
    )


def _counts(results: Results, facet: str) -> dict[str, int]:
    return {one.value: one.count for one in results.facets[facet]}
