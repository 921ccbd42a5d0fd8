"""The second opinion of the English model: each topic by itself, where sections know only one.

A logistic regression a topic learns from articles that were labelled by their text with one topic
or two, on the vectors of the encoder of many languages; a ridge regression from words learns what
it says, of these articles and of those whose section is known.
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
WORTH_OF_A_TEXT_LABEL = 3.0
PENALTY = 1.0


@dataclass(frozen=True, eq=False)
class Taught:
    """Articles to learn from: those labelled by their text, then those of a known section.

    `wanted` (labelled, topics) marks their topics, `sections` is the topic of each of the others;
    vectors are the encoder's.
    """

    labelled: Texts
    labelled_vectors: FloatArray
    wanted: Marks
    others: Texts
    vectors: FloatArray
    sections: IntArray


def second_opinion(taught: Taught, vocabulary: Vocabulary) -> FloatArray:
    """Return what each term says of each topic in `OPINION_UNIT`s: shape (terms, topics)."""
    centre = taught.labelled_vectors.mean(axis=0)
    known, read = taught.labelled_vectors - centre, taught.vectors - centre
    machines = [
        LogisticRegression(C=STRICTNESS, max_iter=200).fit(known, column)
        for column in taught.wanted.T
    ]
    said = [
        np.column_stack([machine.decision_function(vectors) for machine in machines])
        for vectors in (known, read)
    ]
    of_labelled, of_others = (np.clip(each, -MOST, MOST).astype(np.float32) for each in said)
    of_labelled = np.where(taught.wanted, np.maximum(of_labelled, YES), np.minimum(of_labelled, NO))
    rows = np.arange(len(of_others))
    of_others[rows, taught.sections] = np.maximum(of_others[rows, taught.sections], SECTION)
    importance = np.ones(len(of_labelled) + len(of_others), dtype=np.float32)
    importance[: len(of_labelled)] = WORTH_OF_A_TEXT_LABEL
    weights, _ = ridge(
        vocabulary.matrix([*taught.labelled, *taught.others]),
        np.concatenate([of_labelled, of_others]).astype(np.float32),
        importance,
        PENALTY,
    )
    opinion: FloatArray = (weights / OPINION_UNIT).astype(np.float32)
    return opinion
