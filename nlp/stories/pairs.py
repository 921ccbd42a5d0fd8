"""What two articles have in common, as figures from which a model says if they tell one story."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.stories.window import Floats, Integers, Views

FEATURES = (
    *("cosine", "title_cosine", "title_in_text", "title_in_text_both", "rarest_word", "words"),
    *("names", "names_share", "rarest_name", "names_against", "figures", "figures_differ"),
    *("same_source", "other_language", "names_other_language", "short", "cosine_rarest_name"),
    "digest",
)
"""Cosines of TF-IDF rows; how much of a title the other article says; the idf of the rarest word
and the sum of all that are shared; the idf² of shared names, their share of all names, the rarest
one, and the names that the poorer of both has alone; figures shared, or told but not shared; and
whether one of both alone is a digest."""


class _Shared(NamedTuple):
    """What pairs of articles share: sums and largest weights, a figure for each pair."""

    cosine: Floats
    title: Floats
    title_left: Floats
    title_right: Floats
    words: Floats
    rarest_word: Floats
    names: Floats
    rarest_name: Floats
    figures: Floats


def features(views: Views, left: Integers, right: Integers) -> tuple[Floats, Floats]:
    """Return the features of pairs of rows (pairs x FEATURES), and their cosines."""
    words = views.words
    ours, theirs = _places(words, left), _places(words, right)
    both = ours.multiply(_ones(theirs)).tocsr()
    at, ends = both.data.astype(np.int64) - 1, both.indptr
    by = _ones(ours).multiply(theirs).tocsr().data.astype(np.int64) - 1
    idf = views.idf[words.indices[at]]
    named = views.names[left].multiply(views.names[right]).tocsr()
    figures = views.figures[left].multiply(views.figures[right]).tocsr()
    title_at, title_by = views.title[at], views.title[by]
    shared = _Shared(
        cosine=_sums(words.data[at] * words.data[by], ends),
        title=_sums(title_at * title_by, ends),
        # Rows of titles have length 1, so their squares sum to 1.
        title_left=_sums(title_at * title_at, ends),
        title_right=_sums(title_by * title_by, ends),
        words=_sums(idf, ends),
        rarest_word=_largest(idf, ends),
        names=_sums(named.data, named.indptr),
        rarest_name=np.sqrt(_largest(named.data, named.indptr)),
        figures=_sums(figures.data, figures.indptr),
    )
    return _columns(views, left, right, shared), shared.cosine


def grid(views: Views, left: Integers, right: Integers) -> tuple[Floats, Floats]:
    """Return the features of each of `left` with each of `right`, and their cosines.

    The pairs of the first row come first. This is `features` for few rows, in one dense table.
    """
    rows, first = np.concatenate([left, right]), len(left)
    words = _dense(views.words, rows, views.idf, views.words.data, views.title)
    weights, title = words.weights
    weighed: Floats = words.said[:first] * words.idf
    names = _dense(views.names, rows, views.idf, views.names.data)
    figures = _dense(views.figures, rows, views.idf, views.figures.data)
    shared = _Shared(
        cosine=_products(weights[:first], weights[first:]),
        title=_products(title[:first], title[first:]),
        title_left=_products(title[:first] ** 2, words.said[first:]),
        title_right=_products(words.said[:first], title[first:] ** 2),
        words=_products(weighed, words.said[first:]),
        rarest_word=_rarest(words, first),
        names=_products(names.weights[0][:first], names.weights[0][first:]),
        rarest_name=_rarest(names, first),
        figures=_products(figures.weights[0][:first], figures.weights[0][first:]),
    )
    left, right = np.repeat(left, len(right)), np.tile(right, first)
    shared = _Shared(*(each.ravel() for each in shared))
    return _columns(views, left, right, shared), shared.cosine


def _columns(views: Views, left: Integers, right: Integers, shared: _Shared) -> Floats:
    mass_left, mass_right = views.names_mass[left], views.names_mass[right]
    mass, cosine = shared.names, shared.cosine
    alone = np.minimum(mass_left, mass_right) - mass
    differ = views.figures_told[left] & views.figures_told[right] & (shared.figures == 0)
    other_language = (views.languages[left] != views.languages[right]).astype(np.float32)
    names, share = np.log1p(mass), mass / (mass_left + mass_right - mass + 1e-6)
    short = np.minimum(views.lengths[left], views.lengths[right]) < 10
    said_left, said_right = shared.title_left, shared.title_right
    columns = (
        *(cosine, shared.title, np.maximum(said_left, said_right)),
        *(np.minimum(said_left, said_right), shared.rarest_word, np.log1p(shared.words)),
        *(names, share, shared.rarest_name, np.log1p(np.maximum(alone, 0))),
        *(np.log1p(shared.figures), differ, views.sources[left] == views.sources[right]),
        *(other_language, other_language * names, short, cosine * shared.rarest_name),
        views.digests[left] != views.digests[right],
    )
    found = np.empty((len(left), len(columns)), dtype=np.float32)
    for at, column in enumerate(columns):
        found[:, at] = column
    return found


def _places(matrix: sparse.csr_matrix, rows: Integers) -> sparse.csr_matrix:
    """Return some rows of a matrix with the place of each value in it, counted from 1.

    Products that are 0 would be left out.
    """
    places, lengths = _of_rows(matrix, rows)
    pointers = np.concatenate(([0], np.cumsum(lengths)))
    return sparse.csr_matrix(
        ((places + 1).astype(np.float64), matrix.indices[places], pointers),
        shape=(len(rows), matrix.shape[1]),
    )


def _of_rows(matrix: sparse.csr_matrix, rows: Integers) -> tuple[Integers, Integers]:
    """Return the places of the values of some rows of a matrix, and how many each row has."""
    starts = matrix.indptr[rows].astype(np.int64)
    lengths = matrix.indptr[rows + 1] - starts
    ends = np.cumsum(lengths)
    return np.arange(lengths.sum()) + np.repeat(starts - ends + lengths, lengths), lengths


def _ones(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    return sparse.csr_matrix(
        (np.ones(len(matrix.data)), matrix.indices, matrix.indptr), shape=matrix.shape
    )


def _sums(data: Floats, ends: npt.NDArray[np.int32]) -> Floats:
    """Return the sum of the data between each two of the `ends`."""
    rows = sparse.csr_matrix(
        (data, np.zeros(len(data), dtype=np.int32), ends), shape=(len(ends) - 1, 1)
    )
    summed: Floats = rows @ np.ones(1, dtype=np.float32)
    return summed


def _largest(data: Floats, ends: npt.NDArray[np.int32]) -> Floats:
    """Return the largest of the data between each two of the `ends`, 0 where there is none."""
    largest = np.zeros(len(ends) - 1, dtype=np.float32)
    filled = np.flatnonzero(np.diff(ends))
    if len(filled):
        largest[filled] = np.maximum.reduceat(data, ends[filled])
    return largest


class _Table(NamedTuple):
    """Rows x terms that two of the rows have or more, the rarest first; `idf` of each term."""

    said: Floats
    weights: tuple[Floats, ...]
    idf: Floats


def _dense(matrix: sparse.csr_matrix, rows: Integers, idf: Floats, *data: Floats) -> _Table:
    """Return some rows of a matrix as tables: 1 where a term is there, and each of `data`."""
    places, lengths = _of_rows(matrix, rows)
    terms, columns, counts = np.unique(
        matrix.indices[places], return_inverse=True, return_counts=True
    )
    rarest = np.argsort(-idf[terms], kind="stable")
    rarest = rarest[counts[rarest] > 1]
    column_of = np.full(len(terms), -1)
    column_of[rarest] = np.arange(len(rarest))
    columns, at = column_of[columns], np.repeat(np.arange(len(rows)), lengths)
    shared = columns >= 0
    columns, at, places = columns[shared], at[shared], places[shared]
    tables = []
    for each in (None, *data):
        table = np.zeros((len(rows), len(rarest)), dtype=np.float32)
        table[at, columns] = 1.0 if each is None else each[places]
        tables.append(table)
    return _Table(tables[0], tuple(tables[1:]), idf[terms[rarest]])


def _products(one: Floats, other: Floats) -> Floats:
    """Return the product of each row with each other one.

    Not by BLAS: the tables are small, and its threads would wait for each other longer than they
    work.
    """
    found: Floats = np.einsum("ik,jk->ij", one, other)
    return found


def _rarest(table: _Table, first: int) -> Floats:
    """Return the idf of the rarest term that each of the first rows shares with each other row."""
    bits = np.packbits(table.said > 0, axis=1)
    both = bits[:first, None] & bits[None, first:]
    if not both.shape[2]:
        return np.zeros(both.shape[:2], dtype=np.float32)
    byte = np.argmax(both > 0, axis=2)
    found = np.take_along_axis(both, byte[:, :, None], axis=2)[:, :, 0]
    column = byte * 8 + _FIRST_BIT[found]
    idf = np.append(table.idf, np.zeros(8, dtype=np.float32))
    return np.where(found > 0, idf[column], np.float32(0.0))


_FIRST_BIT = np.argmax(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1), axis=1)
