"""Learns each topic's own yes or no from articles that were labelled with all their topics."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from nlp.tfidf import FloatArray, Texts
from nlp.topics.chances import EPSILON, Verdicts
from nlp.topics.model import MOST_TOPICS, OPINION_UNIT, TopicModel

Marks = npt.NDArray[np.bool_]

STRICTNESS = 1.0
PULL = 0.7
"""How freely a topic's own figure may leave that of all topics: a few rows prove little."""
WORTH_OF_FEWER_OTHER = 0.005
"""How much F1 may cost that fewer articles are `other`, which are looked at least."""
LEAST_CHANCE = 0.16
LIMITS = np.arange(0.2, 0.7, 0.02)


def with_verdicts(model: TopicModel, texts: Texts, labels: Sequence[Collection[str]]) -> TopicModel:
    """Fit chances to articles with all their topics, and the limit at which F1 is best on them."""
    said = model.said(texts)
    wanted = marks(model.slugs, labels)
    articles, topics = said.score.shape
    sure = np.clip(said.probability, EPSILON, 1 - EPSILON)
    facts = [said.score, np.log(sure / (1 - sure)), said.second * OPINION_UNIT]
    own = np.tile(np.eye(topics) * PULL, (articles, 1))
    columns = np.column_stack([*(fact.ravel() for fact in facts), own])
    machine = LogisticRegression(C=STRICTNESS, max_iter=3000).fit(columns, wanted.ravel())
    raw, share, second, *offsets = machine.coef_[0].tolist()
    start = float(machine.intercept_[0])
    verdicts = Verdicts(
        raw=round(raw, 4),
        share=round(share, 4),
        second=round(second * OPINION_UNIT, 5),
        offsets=tuple(round(start + PULL * offset, 4) for offset in offsets),
        best=0.5,
        limit=0.5,
    )
    best, limit = _limits(verdicts.chances(said), wanted)
    return replace(model, verdicts=replace(verdicts, best=best, limit=limit))


def _limits(chances: FloatArray, wanted: Marks) -> tuple[float, float]:
    """Return the chances from which on the likeliest topic is given, and any topic."""

    def f1(best: float, limit: float) -> float:
        return figures(given(chances, best, limit), wanted)[2]

    limits = [round(limit, 2) for limit in LIMITS.tolist()]
    limit = max(limits, key=lambda each: f1(each, each))
    least = f1(limit, limit) - WORTH_OF_FEWER_OTHER
    lower = [round(best, 2) for best in np.arange(LEAST_CHANCE, limit, 0.02).tolist()]
    return next((best for best in lower if f1(best, limit) >= least), limit), limit


def marks(slugs: Sequence[str], labels: Sequence[Collection[str]]) -> Marks:
    """Return which topics each article has: shape (articles, topics)."""
    return np.array([[slug in said for slug in slugs] for said in labels], dtype=bool)


def given(chances: FloatArray, best: float, limit: float) -> Marks:
    """Return which topics are given at two limits, as `TopicModel.tag` does."""
    ranks = np.argsort(np.argsort(-chances, axis=1, kind="stable"), axis=1)
    said: Marks = ((chances >= limit) & (ranks < MOST_TOPICS)) | ((chances >= best) & (ranks == 0))
    return said


def figures(said: Marks, wanted: Marks) -> tuple[float, float, float]:
    """Return precision, recall and F1 of all tags together."""
    right = int((said & wanted).sum())
    precision = right / max(1, int(said.sum()))
    recall = right / max(1, int(wanted.sum()))
    return precision, recall, 2 * right / max(1, int(said.sum() + wanted.sum()))
