"""Previews what a rule would match among existing articles, and applies it to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from models.batches import batches
from models.errors import UsageError
from models.rules import Rule
from search.engine import Sort
from search.request import Hit
from store.store import Store
from web.context import Searcher, WebSettings
from web.rules.arrivals import AT_ONCE, matching
from web.saved.question import question_of, read_question

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """What a search finds now: how many articles in all, and the newest of them.

    `ids` are as many as were asked for; `hits` are of the first page of a search.
    """

    question: str
    total: int
    ids: tuple[str, ...]
    hits: tuple[Hit, ...]


def preview(
    asked: Mapping[str, str | Sequence[str]],
    searcher: Searcher,
    settings: WebSettings,
    limit: int = SHOWN,
) -> Preview:
    """Return what a rule would have caught; raises UsageError for an invalid search."""
    question = question_of(asked, settings)
    if not question:
        raise UsageError("A rule needs a search: a query, or a filter.")
    state = replace(read_question(question, settings), sort=Sort.NEWEST)
    request = replace(state.request(SHOWN), facets=())
    ids = list(searcher.matching(request.text, request.filters))
    caught: list[str] = []
    for some in batches(ids, AT_ONCE):
        found = searcher.among(request, some)
        caught += (one for one in some if one in found)
    kept = set(caught)
    hits = tuple(hit for hit in searcher.search(request).hits if hit.article.id in kept)
    return Preview(question, len(caught), tuple(caught[:limit]), hits)


def apply_to_all(store: Store, searcher: Searcher, rule: Rule) -> int:
    """Do what a rule says to all articles that there are; return to how many it was new."""
    request = read_question(rule.question, WebSettings()).request(1, ())
    ids = list(searcher.matching(request.text, request.filters))
    done = 0
    for some in batches(ids, AT_ONCE):
        caught = matching(store, searcher, rule, some)
        done += len(store.rules.apply(rule, caught, datetime.now(UTC)))
    return done
