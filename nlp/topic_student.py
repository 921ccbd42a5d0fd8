"""How the shipped model is made: a teacher that reads sentences, and a sparse student of it.

The teacher is a sum of four opinions, each brought to mean 0 and spread 1 by article: the sparse
machines of `nlp.topic_fit`, a logistic regression and a small neural network on sentence vectors,
and how near an article's vector is to those of the topic's name and seed terms. The student is a
ridge regression from words to the teacher's scores: all it keeps at run time is a sparse matrix.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from nlp.lexicon import NONE, IntArray, lexicon_scores, lexicon_weights, pseudo_labels
from nlp.taxonomy import Topic
from nlp.topic_fit import make_vocabulary
from nlp.topic_learners import (
    STRICTNESS_LABELLED,
    Lesson,
    naive_bayes,
    ridge,
    support_vectors,
)
from nlp.topic_words import FloatArray, Texts, Vocabulary
from nlp.topics import TopicModel, softmax, standardised

NEARNESS_SHARE = 0.3
"""How much nearness to the topic's own words counts beside the other opinions (1 each)."""
LABEL_PULL = 1.5
"""How far the gold topic of a labelled article is lifted above the teacher's own opinion."""
TARGET_TEMPERATURE = 1.5
PENALTY = 0.6

LOGISTIC_STRICTNESS = 1.0
LOGISTIC_STEPS = 50
NETWORK_UNITS = 192
NETWORK_ROUNDS = 6


@dataclass(frozen=True, eq=False)
class Material:
    """What there is to learn from: texts with their sentence vectors, some of them labelled.

    `nameplates` are the vectors of the topics' own words, shape (topics, 384). `texts` may be
    more than `vectors` has rows: the sparse machines learn from all of them.
    """

    texts: Texts
    vectors: FloatArray
    labelled: Texts
    labelled_vectors: FloatArray
    labels: IntArray
    nameplates: FloatArray

    def without(self, texts: npt.NDArray[np.bool_], labelled: npt.NDArray[np.bool_]) -> Material:
        """Return the material without the marked texts and labelled texts."""
        encoded = len(self.vectors)
        # Texts with vectors stay in front, as they were.
        return Material(
            texts=[text for text, out in zip(self.texts, texts, strict=True) if not out],
            vectors=self.vectors[~texts[:encoded]],
            labelled=[text for text, out in zip(self.labelled, labelled, strict=True) if not out],
            labelled_vectors=self.labelled_vectors[~labelled],
            labels=self.labels[~labelled],
            nameplates=self.nameplates,
        )


def learn(material: Material, taxonomy: Sequence[Topic], temperature: float) -> TopicModel:
    """Fit the teacher, then the student; the student is returned, as saving would round it."""
    vocabulary = make_vocabulary([*material.texts, *material.labelled], taxonomy)
    rows = vocabulary.matrix(material.texts)
    labelled_rows = vocabulary.matrix(material.labelled)
    claimed = _claimed(material.texts, taxonomy, vocabulary)
    encoded = len(material.vectors)
    teacher = _Teacher(material, rows, labelled_rows, claimed, len(taxonomy))
    scores = teacher.scores(rows[:encoded], material.vectors)
    labelled_scores = teacher.scores(labelled_rows, material.labelled_vectors)
    gold = np.eye(len(taxonomy), dtype=np.float32)[material.labels]
    labelled_scores += np.float32(LABEL_PULL) * (gold - np.float32(1 / len(taxonomy)))
    targets = np.concatenate([scores, labelled_scores]).astype(np.float32)
    weights, bias = ridge(
        sparse.vstack([rows[:encoded], labelled_rows], format="csr"),
        targets,
        evened(softmax(targets / np.float32(TARGET_TEMPERATURE))),
        PENALTY,
    )
    return TopicModel(
        topics=tuple(taxonomy),
        vocabulary=vocabulary,
        weights=weights[None],
        bias=bias[None],
        shares=np.ones(1, dtype=np.float32),
        temperature=temperature,
        recipe=(
            f"the shipped model: {len(material.labels)} labelled and {len(material.texts)} "
            f"unlabelled articles, {encoded} of them read by the teacher"
        ),
    ).rounded()


def evened(probability: FloatArray) -> FloatArray:
    """Return how much each article should count, so that large topics do not drown small ones.

    A topic's share of all attention becomes proportional to the square root of its size.
    """
    mass = probability.sum(axis=0)
    result: FloatArray = (probability * np.sqrt(mass.mean() / mass)).sum(axis=1)
    return result


def nameplate_texts(topic: Topic) -> Texts:
    """Return the texts that stand for a topic: its name and description, and each seed term."""
    return [(topic.name, topic.description), *(("News", term) for term in topic.terms)]


def nameplate(vectors: FloatArray) -> FloatArray:
    """Join the vectors of `nameplate_texts`: the description counts as much as all terms."""
    joined: FloatArray = vectors[0] + vectors[1:].mean(axis=0)
    return joined


def _claimed(texts: Texts, taxonomy: Sequence[Topic], vocabulary: Vocabulary) -> IntArray:
    lexicon = lexicon_weights(taxonomy, vocabulary)
    return pseudo_labels(lexicon_scores(vocabulary.counts(texts), lexicon))


class _Teacher:
    """The sum of opinions, fitted to labelled articles and to those that seed terms claim."""

    def __init__(
        self,
        material: Material,
        rows: sparse.csr_matrix,
        labelled_rows: sparse.csr_matrix,
        claimed: IntArray,
        topics: int,
    ) -> None:
        clear = claimed != NONE
        lesson = Lesson(
            rows=sparse.vstack([labelled_rows, rows[clear]], format="csr"),
            labels=np.concatenate([material.labels, claimed[clear]]),
            strictness=STRICTNESS_LABELLED,
        )
        self._machines = (support_vectors(lesson, topics), naive_bayes(lesson, topics))
        encoded = len(material.vectors)
        seen = clear[:encoded]
        vectors = np.concatenate([material.labelled_vectors, material.vectors[seen]])
        labels = np.concatenate([material.labels, claimed[:encoded][seen]])
        self._logistic = LogisticRegression(
            C=LOGISTIC_STRICTNESS, class_weight="balanced", max_iter=LOGISTIC_STEPS
        )
        self._network = MLPClassifier(
            (NETWORK_UNITS,),
            alpha=1e-3,
            batch_size=256,
            learning_rate_init=2e-3,
            max_iter=NETWORK_ROUNDS,
            random_state=0,
        )
        with warnings.catch_warnings():
            # A fixed number of steps, settled or not: more of them fit the publishers, not topics.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self._logistic.fit(vectors, labels)
            self._network.fit(vectors, labels)
        self._nameplates = material.nameplates
        self._topics = topics

    def scores(self, rows: sparse.csr_matrix, vectors: FloatArray) -> FloatArray:
        logistic = self._spread(self._logistic.decision_function(vectors), self._logistic.classes_)
        network = np.log(self._network.predict_proba(vectors) + 1e-5)
        opinions = [
            *(standardised(rows @ weights + bias) for weights, bias in self._machines),
            standardised(logistic),
            standardised(self._spread(network, self._network.classes_)),
            NEARNESS_SHARE * standardised(vectors @ self._nameplates.T),
        ]
        total: FloatArray = np.sum(opinions, axis=0).astype(np.float32)
        return total

    def _spread(self, scores: FloatArray, classes: IntArray) -> FloatArray:
        """Put scores into the columns of all topics; one that was never seen scores lowest."""
        spread = np.full((len(scores), self._topics), scores.min() - 1, dtype=np.float32)
        spread[:, classes] = scores
        return spread
