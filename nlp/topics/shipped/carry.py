"""Carries the English labels over to another language: a teacher of many, a student of one.

English articles with all the topics of their text, and articles of the other language, are read by
one encoder of many languages, and each language's vectors are brought to mean 0, so that what is
left is meaning. A logistic regression a topic learns its yes or no from the English ones and judges
the others; the language's own seed terms agree or disagree. The student is a ridge regression from
words to these judgements: all that ships is a sparse matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlp.tfidf import FloatArray, Texts
from nlp.topics.classifiers import ridge
from nlp.topics.fit import make_vocabulary
from nlp.topics.model import TopicModel
from nlp.topics.seed_terms import lexicon_scores, lexicon_weights
from nlp.topics.shipped.verdicts import Marks
from nlp.topics.taxonomy import Topic

LETTERS = 7
"""So much of a word is looked at: the languages carried to inflect at the end."""
STRICTNESS = 3.0
MOST = 6.0
"""Judgements beyond these log odds are cut: the teacher is never as sure as it says."""
SEED_PULL, MOST_PULL = 0.25, 1.5
"""How much an article's seed terms move a judgement, and at the most."""
PENALTY = 1.0
SELDOM = 3.0
"""How much more an article counts that has a topic at all: most have few, some none."""


@dataclass(frozen=True, eq=False)
class TransferData:
    """What there is to carry: vectors of labelled English articles, and of the others' texts.

    `wanted` has shape (labelled, topics).
    """

    labelled: FloatArray
    wanted: Marks
    vectors: FloatArray
    texts: Texts


def carry(material: TransferData, taxonomy: Sequence[Topic], language: str) -> TopicModel:
    """Fit the teacher and the student; the student is returned, as saving would round it."""
    vocabulary = make_vocabulary(material.texts, taxonomy, letters=LETTERS)
    rows = vocabulary.matrix(material.texts)
    judged = judgements(material)
    seeds = lexicon_scores(vocabulary.counts(material.texts), lexicon_weights(taxonomy, vocabulary))
    judged += np.clip(SEED_PULL * seeds, 0, MOST_PULL).astype(np.float32)
    importance = 1 + SELDOM * (1 / (1 + np.exp(-judged))).max(axis=1)
    weights, bias = ridge(rows, judged, importance.astype(np.float32), PENALTY)
    return TopicModel(
        topics=tuple(taxonomy),
        vocabulary=vocabulary,
        weights=weights[None],
        bias=bias[None],
        shares=np.ones(1, dtype=np.float32),
        temperature=1.0,
        languages=(language,),
        recipe=(
            f"carried over from {len(material.labelled)} labelled English articles to "
            f"{len(material.texts)} unlabelled ones"
        ),
    ).rounded()


def judgements(material: TransferData) -> FloatArray:
    """Return the teacher's log odds of every topic for every text: shape (texts, topics)."""
    known = material.labelled - material.labelled.mean(axis=0)
    read = material.vectors - material.vectors.mean(axis=0)
    columns = []
    for topic in range(material.wanted.shape[1]):
        machine = LogisticRegression(C=STRICTNESS, max_iter=200)
        machine.fit(known, material.wanted[:, topic])
        columns.append(machine.decision_function(read))
    judged: FloatArray = np.clip(np.column_stack(columns), -MOST, MOST).astype(np.float32)
    return judged
