"""Centres of large stories: the mean of their members, which an article is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.stories.window import Views
from nlp.stories.words import BUCKETS

NEWEST = 200
"""Members that make up a centre."""
GROWTH = 1.25
"""A centre is taken anew when a story has grown by this factor."""


class _Centre(NamedTuple):
    """A row of length 1 by its terms, rising, and what they weigh; of how many members it is."""

    terms: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float64]
    members: int


class Centres:
    """Centres of the stories met in a batch of articles, each taken when it is asked for."""

    def __init__(self, views: Views) -> None:
        self._words = views.words
        self._held: dict[str, _Centre] = {}

    def cosine(
        self, row: int, story: str, members: Sequence[str], places: Mapping[str, int]
    ) -> float:
        """Return the cosine of a row with the centre of a story; `places` are the members' rows."""
        centre = self._held.get(story)
        if centre is None or len(members) >= centre.members * GROWTH:
            newest = [places[name] for name in members[-NEWEST:]]
            centre = self._held[story] = self._centre(newest, len(members))
        words = self._words
        here = slice(words.indptr[row], words.indptr[row + 1])
        terms = words.indices[here]
        at = centre.terms.searchsorted(terms)
        shared = centre.terms[at] == terms
        return float(centre.weights[at[shared]] @ words.data[here][shared])

    def _centre(self, newest: Sequence[int], members: int) -> _Centre:
        terms, _, weights = _summed(self._words[np.array(newest)])
        length = float(np.sqrt((weights**2).sum())) or 1.0
        # A number above all terms at the end, so that every search ends within the array.
        return _Centre(np.append(terms, np.int32(BUCKETS)), weights / length, members)


def summed_cosines(words: sparse.csr_matrix) -> npt.NDArray[np.float64]:
    """Return for each row the sum of its cosines with all rows, itself included.

    That is its product with the sum of the rows, taken over their own terms alone: there are a
    million columns, and a story has a few hundred terms.
    """
    _, places, summed = _summed(words)
    rows = np.repeat(np.arange(words.shape[0]), np.diff(words.indptr))
    cosines = np.bincount(rows, weights=summed[places] * words.data, minlength=words.shape[0])
    return cosines.astype(np.float64)


def _summed(
    words: sparse.csr_matrix,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Return the columns of rows, the place of each value among them, and their sums."""
    terms, places = np.unique(words.indices, return_inverse=True)
    sums = np.bincount(places, weights=words.data, minlength=len(terms))
    return terms, places, sums.astype(np.float64)
