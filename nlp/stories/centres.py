"""Centres of large stories: the mean of their members, which an article is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import mul

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.stories.window import Views

NEWEST = 200
"""Members that make up a centre."""
GROWTH = 1.25
"""A centre is taken anew when a story has grown by this factor."""


class Centres:
    """Centres of the stories met in a batch of articles, each taken when it is asked for."""

    def __init__(self, views: Views) -> None:
        self._words = views.words
        self._held: dict[str, tuple[dict[int, float], int]] = {}

    def cosine(
        self, row: int, story: str, members: Sequence[str], places: Mapping[str, int]
    ) -> float:
        """Return the cosine of a row with the centre of a story; `places` are the members' rows."""
        held = self._held.get(story)
        if held is None or len(members) >= held[1] * GROWTH:
            held = self._held[story] = (
                self._centre([places[name] for name in members[-NEWEST:]]),
                len(members),
            )
        centre = held[0]
        words = self._words
        here = slice(words.indptr[row], words.indptr[row + 1])
        terms, weights = words.indices[here].tolist(), words.data[here].tolist()
        cosine: float = sum(map(mul, weights, map(centre.get, terms, repeat(0.0))))
        return cosine

    def _centre(self, members: Sequence[int]) -> dict[int, float]:
        rows = self._words[np.array(members)]
        terms, _, weights = _summed(rows)
        length = float(np.sqrt((weights**2).sum())) or 1.0
        return dict(zip(terms.tolist(), (weights / length).tolist(), strict=True))


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
