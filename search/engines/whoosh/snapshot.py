"""One state of the index: its words and columns, and how well an article fits a word.

The state never changes, so that everything in it can be kept. A row is an article; what is found is
a mask over all rows and a score a row. Scores are BM25F: the counts of a word in title, summary and
body are first added, weighted and by the length of the field, then saturate once (Robertson,
Zaragoza & Taylor, "Simple BM25 extension to multiple weighted fields", 2004).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from search.document import TEXT_FIELDS
from search.engines.whoosh.columns import Columns
from search.engines.whoosh.facets import Facets
from search.engines.whoosh.postings import STEM, WORD, PostingLists, unpacked
from search.limits import Limits, OutOfTimeError
from search.query.nodes import Fuzzy, Prefix, Wildcard
from search.ranking import AS_CASED, AS_TYPED, LENGTH_WEIGHT, SATURATION, WEIGHTS, idf
from search.text.stems import StemForm
from search.values import Lookup
from search.vocabulary import Vocabulary, beginning, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]


@dataclass(slots=True)
class MatchedRows:
    """The rows that match, and their scores where words were looked for; 0 where they don't."""

    mask: Mask
    scores: Scores | None = None


Weighed = tuple["NDArray[np.int64]", "NDArray[np.float32]"]
"""Some rows, ascending, and the score of each: few rows have a word, and little is worked out."""


