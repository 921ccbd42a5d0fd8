"""Searching: words and filters in, hits with their facets out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct, field

from search.engine import Sort
from search.query.fields import MAX_LENGTH
from search.request import FacetValue as Found
from search.request import Request
from web.api.answers.search import EntityOffer, FacetValue, Notice, SearchAnswer
from web.api.hits import as_hit
from web.api.openapi import answers, spec
from web.api.paging import cursor_of, offset_of
from web.api.questions import Facet, SearchQuestion, Selected
from web.context import library
from web.searching.find import find


class CompletionQuestion(Struct, forbid_unknown_fields=True):
    """The beginning of a query, its last word still being typed."""

    q: Annotated[str, Meta(max_length=MAX_LENGTH)] = ""


class FacetQuestion(Selected, forbid_unknown_fields=True):
    """Which articles are counted by what; without `facets`, by everything."""

    facets: list[Facet] = field(default_factory=list)


class FacetCounts(Struct):
    """How many of `total` articles have each value; `partial` says why counts are incomplete."""

    total: int
    facets: dict[str, list[FacetValue]]
    partial: str | None


class Completions(Struct):
    """How the query may go on, likeliest first."""

    items: list[str]


views = Blueprint("search", __name__)


@views.get("/search")
@spec.validate(resp=answers(SearchAnswer, 400), tags=["search"], operation_id="search")
def search(query: SearchQuestion) -> SearchAnswer:
    """Find articles, by relevance where there are words, else newest first.

    The order is stable: `next` leads through all hits, none twice.
    """
    offset = offset_of(query.cursor, *query.identity())
    wanted = Request(
        text=query.q,
        filters=query.filters(datetime.now(UTC)),
        sort=query.sort or (Sort.RELEVANCE if query.q.strip() else Sort.NEWEST),
        offset=offset,
        limit=query.limit,
        facets=tuple(query.facets),
        fold=query.fold in ("true", "copies"),
        fold_stories=query.fold == "story",
        spellings=query.spellings,
    )
    found = find(wanted)
    beyond = offset + len(found.hits)
    more = bool(found.hits) and beyond < found.listed
    return SearchAnswer(
        total=found.total,
        strict=found.strict,
        folded=found.folded,
        hits=[as_hit(hit) for hit in found.hits],
        facets=_facets(found.facets),
        suggestion=found.suggestion or None,
        partial=found.partial or None,
        next=cursor_of(beyond, *query.identity()) if more else None,
        entities=[
            EntityOffer(each.key, each.name, each.type, each.articles) for each in found.entities
        ],
        spellings_of=found.spellings_of.key if found.spellings_of else None,
        notices=[Notice(each.text, each.query or None) for each in found.notices],
    )


@views.get("/facets")
@spec.validate(resp=answers(FacetCounts, 400), tags=["search"], operation_id="facets")
def facets(query: FacetQuestion) -> FacetCounts:
    """Count the articles of a search by topic, entity, source, language, cluster, story, time."""
    wanted = Request(
        text=query.q,
        filters=query.filters(datetime.now(UTC)),
        limit=0,
        facets=tuple(query.facets or Facet),
    )
    found = find(wanted)
    return FacetCounts(found.total, _facets(found.facets), found.partial or None)


@views.get("/complete")
@spec.validate(resp=answers(Completions), tags=["search"], operation_id="complete")
def complete(query: CompletionQuestion) -> Completions:
    """Say how a query may go on while its last word is typed."""
    return Completions(list(library().searcher.complete(query.q, 10)))


def _facets(found: Mapping[str, Sequence[Found]]) -> dict[str, list[FacetValue]]:
    return {
        name: [FacetValue(each.value, each.name, each.count) for each in values]
        for name, values in found.items()
    }
