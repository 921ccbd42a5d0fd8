"""One question's answer from Tantivy: those with all words, those with most, copies folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from search.engine import Answer, Question, Scored, Sort
from search.engines.tantivy.facets import ALL_BUCKETS, Counts, exact_counts, first_counts
from search.engines.tantivy.query import Compiler
from search.engines.tantivy.schema import LEADER, OWN
from search.engines.tantivy.state import State
from search.limits import Limits
from search.query.nodes import Node, members, relaxable
from search.ranking import FEW, MOST, idf, steps

_STRICT = 10_000.0
"""Added to the score of what has all the words, so that it stands above what has most."""
_PAIRED = 40
"""Plain words of which pairs may stand for most."""
_TIED = 32
"""Hits around a page that are fetched with it, in case they score the same."""
_DEEPEST = 50_000
_EVERY_LEADER = {"field": LEADER, "size": ALL_BUCKETS, "segment_size": ALL_BUCKETS}

Tiers = tuple[Any, ...]
"""What is searched for: what has all words, then, if it is asked for, also what has most."""
Hits = list[tuple[float, Any]]


class Asking:
    """One question to one state, within limits."""

    def __init__(self, state: State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.compile = Compiler(state, limits)
        self.make = self.compile.make
        self.occur = self.compile.occur

    def answer(self, question: Question) -> Answer:
        """Find, rank and count."""
        nothing: dict[str, Counts] = dict.fromkeys(question.facets, ())
        all_words = self.compile.compiled(question.query)
        if self.limits.over:
            return Answer(0, (), 0, nothing, self.limits.cut)
        # The first look gives the page and the total at once, and mostly that is all.
        hits, strict = self._page((all_words,), question)
        tiers: Tiers = (all_words,)
        total = strict
        if strict < FEW and (most := self._most(question.query)) is not None:
            tiers = (all_words, most)
            hits, total = self._page(tiers, question)
        facets, folded = nothing, 0
        folds = question.fold and self.state.has_copies
        if total and (folds or question.facets) and not self.limits.over:
            wanted = self._either(tiers)
            counts = self.state.buckets(
                wanted, first_counts(question) | ({LEADER: _EVERY_LEADER} if folds else {})
            )
            facets = exact_counts(self.state, wanted, question, counts)
            if folds and (copies := self._copies(wanted, counts)) is not None:
                hits, left = self._page(self._without(copies, tiers), question)
                folded = total - left
        page = self._scored(hits) if not self.limits.over else ()
        return Answer(total, page, strict, facets, self.limits.cut, folded)

    def everything(self, query: Node) -> Any:
        """Return the search for all that a query finds, those with most of the words included."""
        all_words = self.compile.compiled(query)
        if relaxable(query) is None or self.state.count(all_words) >= FEW:
            return all_words
        most = self._most(query)
        return all_words if most is None else self._either((all_words, most))

    def _either(self, tiers: Tiers) -> Any:
        if len(tiers) == 1:
            return tiers[0]
        above = self.make.const_score_query(tiers[0], _STRICT)
        return self.compile.any_of([tiers[1], above])

    # those with most of the words

    def _most(self, query: Node) -> Any | None:
        """Return the search for what has most of the plain words and fulfils all the rest."""
        plain = relaxable(query)
        if plain is None or self.limits.over:
            return None
        asked = [self.compile.compiled(node) for node in plain.nodes]
        counts = [self.state.count(one) for one in asked]
        known = [(one, n) for one, n in zip(asked, counts, strict=True) if n]
        if not known:
            return None
        rest = [self.compile.compiled(node) for node in members(query) if node is not plain]
        should = [(self.occur.Should, one) for one, _ in known]
        telling = self._telling(known)
        most = None
        for step in steps(len(known)):
            enough = self.make.boolean_query(should, minimum_number_should_match=step)
            either = self.compile.unranked(self.compile.any_of([enough, *telling]))
            must = [(self.occur.Must, one) for one in (either, *rest)]
            most = self.make.boolean_query([*must, *should])
            if self.limits.over or self.state.count(most) >= FEW:
                break
        return None if self.limits.over else most

    def _telling(self, known: Sequence[tuple[Any, int]]) -> list[Any]:
        """Return the searches for one or two words that weigh enough to stand for most of them."""
        size = self.state.searcher.num_docs
        weighed = [(one, idf(n, size)) for one, n in known]
        least = MOST * sum(weight for _, weight in weighed)
        return [
            self.compile.all_of([one for one, _ in some])
            for few in (1, 2)
            for some in combinations(weighed[:_PAIRED], few)
            if sum(weight for _, weight in some) >= least
        ]

    # copies

    def _copies(self, wanted: Any, counts: Mapping[str, Any]) -> Any | None:
        """Return the search for what repeats another article that is wanted; None for none."""
        led = [int(bucket["key"]) for bucket in counts[LEADER]["buckets"]]
        if not led:
            return None
        known = self.compile.unranked(self.compile.any_value(OWN, led))
        both = self.compile.all_of([known, wanted])
        found = self.state.buckets(both, {OWN: {**_EVERY_LEADER, "field": OWN}})
        leaders = [int(bucket["key"]) for bucket in found[OWN]["buckets"]]
        return self.compile.any_value(LEADER, leaders) if leaders else None

    def _without(self, copies: Any, tiers: Tiers) -> Tiers:
        """Return the tiers without copies; what has all words yields only to its like."""
        last = self.compile.but(tiers[-1], copies)
        if len(tiers) == 1:
            return (last,)
        counts = self.state.buckets(tiers[0], {LEADER: _EVERY_LEADER})
        among_strict = self._copies(tiers[0], counts)
        return tiers[0] if among_strict is None else self.compile.but(tiers[0], among_strict), last

    # pages

    def _page(self, tiers: Tiers, question: Question) -> tuple[Hits, int]:
        """Return the hits of a page, and how many match.

        By date those with all words come first; so they do by relevance, by their scores.
        """
        offset, limit = question.offset, question.limit
        if limit <= 0:
            return [], self.state.count(self._either(tiers))
        if question.sort is Sort.OLDEST:
            return self._by_date(tiers, offset, limit, oldest=True)
        if question.sort is Sort.NEWEST or not self.compile.ranks:
            return self._by_date(tiers, offset, limit)
        return self._ranked(self._either(tiers), offset, limit)

    def _by_date(
        self, tiers: Tiers, offset: int, limit: int, *, oldest: bool = False
    ) -> tuple[Hits, int]:
        """Return a page of tiers one after the other, each without what the ones before have."""
        hits: list[Any] = []
        total = 0
        for number, tier in enumerate(tiers):
            wanted = self.compile.but(tier, tiers[0]) if number else tier
            wanting, start = limit - len(hits), max(0, offset - total)
            more, matching = self.state.in_order(wanted, max(wanting, 1), start, oldest=oldest)
            hits += more[:wanting]
            total += matching
        return [(0.0, address) for address in hits], total

    def _ranked(self, wanted: Any, offset: int, limit: int) -> tuple[Hits, int]:
        """Return a page by scores; only what scores the same around it is looked at besides."""
        around = _TIED
        while True:
            start = max(0, offset - around)
            asked = offset + limit + around - start
            hits, total = self.state.ranked(wanted, asked, start)
            page = slice(offset - start, offset - start + limit)
            here = hits[page]
            begins = not here or not start or _score(hits[0]) > _score(here[0])
            ends = not here or len(hits) < asked or _score(hits[-1]) < _score(here[-1])
            if (begins and ends) or around > _DEEPEST:
                return self._untied(hits)[page], total
            around *= 4

    def _untied(self, hits: Hits) -> Hits:
        """Return hits with those that score the same in order of time."""
        addresses = [address for _, address in hits]
        orders = self.state.searcher.fast_field_values("order", addresses) if hits else []
        keyed = sorted(zip(hits, orders, strict=True), key=lambda pair: (-_score(pair[0]), pair[1]))
        return [hit for hit, _ in keyed]

    def _scored(self, hits: Hits) -> tuple[Scored, ...]:
        return tuple(Scored(self.state.id(hit[1]), _score(hit) % _STRICT) for hit in hits)


def _score(hit: tuple[float, Any]) -> float:
    return round(hit[0], 4)
