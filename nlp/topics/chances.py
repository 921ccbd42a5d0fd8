"""From a model's raw scores to how likely each topic is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nlp.tfidf import FloatArray

EPSILON = 1e-6

Reliability = tuple[tuple[float, float], ...]
"""Knots from a probability to how often it is right, rising; none: probabilities are scores."""


class RawScores(NamedTuple):
    """What a model says of articles before it decides: shape (articles, topics).

    `second` is what a second opinion adds, 0 where the model has none; `known`, shape (articles,),
    counts the terms of each that the vocabulary has.
    """

    score: FloatArray
    probability: FloatArray
    second: FloatArray
    known: FloatArray


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Each topic's own yes or no, so that an article may have several topics, or none.

    The chance of a topic is the logistic function of `raw` times its raw score, plus `share` times
    the log odds of its probability among all topics, plus `second` times what a second opinion says
    of it, plus the topic's own figure of `offsets`. From `limit` on a topic is given, the likeliest
    one from `best` on, so that few articles with a plain topic are `other`. Measured on articles
    that were labelled with all their topics.
    """

    raw: float
    share: float
    second: float
    offsets: tuple[float, ...]
    best: float
    limit: float

    def chances(self, said: RawScores) -> FloatArray:
        """Return the chance of every topic for every article, from 0 to 1."""
        sure = np.clip(said.probability, EPSILON, 1 - EPSILON)
        odds = self.raw * said.score + self.share * np.log(sure / (1 - sure))
        odds = odds + self.second * said.second
        odds = odds + np.array(self.offsets, dtype=np.float32)
        chances: FloatArray = (1 / (1 + np.exp(-odds))).astype(np.float32)
        return chances


def reliable(probability: FloatArray, knots: Reliability) -> FloatArray:
    """Read from a table how often each probability is right."""
    if not knots:
        return probability
    said, right = zip(*knots, strict=True)
    scores: FloatArray = np.interp(probability, said, right).astype(np.float32)
    return scores


def softmax(score: FloatArray) -> FloatArray:
    """Turn each row of scores into probabilities."""
    powers = np.exp(score - score.max(axis=1, keepdims=True))
    result: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return result


def standardised(score: FloatArray) -> FloatArray:
    """Bring each row to mean 0 and spread 1; a row without any spread stays 0."""
    centred = score - score.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    result: FloatArray = centred / np.where(spread > 0, spread, 1)
    return result