class Snapshot:
    """One state of the index, ready to be asked; safe to ask from several threads."""

    def __init__(
        self,
        columns: Columns,
        live: Mask,
        lists: PostingLists,
        read_vocabulary: Callable[[Any], Vocabulary],
    ) -> None:
        self.columns = columns
        self.live = live
        self.lists = lists
        self._read_vocabulary = read_vocabulary
        self.lookup = Lookup(lambda column: columns.values[column].names, columns.entity_names)
        self.size = len(columns)
        self._by_languages: dict[tuple[str, ...], Mask] = {}
        self.total = int(live.sum())

    @cached_property
    def _vocabularies(self) -> list[Vocabulary]:
        return self.lists.each(self._read_vocabulary)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words, put together when first needed."""
        return joined(self._vocabularies)

    def words_for(self, node: Prefix | Wildcard | Fuzzy) -> Vocabulary:
        """Return the words a pattern may stand for: all only where any beginning will do."""
        begin = beginning(node)
        if not begin or "vocabulary" in self.__dict__:
            return self.vocabulary
        return joined([part.beginning(begin) for part in self._vocabularies])

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages there are articles in: a word may have another stem in each."""
        return self.columns.values["lang"].names

    @cached_property
    def _dilution(self) -> NDArray[np.float32]:
        """What a count in each field is divided by, in three columns."""
        lengths = self.columns.lengths
        filled = lengths > 0
        means = np.where(filled.any(0), lengths.sum(0) / np.maximum(filled.sum(0), 1), 1.0)
        b = np.array([LENGTH_WEIGHT[field] for field in TEXT_FIELDS])
        return np.asarray(1 - b + b * lengths / np.maximum(means, 1.0), dtype=np.float32)

    def none(self) -> MatchedRows:
        """Return what finds nothing."""
        return MatchedRows(np.zeros(self.size, dtype=bool))

    @cached_property
    def facets(self) -> Facets:
        """What counts facets."""
        return Facets(self.columns)

    @cached_property
    def copies(self) -> tuple[Rows, Rows]:
        """The rows that repeat another one, and the rows that they repeat."""
        column, ids = self.columns.values["leader"], self.columns.ids
        names = [name.encode() for name in column.names]
        wanted = np.array(names, dtype=np.bytes_) if names else ids[:0]
        row_of = {ids[row]: row for row in np.flatnonzero(self.live & np.isin(ids, wanted))}
        rows = np.array([row_of.get(name, -1) for name in names], dtype=np.int64)
        leaders = rows[column.ordinals]
        known = leaders >= 0
        return column.rows[known].astype(np.int64), leaders[known]

    # words

    def idf(self, articles: int) -> float:
        """Return how telling a word is that so many articles have."""
        return idf(articles, self.total)

    def weigh(self, rows: NDArray[Any], counts: NDArray[np.int32], field: str) -> Weighed:
        """Return the rows that have a word (in a field), scored by BM25F.

        A row may come several times, for the forms of a word; their counts are added.
        """
        in_fields = (field,) if field else TEXT_FIELDS
        weights = np.zeros(len(rows), dtype=np.float32)
        for name in in_fields:
            here = unpacked(counts, name).astype(np.float32)
            weights += WEIGHTS[name] * here / self._dilution[rows, TEXT_FIELDS.index(name)]
        if not np.all(rows[1:] > rows[:-1]):
            rows, which = np.unique(rows, return_inverse=True)
            weights = np.bincount(which, weights, len(rows)).astype(np.float32)
        has = (weights > 0) & self.live[rows]
        rows, weights = rows[has], weights[has]
        return rows, (self.idf(len(rows)) * weights / (SATURATION + weights)).astype(np.float32)

    def spread(self, weighed: Weighed) -> MatchedRows:
        """Return some rows with their scores as a mask and scores over all rows."""
        rows, weights = weighed
        mask = np.zeros(self.size, dtype=bool)
        mask[rows] = True
        scores = np.zeros(self.size, dtype=np.float32)
        scores[rows] = weights
        return MatchedRows(mask, scores)

    def any_word(self, list_: str, found: Sequence[str], field: str, limits: Limits) -> Weighed:
        """Return the rows that have any of some words, as if they were one word."""
        read = []
        with suppress(OutOfTimeError):  # what was read until then is found
            for word in found:
                limits.check()
                read.append(self.lists.read(list_, word, limits))
        return self._weigh_all(read, field)

    def any_stem(self, forms: Sequence[StemForm], field: str, limits: Limits) -> Weighed:
        """Return the rows that have any of some stems in articles of their languages."""
        read = []
        with suppress(OutOfTimeError):  # what was read until then is found
            for form in forms:
                limits.check()
                rows, counts = self.lists.read(STEM, form.form, limits)
                if form.only:
                    here = self._in_languages(form.only)[rows]
                    rows, counts = rows[here], counts[here]
                elif form.banned:
                    here = ~self._in_languages(form.banned)[rows]
                    rows, counts = rows[here], counts[here]
                read.append((rows, counts))
        return self._weigh_all(read, field)

    def preferring(
        self, weighed: Weighed, typed: Sequence[str], mark: str, limits: Limits
    ) -> Weighed:
        """Return what was found by stems, the articles that have a word as typed scored higher."""
        rows, scores = weighed
        if not len(rows):
            return weighed
        factor = np.ones(len(rows), dtype=np.float32)
        asked = [(WORD, word, AS_TYPED) for word in typed]
        asked += [(STEM, mark, AS_CASED)] if mark else []
        with suppress(OutOfTimeError):  # ranked by what was read until then
            for list_, word, more in asked:
                having = self.lists.read(list_, word, limits)[0]
                factor[_among(rows, having)] += np.float32(more)
        return rows, scores * factor

    def _weigh_all(self, read: Sequence[tuple[Any, Any]], field: str) -> Weighed:
        if not read:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        rows, counts = zip(*read, strict=True)
        return self.weigh(np.concatenate(rows), np.concatenate(counts), field)

    def _in_languages(self, languages: tuple[str, ...]) -> Mask:
        """Return the mask of the articles in some languages; kept, as searches ask for the same."""
        if languages not in self._by_languages:
            column = self.columns.values["lang"]
            places = [at for at, name in enumerate(column.names) if name in languages]
            self._by_languages[languages] = column.rows_with(places, self.size)
        return self._by_languages[languages]


def _among(rows: NDArray[Any], others: NDArray[Any]) -> Mask:
    """Return which of some rows are among others; both ascend."""
    if not len(others):
        return np.zeros(len(rows), dtype=bool)
    at = np.searchsorted(others, rows)
    at[at == len(others)] = len(others) - 1
    return np.asarray(others[at] == rows)
