"""What is asked, worked out over one state of the index: which rows match, and how well.

Every part of a query becomes a mask over all rows and a score a row (`snapshot`, beside this
module), so that what a query costs is known beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import UnsupportedQueryError
from search.document import TEXT_FIELDS, UNDATED, to_micros
from search.engines.whoosh.postings import PLACES, STARTS, WORD, packed
from search.engines.whoosh.snapshot import MatchedRows, Snapshot, Weighed
from search.limits import Limits, OutOfTimeError
from search.query.nodes import (
    ANYWHERE,
    All,
    And,
    Boost,
    DateRange,
    Fuzzy,
    Ids,
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
from search.ranking import FEW, MOST, steps
from search.text.casing import mark_of
from search.text.stems import stem_forms
from search.text.words import words
from search.values import Pattern

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Scores = NDArray[np.float32]


@dataclass(slots=True)
class Outcome:
    """All that match; `strict` is the mask of those that have all the words."""

    mask: Mask
    scores: Scores
    strict: Mask


class Evaluation:
    """One query worked out over a snapshot, within limits."""

    def __init__(self, snapshot: Snapshot, limits: Limits) -> None:
        self.on = snapshot
        self.limits = limits

    def run(self, query: Node) -> Outcome:
        """Return what matches; plain words are relaxed where too few articles have them all."""
        strict = self.find(query)
        scores = self._scores(strict)
        words_of = relaxable(query)
        if words_of is None or int(strict.mask.sum()) >= FEW:
            return Outcome(strict.mask, scores, strict.mask)
        most = self._most(query, words_of)
        mask = strict.mask | most.mask
        return Outcome(mask, np.maximum(scores, self._scores(most)), strict.mask)

    def _scores(self, found: MatchedRows) -> Scores:
        if found.scores is None:
            return np.zeros(self.on.size, dtype=np.float32)
        return found.scores

    def _most(self, query: Node, words_of: And) -> MatchedRows:
        """Return the rows that have most of the plain words, and fulfil all the rest."""
        parts = [self.find(node) for node in words_of.nodes]
        weights = [self.on.idf(n) if (n := int(part.mask.sum())) else 0.0 for part in parts]
        if not any(weights):
            return self.on.none()
        known = sum(1 for weight in weights if weight)
        number = np.zeros(self.on.size, dtype=np.int32)
        share = np.zeros(self.on.size, dtype=np.float32)
        first, second = share.copy(), share.copy()
        scores = np.zeros(self.on.size, dtype=np.float32)
        for part, weight in zip(parts, weights, strict=True):
            here = part.mask * np.float32(weight / sum(weights))
            number += part.mask
            share += here
            second = np.maximum(second, np.minimum(first, here))
            first = np.maximum(first, here)
            scores += self._scores(part)
        rest = self._and([self.find(n) for n in members(query) if n is not words_of])
        mask = np.zeros(self.on.size, dtype=bool)
        for step in steps(known):
            mask = ((number >= step) | (first + second >= MOST)) & rest.mask
            if int(mask.sum()) >= FEW:
                break
        most = MatchedRows(mask, np.where(mask, scores * share, np.float32(0)))
        return self._and([most, rest])

    # the kinds of nodes

    def find(self, node: Node, within: Mask | None = None) -> MatchedRows:  # noqa: PLR0911 - one a kind
        """Return what one node matches; `within` are the rows that matter to the caller."""
        match node:
            case All():
                return MatchedRows(self.on.live.copy())
            case Term() | Prefix() | Wildcard() | Fuzzy():
                return self._word(node)
            case Phrase():
                return self._phrase(node, within)
            case DateRange():
                return self._dates(node)
            case Ids():
                wanted = np.asarray([one.encode() for one in node.ids], dtype=bytes)
                return MatchedRows(np.isin(self.on.columns.ids, wanted) & self.on.live)
            case And():
                return self._all_of(node, within)
            case Or():
                return self._any_of(node, within)
            case Not():
                return MatchedRows(self.on.live & ~self.find(node.node, within).mask)
            case Boost():
                found = self.find(node.node, within)
                if found.scores is not None:
                    return MatchedRows(found.mask, found.scores * np.float32(node.factor))
                return found
        raise UnsupportedQueryError(f"This engine can't search for {type(node).__name__}")

    def _all_of(self, node: And, within: Mask | None) -> MatchedRows:
        # Phrases last: they are looked for only where all the rest is.
        parts: list[MatchedRows] = []
        for part in sorted(node.nodes, key=_is_costly):
            if self.limits.over:
                return self.on.none()
            found = self.find(part, within)
            parts.append(found)
            within = found.mask if within is None else within & found.mask
            if not within.any():
                return self.on.none()
        return self._and(parts)

    def _and(self, parts: Sequence[MatchedRows]) -> MatchedRows:
        mask = self.on.live.copy()
        scores: Scores | None = None
        for part in parts:
            mask &= part.mask
            if part.scores is not None:
                scores = part.scores if scores is None else scores + part.scores
        return MatchedRows(mask, None if scores is None else np.where(mask, scores, np.float32(0)))

    def _any_of(self, node: Or, within: Mask | None) -> MatchedRows:
        mask = np.zeros(self.on.size, dtype=bool)
        scores: Scores | None = None
        for part in node.nodes:
            if self.limits.over:
                break
            # Words are added up where they stand: of sixty, none stands in most articles.
            if (weighed := self._weighed(part)) is not None:
                rows, weights = weighed
                scores = np.zeros(self.on.size, dtype=np.float32) if scores is None else scores
                mask[rows] = True
                scores[rows] += weights
                continue
            found = self.find(part, within)
            mask |= found.mask
            if found.scores is not None:
                scores = found.scores.copy() if scores is None else scores + found.scores
        return MatchedRows(mask, scores)

    def _weighed(self, node: Node) -> Weighed | None:
        """Return the rows that have a word, with their scores; None for any other node."""
        if isinstance(node, Boost):
            weighed = self._weighed(node.node)
            return None if weighed is None else (weighed[0], weighed[1] * np.float32(node.factor))
        if not isinstance(node, Term) or node.field not in (ANYWHERE, *TEXT_FIELDS):
            return None
        found = words(node.text)
        if len(found) != 1:
            return None
        forms = stem_forms(node.text, self.on.languages)
        stemmed = self.on.any_stem(forms, node.field, self.limits)
        return self.on.preferring(stemmed, found, mark_of(node.text, *found), self.limits)

    def _word(self, node: Pattern) -> MatchedRows:
        if node.field not in (ANYWHERE, *TEXT_FIELDS):
            return self._value(node)
        if not isinstance(node, Term):
            expanded = self._expanded(node)
            return self.on.spread(self.on.any_word(WORD, expanded, node.field, self.limits))
        if (weighed := self._weighed(node)) is not None:
            return self.on.spread(weighed)
        found = words(node.text)
        # Several words in one do not come from our parser, which takes them apart.
        return self._phrase(Phrase(tuple(found), node.field), None) if found else self.on.none()

    def _expanded(self, node: Prefix | Wildcard | Fuzzy) -> list[str]:
        if self.limits.over:
            return []
        words_of = self.on.words_for(node)
        shown, places = words_of.expanded(node)
        return self.limits.expanded(words_of, shown, places)

    def _value(self, node: Pattern) -> MatchedRows:
        on = self.on
        if node.field == "id":
            return MatchedRows(self._ids(node) & on.live)
        mask = np.zeros(on.size, dtype=bool)
        for column, places in on.lookup.meant(node):
            mask |= on.columns.values[column].rows_with(places, on.size)
        return MatchedRows(mask & on.live)

    def _ids(self, node: Pattern) -> Mask:
        ids = self.on.columns.ids
        if isinstance(node, Term):
            return np.asarray(ids == node.text.encode())
        if isinstance(node, Prefix):
            return np.asarray(np.char.startswith(ids, node.text.encode()))
        raise UnsupportedQueryError("An id is searched for as it is, or by how it begins")

    def _dates(self, node: DateRange) -> MatchedRows:
        published = self.on.columns.published
        mask = self.on.live & (published != UNDATED)
        if node.start is not None:
            mask &= published >= to_micros(node.start)
        if node.end is not None:
            mask &= published < to_micros(node.end)
        return MatchedRows(mask)

    def _phrase(self, node: Phrase, within: Mask | None) -> MatchedRows:
        """Find a phrase by the positions of its words, or a value in any other field."""
        if node.field not in (ANYWHERE, *TEXT_FIELDS):
            return self._value(Term(" ".join(node.words), node.field))
        found = [word for text in node.words for word in words(text)]
        if not found:
            return self.on.none()
        if len(found) == 1:
            return self.on.spread(self.on.any_word(WORD, found, node.field, self.limits))
        try:
            ends = self._ends_of_sequence(found, node.slop)
        except OutOfTimeError:
            return self.on.none()
        rows, fields = ends // PLACES, ends % PLACES // STARTS["summary"]
        if within is not None:
            inside = within[rows]
            rows, fields = rows[inside], fields[inside]
        counts = np.array([int(packed({field: 1})) for field in TEXT_FIELDS], dtype=np.int32)
        return self.on.spread(self.on.weigh(rows, counts[fields], node.field))

    def _ends_of_sequence(self, found: Sequence[str], slop: int) -> NDArray[np.int64]:
        """Return where the words end that stand in order with at most `slop` others between."""
        # The places reached, by how many words have stood between so far.
        reached = {0: self.on.lists.places(found[0], self.limits)}
        for word in found[1:]:
            following = self.on.lists.places(word, self.limits)
            nearer: dict[int, list[NDArray[np.int64]]] = {}
            for between, places in reached.items():
                for more in range(slop - between + 1):
                    self.limits.check()
                    here = _common(places + 1 + more, following)
                    if len(here):
                        nearer.setdefault(between + more, []).append(here)
            reached = {n: np.unique(np.concatenate(parts)) for n, parts in nearer.items()}
            if not reached:
                return np.zeros(0, dtype=np.int64)
        return np.unique(np.concatenate(list(reached.values())))


def _common(some: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what is in both; both ascend. The shorter is looked up in the longer."""
    if len(some) > len(others):
        some, others = others, some
    if not len(some):
        return some
    at = np.searchsorted(others, some)
    at[at == len(others)] = len(others) - 1
    both: NDArray[np.int64] = some[others[at] == some]
    return both


def _is_costly(node: Node) -> int:
    if isinstance(node, Boost | Not):
        return _is_costly(node.node)
    return int(isinstance(node, Phrase))
