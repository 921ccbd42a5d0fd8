"""Seed terms at work: how strongly the words of an article speak for each topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.tfidf import WHOLE, FloatArray, Vocabulary, fold_term
from nlp.topics.taxonomy import Topic

IntArray = npt.NDArray[np.int64]

NONE = -1
"""The pseudo-label of an article that no topic claims clearly."""

LEAST_SCORE = 5.0
"""The top topic's score must reach this for a pseudo-label ..."""
LEAST_LEAD = 0.5
"""... and lead the second by this part of itself."""
MOST_SHARE = 0.06
"""At most this part of all articles gets the pseudo-label of one topic: the strongest do."""


def seed_terms(topics: Sequence[Topic], letters: int = WHOLE) -> tuple[str, ...]:
    """Return all seed terms, folded, in a fixed order and each once; unmatchable ones left out."""
    folded = (fold_term(term, letters) for topic in topics for term in topic.terms)
    return tuple(dict.fromkeys(term for term in folded if term))


def lexicon_weights(topics: Sequence[Topic], vocabulary: Vocabulary) -> FloatArray:
    """Return what each term says for each topic: its idf, divided among the topics that share it.

    Shape (terms, topics). Terms outside the vocabulary say nothing.
    """
    letters = vocabulary.letters
    shared = Counter(
        term for topic in topics for term in {fold_term(term, letters) for term in topic.terms}
    )
    weights = np.zeros((len(vocabulary), len(topics)), dtype=np.float32)
    for number, topic in enumerate(topics):
        for term in {fold_term(term, letters) for term in topic.terms}:
            column = vocabulary.columns.get(term)
            if column is not None:
                weights[column, number] = vocabulary.idf[column] / shared[term]
    return weights


def lexicon_scores(counts: sparse.csr_matrix, weights: FloatArray) -> FloatArray:
    """Score articles by the seed terms they contain, each once; shape (articles, topics)."""
    present = counts.copy()
    present.data = np.ones_like(present.data)
    result: FloatArray = np.asarray(present @ weights, dtype=np.float32)
    return result


def pseudo_labels(scores: FloatArray, most_share: float = MOST_SHARE) -> IntArray:
    """Label the articles that one topic claims clearly (`NONE` for the rest)."""
    rows = np.arange(len(scores))
    best = scores.argmax(axis=1)
    top = scores[rows, best]
    others = scores.copy()
    others[rows, best] = 0
    lead = top - others.max(axis=1)
    labels = np.where((top >= LEAST_SCORE) & (lead >= LEAST_LEAD * top), best, NONE)
    most = max(1, int(most_share * len(scores)))
    for topic in range(scores.shape[1]):
        claimed = np.flatnonzero(labels == topic)
        if len(claimed) > most:
            weakest = claimed[np.argsort(-lead[claimed], kind="stable")[most:]]
            labels[weakest] = NONE
    return labels
