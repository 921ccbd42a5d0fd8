"""The second opinion of the English model: each topic by itself, where sections know only one.

A logistic regression a topic learns from articles that were labelled by their text with one topic
or two, on the vectors of the encoder of many languages; a ridge regression from words learns what
it says, of these articles, of those whose section is known, and of the archive's own mixture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlp.tfidf import FloatArray, Texts, Vocabulary
from nlp.topics.classifiers import ridge
from nlp.topics.model import OPINION_UNIT
from nlp.topics.seed_terms import IntArray
from nlp.topics.shipped.verdicts import Marks

STRICTNESS = 3.0
MOST = 6.0
"""Judgements beyond these log odds are cut: the teacher is never as sure as it says."""
YES, NO = 1.5, -1.0
"""What the student is to say at the least, or at the most, where a label was given by the text."""
SECTION = 1.0
"""What it is to say at the least of the topic of an article's section."""
WORTH_OF_A_TEXT_LABEL, WORTH_OF_A_SECTION, WORTH_OF_NO_LABEL = 3.0, 0.5, 2.0
"""What is tagged comes in the archive's mixture, so that articles without any label weigh more than
those of a few publishers whose sections are known."""
PENALTY = 1.0


@dataclass(frozen=True, eq=False)
class TrainingArticles:
    """Articles to learn from: labelled by their text, of a known section, and without any label.

    `wanted` (labelled, topics) marks their topics, `sections` is the topic of each of the others;
    vectors are the encoder's. Texts without a label are the archive's, in its own mixture.
    """

    labelled: Texts
    labelled_vectors: FloatArray
    wanted: Marks
    others: Texts
    vectors: FloatArray
    sections: IntArray
    unlabelled: Texts
    unlabelled_vectors: FloatArray


def second_opinion(taught: TrainingArticles, vocabulary: Vocabulary) -> FloatArray:
    """Return what each term says of each topic in `OPINION_UNIT`s: shape (terms, topics)."""
    centre = taught.labelled_vectors.mean(axis=0)
    vectors = [taught.labelled_vectors, taught.vectors, taught.unlabelled_vectors]
    machines = [
        LogisticRegression(C=STRICTNESS, max_iter=200).fit(vectors[0] - centre, column)
        for column in taught.wanted.T
    ]
    said = [
        np.column_stack([machine.decision_function(each - centre) for machine in machines])
        for each in vectors
    ]
    of_labelled, of_others, of_unlabelled = (
        np.clip(each, -MOST, MOST).astype(np.float32) for each in said
    )
    of_labelled = np.where(taught.wanted, np.maximum(of_labelled, YES), np.minimum(of_labelled, NO))
    rows = np.arange(len(of_others))
    of_others[rows, taught.sections] = np.maximum(of_others[rows, taught.sections], SECTION)
    importance = np.concatenate(
        [
            np.full(len(of_labelled), WORTH_OF_A_TEXT_LABEL),
            np.full(len(of_others), WORTH_OF_A_SECTION),
            np.full(len(of_unlabelled), WORTH_OF_NO_LABEL),
        ]
    ).astype(np.float32)
    weights, _ = ridge(
        vocabulary.matrix([*taught.labelled, *taught.others, *taught.unlabelled]),
        np.concatenate([of_labelled, of_others, of_unlabelled]).astype(np.float32),
        importance,
        PENALTY,
    )
    opinion: FloatArray = (weights / OPINION_UNIT).astype(np.float32)
    return opinion
