"""Which cluster of a new fit is which of the fit before: by the words and the articles they share.

Articles alone would mislead: what is new must fall somewhere in the old clusters, and could carry
an old name away. Words alone would too: two clusters of one story speak much alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.clusters.model import ClusterModel, IntArray
from nlp.tfidf import FloatArray

LEAST_LIKENESS = 0.3
"""The likeness from which two clusters are one: 1 where all articles and words are shared."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """The clusters of one fit: the cluster of each article (-1: none), and each cluster's topic."""

    labels: IntArray
    topics: Sequence[str]


def match(new: Clustering, old: Clustering, likeness_of_words: FloatArray) -> dict[int, int]:
    """Return the old cluster of each new one that continues it; only those of one topic can.

    Both sides label the same articles; `likeness_of_words` has shape (new, old). The likeness of
    two clusters is the geometric mean of that and of the overlap of their articles (Jaccard). Pairs
    are chosen so that their likenesses add up to the most (Hungarian method, Kuhn 1955).
    """
    from scipy.optimize import linear_sum_assignment

    if not len(new.topics) or not len(old.topics):
        return {}
    likeness = np.sqrt(overlaps(new, old) * np.clip(likeness_of_words, 0, 1))
    likeness[np.array(new.topics)[:, None] != np.array(old.topics)[None, :]] = 0
    pairs = zip(*linear_sum_assignment(likeness, maximize=True), strict=True)
    return {int(a): int(b) for a, b in pairs if likeness[a, b] >= LEAST_LIKENESS}


def overlaps(new: Clustering, old: Clustering) -> FloatArray:
    """Return the articles that clusters share, over all of both; shape (new, old)."""
    shared = np.zeros((len(new.topics), len(old.topics)))
    both = (new.labels >= 0) & (old.labels >= 0)
    np.add.at(shared, (new.labels[both], old.labels[both]), 1)
    sizes = np.bincount(new.labels[new.labels >= 0], minlength=len(new.topics))
    old_sizes = np.bincount(old.labels[old.labels >= 0], minlength=len(old.topics))
    union = sizes[:, None] + old_sizes[None, :] - shared
    found: FloatArray = (shared / np.maximum(union, 1)).astype(np.float32)
    return found


def alike(new: ClusterModel, old: ClusterModel, centroids: FloatArray) -> FloatArray:
    """Return how alike clusters speak: the cosine of their words; shape (new, old).

    `centroids` are the new ones, `new` is the model whose directions they are in.
    """
    columns = [new.vocabulary.columns.get(term, -1) for term in old.vocabulary.terms]
    known = np.array(columns, dtype=np.int64)
    mine = centroids @ new.components
    theirs = np.zeros((len(old.clusters), len(new.vocabulary)), dtype=np.float32)
    theirs[:, known[known >= 0]] = (old.centroids @ old.components)[:, known >= 0]
    found: FloatArray = _unit(mine) @ _unit(theirs).T
    return found


def _unit(rows: FloatArray) -> FloatArray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    found: FloatArray = (rows / np.where(length > 0, length, 1)).astype(np.float32)
    return found
