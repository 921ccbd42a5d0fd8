"""How the shipped model is made: teachers that read sentences, and a sparse student of them.

The teacher is a sum of opinions, each brought to mean 0 and spread 1 by article: a naive Bayes on
the articles that seed terms claim and a support vector machine on labelled ones, both on TF-IDF; a
logistic regression on each of the two and a small neural network on both, on sentence vectors; and
how near an article's vector is to those of the topic's name and seed terms. The student is a ridge
regression from words to the teacher's scores, to which the two sparse machines are added: all it
keeps at run time is a sparse matrix.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from nlp.tfidf import FloatArray, Texts, Vocabulary
from nlp.topics.chances import softmax, standardised
from nlp.topics.classifiers import (
    STRICTNESS_LABELLED,
    TrainingRows,
    naive_bayes,
    ridge,
    support_vectors,
)
from nlp.topics.model import TopicModel
from nlp.topics.seed_terms import NONE, IntArray
from nlp.topics.taxonomy import Topic

BAYES_SHARE = 1.5
VECTORS_SHARE = 0.6
CLAIMS_SHARE = 0.7
NEARNESS_SHARE = 0.3
"""How much an opinion counts beside the support vector machine: naive Bayes, then all that read
sentence vectors; among these, what learned from claims, and nearness."""
MACHINES_SHARE = 0.5
"""How much the sparse machines count beside the student that learned from all opinions."""
CLAIMS_BAYES, LABELS_MACHINE, LABELS_BAYES = 1.0, 2.0, 1.0
"""How much each machine counts among them."""
LABEL_PULL = 5.0
"""How far the topic of a labelled article is lifted above the teacher's own opinion."""
TARGET_TEMPERATURE = 1.5
PENALTY = 0.6

STRICTNESS_OF_LABELS, STRICTNESS_OF_CLAIMS = 0.3, 1.0
LOGISTIC_STEPS = 50
NETWORK_UNITS = 192
NETWORK_ROUNDS = 6
SHOWN, MOST_SHOWN = 2 / 3, 4
"""How often the network sees a labelled article in a round: by its importance, within limits."""

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Material:
    """What there is to learn from: TF-IDF rows and sentence vectors, some of them labelled.

    `claimed` has for each of `rows` the topic that seed terms claim it for, or `NONE`; `read` says
    which of `rows` the `vectors` belong to. `importance` is how much each labelled article counts,
    1 being usual. `nameplates` are the vectors of the topics' own words, shape (topics, 384).
    """

    rows: sparse.csr_matrix
    claimed: IntArray
    read: IntArray
    vectors: FloatArray
    labelled_rows: sparse.csr_matrix
    labelled_vectors: FloatArray
    labels: IntArray
    importance: FloatArray
    nameplates: FloatArray

    def without(self, texts: Marks, labelled: Marks) -> Material:
        """Return the material without the marked texts and labelled texts."""
        numbers = np.cumsum(~texts) - 1
        kept = ~texts[self.read]
        return replace(
            self,
            rows=self.rows[~texts],
            claimed=self.claimed[~texts],
            read=numbers[self.read[kept]],
            vectors=self.vectors[kept],
            labelled_rows=self.labelled_rows[~labelled],
            labelled_vectors=self.labelled_vectors[~labelled],
            labels=self.labels[~labelled],
            importance=self.importance[~labelled],
        )


def learn(
    material: Material, vocabulary: Vocabulary, taxonomy: Sequence[Topic], temperature: float
) -> TopicModel:
    """Fit the teacher, then the student; the student is returned, as saving would round it."""
    topics = len(taxonomy)
    machines = sparse_machines(material, topics)
    teacher = _Ensemble(material, machines[:2], topics)
    read_rows = material.rows[material.read]
    scores = teacher.scores(read_rows, material.vectors)
    labelled_scores = teacher.scores(material.labelled_rows, material.labelled_vectors)
    gold = np.eye(topics, dtype=np.float32)[material.labels]
    labelled_scores += np.float32(LABEL_PULL) * (gold - np.float32(1 / topics))
    targets = np.concatenate([scores, labelled_scores]).astype(np.float32)
    student = ridge(
        sparse.vstack([read_rows, material.labelled_rows], format="csr"),
        targets,
        evened(softmax(targets / np.float32(TARGET_TEMPERATURE))),
        PENALTY,
    )
    weights, bias = joined(student, machines, read_rows)
    return TopicModel(
        topics=tuple(taxonomy),
        vocabulary=vocabulary,
        weights=weights[None],
        bias=bias[None],
        shares=np.ones(1, dtype=np.float32),
        temperature=temperature,
        recipe=(
            f"the shipped model: {len(material.labels)} labelled and {material.rows.shape[0]} "
            f"unlabelled articles, {len(material.read)} of them read by the teacher"
        ),
    ).rounded()


Machine = tuple[FloatArray, FloatArray]
"""Weights and bias of a linear machine."""


def sparse_machines(material: Material, topics: int) -> tuple[Machine, Machine, Machine]:
    """Fit a naive Bayes to what seed terms claim, a support vector machine and one to labels."""
    clear = material.claimed != NONE
    claims = TrainingRows(material.rows[clear], material.claimed[clear], STRICTNESS_LABELLED)
    labels = TrainingRows(
        material.labelled_rows, material.labels, STRICTNESS_LABELLED, material.importance
    )
    return (
        naive_bayes(claims, topics),
        support_vectors(labels, topics),
        naive_bayes(labels, topics),
    )


