"""What topics are learned with: linear machines on TF-IDF rows, each a view of a topic model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from nlp.tfidf import FloatArray
from nlp.topics.seed_terms import IntArray

STRICTNESS = 0.1
STRICTNESS_LABELLED = 0.2
"""The C of the support vector machine, without and with labels of people."""
BAYES_SMOOTHING = 0.3

RIDGE_STEPS = 40


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """What is learned from: TF-IDF rows, the topic number of each, and how strictly to follow.

    `importance` is how much each row counts; all the same where it is None.
    """

    rows: sparse.csr_matrix
    labels: IntArray
    strictness: float
    importance: FloatArray | None = None


def support_vectors(lesson: TrainingRows, topics: int) -> tuple[FloatArray, FloatArray]:
    """Fit a linear support vector machine, one topic against the rest: weights and bias."""
    machine = LinearSVC(C=lesson.strictness, class_weight="balanced", random_state=0)
    machine.fit(lesson.rows, lesson.labels, lesson.importance)
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # one row stands for both, the first class being its negative
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    return spread(coefficients, intercepts, machine.classes_, topics, lowest=-1.0)


def naive_bayes(lesson: TrainingRows, topics: int) -> tuple[FloatArray, FloatArray]:
    """Fit a complement naive Bayes (Rennie et al., 2003): weights and bias."""
    bayes = ComplementNB(alpha=BAYES_SMOOTHING).fit(lesson.rows, lesson.labels, lesson.importance)
    logs = bayes.feature_log_prob_
    # Only differences between topics matter, and small figures survive half precision better.
    logs = logs - logs.mean(axis=0)
    return spread(logs, np.zeros(len(logs), dtype=np.float32), bayes.classes_, topics, lowest=0.0)


def spread(
    coefficients: FloatArray, intercepts: FloatArray, classes: IntArray, topics: int, lowest: float
) -> tuple[FloatArray, FloatArray]:
    """Put the classes that were learned into the columns of all topics."""
    weights = np.zeros((coefficients.shape[1], topics), dtype=np.float32)
    bias = np.full(topics, lowest, dtype=np.float32)
    weights[:, classes] = coefficients.T
    bias[classes] = intercepts
    return weights, bias


def ridge(
    rows: sparse.csr_matrix, targets: FloatArray, importance: FloatArray, penalty: float
) -> tuple[FloatArray, FloatArray]:
    """Fit weights and bias so that `rows @ weights + bias` comes near the targets.

    Weighted least squares with a penalty on large weights, by conjugate gradients for all columns
    of `targets` at once (Hestenes and Stiefel, 1952): a fixed number of steps, so the same result
    every time.
    """
    weight = (importance / importance.mean()).astype(np.float32)[:, None]
    bias = ((weight * targets).sum(axis=0) / weight.sum()).astype(np.float32)
    columns = rows.T.tocsr()
    residual = columns @ (weight * (targets - bias))
    found = np.zeros_like(residual)
    direction = residual.copy()
    size = (residual * residual).sum(axis=0)
    for _ in range(RIDGE_STEPS):
        moved = columns @ (weight * (rows @ direction)) + np.float32(penalty) * direction
        step = size / np.maximum((direction * moved).sum(axis=0), 1e-20)
        found += step * direction
        residual -= step * moved
        smaller = (residual * residual).sum(axis=0)
        direction = residual + (smaller / np.maximum(size, 1e-20)) * direction
        size = smaller
    return found.astype(np.float32), bias
