"""What two articles have in common, as figures from which a model says if they tell one story."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.stories.window import Floats, Integers, Views

FEATURES = (
    *("cosine", "title_cosine", "title_in_text", "title_in_text_both", "rarest_word", "words"),
    *("names", "names_share", "rarest_name", "names_against", "figures", "figures_differ"),
    *("same_source", "other_language", "names_other_language", "short", "cosine_rarest_name"),
)
"""Cosines of TF-IDF rows; how much of a title the other article says; the idf of the rarest word
and the sum of all that are shared; the idf² of shared names, their share of all names, the rarest
one, and the names that the poorer of both has alone; figures shared, or told but not shared."""


def features(views: Views, left: Integers, right: Integers) -> tuple[Floats, Floats]:
    """Return the features of pairs of rows (pairs x FEATURES), and their cosines."""
    cosine = _sums(views.words[left].multiply(views.words[right]))
    title = _sums(views.title[left].multiply(views.title[right]))
    said_left = _title_in(views, left, right)
    said_right = _title_in(views, right, left)
    shared = views.plain[left].multiply(views.plain[right]).tocsr()
    shared.data = views.idf[shared.indices]
    rarest_word, words = _largest(shared), np.log1p(_sums(shared))
    named = views.names[left].multiply(views.names[right]).tocsr()
    mass = _sums(named)
    union = views.names_mass[left] + views.names_mass[right] - mass + 1e-6
    rarest_name = np.sqrt(_largest(named))
    alone = np.minimum(views.names_mass[left], views.names_mass[right]) - mass
    figures = _sums(views.figures[left].multiply(views.figures[right]))
    told = np.diff(views.figures.indptr) > 0
    differ = told[left] & told[right] & (figures == 0)
    other_language = (views.languages[left] != views.languages[right]).astype(np.float32)
    names = np.log1p(mass)
    short = np.minimum(views.lengths[left], views.lengths[right]) < 10
    columns = (
        *(cosine, title, np.maximum(said_left, said_right), np.minimum(said_left, said_right)),
        *(rarest_word, words, names, mass / union, rarest_name, np.log1p(np.maximum(alone, 0))),
        *(np.log1p(figures), differ, views.sources[left] == views.sources[right]),
        *(other_language, other_language * names, short, cosine * rarest_name),
    )
    return np.column_stack(columns).astype(np.float32), cosine


def _title_in(views: Views, left: Integers, right: Integers) -> Floats:
    """Return how much of the titles of `left` the articles `right` say, by idf²."""
    # Rows of titles have length 1, so their squares sum to 1.
    title = views.title[left]
    said = title.multiply(title).multiply(views.plain[right])
    return _sums(said)


def _sums(matrix: sparse.csr_matrix) -> Floats:
    return np.asarray(matrix.sum(axis=1), dtype=np.float32).ravel()


def _largest(matrix: sparse.csr_matrix) -> npt.NDArray[np.float32]:
    largest = np.zeros(matrix.shape[0], dtype=np.float32)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if len(filled):
        largest[filled] = np.maximum.reduceat(matrix.data, matrix.indptr[filled])
    return largest