def joined(
    student: Machine, machines: tuple[Machine, Machine, Machine], rows: sparse.csr_matrix
) -> Machine:
    """Add the sparse machines to the student, each by its mean spread over topics in `rows`.

    The sum keeps the student's spread.
    """

    def spread(machine: Machine) -> float:
        return float((rows @ machine[0] + machine[1]).std(axis=1).mean())

    shares = [
        share / spread(machine)
        for machine, share in zip(
            machines, (CLAIMS_BAYES, LABELS_MACHINE, LABELS_BAYES), strict=True
        )
    ]
    summed = (
        np.sum([share * weights for (weights, _), share in zip(machines, shares, strict=True)], 0),
        np.sum([share * bias for (_, bias), share in zip(machines, shares, strict=True)], 0),
    )
    share = MACHINES_SHARE * spread(student) / spread(summed)
    weights, bias = (
        ((one + share * other) / (1 + MACHINES_SHARE)).astype(np.float32)
        for one, other in zip(student, summed, strict=True)
    )
    return weights, bias


def evened(probability: FloatArray) -> FloatArray:
    """Return how much each article should count, so that large topics do not drown small ones.

    A topic's share of all attention becomes proportional to the square root of its size.
    """
    mass = probability.sum(axis=0)
    result: FloatArray = (probability * np.sqrt(mass.mean() / mass)).sum(axis=1)
    return result


def reading_order(guessed: IntArray, known: Marks) -> IntArray:
    """Return in which order texts are read: every topic's turn comes equally often.

    `guessed` is the likely topic of each text. Within a topic, publishers without labels come
    first: of the others (`known`), labelled articles are read anyway.
    """
    turn = np.zeros(len(guessed), dtype=np.int64)
    for topic in np.unique(guessed):
        own = np.flatnonzero(guessed == topic)
        turn[own[np.argsort(known[own], kind="stable")]] = np.arange(len(own))
    return np.argsort(turn, kind="stable")


def nameplate_texts(topic: Topic) -> Texts:
    """Return the texts that stand for a topic: its name and description, and each seed term."""
    return [(topic.name, topic.description), *(("News", term) for term in topic.terms)]


def nameplate(vectors: FloatArray) -> FloatArray:
    """Join the vectors of `nameplate_texts`: the description counts as much as all terms."""
    joined: FloatArray = vectors[0] + vectors[1:].mean(axis=0)
    return joined


class _Ensemble:
    """The sum of opinions, fitted to labelled articles and to those that seed terms claim."""

    def __init__(self, material: Material, machines: tuple[Machine, Machine], topics: int) -> None:
        self._bayes, self._machine = machines
        self._nameplates = material.nameplates
        self._topics = topics
        seen = material.claimed[material.read]
        claimed_vectors, claims = material.vectors[seen != NONE], seen[seen != NONE]
        self._of_labels = _logistic(STRICTNESS_OF_LABELS)
        self._of_claims = _logistic(STRICTNESS_OF_CLAIMS)
        self._network = MLPClassifier(
            (NETWORK_UNITS,),
            alpha=1e-3,
            batch_size=256,
            learning_rate_init=2e-3,
            max_iter=NETWORK_ROUNDS,
            random_state=0,
        )
        # The network knows no weights: what counts more is shown to it more often.
        times = np.rint(SHOWN * material.importance).clip(1, MOST_SHOWN).astype(np.int64)
        often = np.repeat(np.arange(len(times)), times)
        with warnings.catch_warnings():
            # A fixed number of steps, settled or not: more of them fit the publishers, not topics.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._of_labels.fit(material.labelled_vectors, material.labels, material.importance)
            self._of_claims.fit(claimed_vectors, claims)
            self._network.fit(
                np.concatenate([material.labelled_vectors[often], claimed_vectors]),
                np.concatenate([material.labels[often], claims]),
            )

    def scores(self, rows: sparse.csr_matrix, vectors: FloatArray) -> FloatArray:
        """Return the sum of opinions: shape (articles, topics)."""
        network = np.log(self._network.predict_proba(vectors) + 1e-5)
        readers = [
            self._said(self._of_labels.decision_function(vectors), self._of_labels),
            CLAIMS_SHARE * self._said(self._of_claims.decision_function(vectors), self._of_claims),
            self._said(network, self._network),
            NEARNESS_SHARE * standardised(vectors @ self._nameplates.T),
        ]
        total: FloatArray = (
            BAYES_SHARE * standardised(rows @ self._bayes[0] + self._bayes[1])
            + standardised(rows @ self._machine[0] + self._machine[1])
            + VECTORS_SHARE * np.sum(readers, axis=0)
        ).astype(np.float32)
        return total

    def _said(self, scores: FloatArray, learner: Any) -> FloatArray:
        """Put scores into the columns of all topics; one that was never seen scores lowest."""
        spread = np.full((len(scores), self._topics), scores.min() - 1, dtype=np.float32)
        spread[:, learner.classes_] = scores
        return standardised(spread)


def _logistic(strictness: float) -> LogisticRegression:
    return LogisticRegression(C=strictness, class_weight="balanced", max_iter=LOGISTIC_STEPS)
