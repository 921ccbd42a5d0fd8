"""Adapts the shipped topic model to somebody's archive, corrections and topics of their own.

What the shipped model knows stays as it is; a ridge regression learns only what it should have
said otherwise: more where seed terms claim an article, the gold topic where a person corrected one,
and topics that it has never heard of. So a small archive changes little, and nothing gets lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from nlp.tfidf import FloatArray, Texts, Vocabulary, fold_term
from nlp.topics.classifiers import ridge
from nlp.topics.model import OPINION_UNIT, TopicModel
from nlp.topics.seed_terms import NONE, lexicon_scores, lexicon_weights, pseudo_labels
from nlp.topics.taxonomy import Topic

# All of these are in the units of the shipped model's raw scores: its best topic has about 7, the
# others about 0.
SEED_WEIGHT = 48.0
"""Weight of a new topic's seed term before anything is learned: one hit makes it a rival."""
CLAIMED = 9.0
"""What a new topic should score where its seed terms claim an article ..."""
AT_REST = -1.5
"""... and where they do not."""
LEAST_CLAIM = 5.0
FEWEST_CLAIMS = 20
"""Below this many claimed articles a new topic stays with its seed terms."""
CLAIM_PULL = 0.5
"""How much more a known topic should score where its seed terms claim an article."""
CORRECTION_LEAD = 3.0
"""By how much the topic that a person gave should lead all others."""
CORRECTION_WEIGHT = 5.0
NEW_TOPIC_WEIGHT = 20.0
"""How much an article counts that a new topic claims: such are few among many."""
PENALTY = 1.0


@dataclass(frozen=True, eq=False)
class AdaptedModel:
    """The shipped model, brought to another vocabulary and taxonomy.

    `new` marks the topics that it has not.
    """

    weights: FloatArray
    bias: FloatArray
    new: FloatArray


def same_topic(topic: Topic, model: TopicModel) -> bool:
    """Tell whether a model has the very same topic; other seed terms make it another one."""
    return any((t.slug, t.terms) == (topic.slug, topic.terms) for t in model.topics)


def brought_over(
    model: TopicModel, taxonomy: Sequence[Topic], vocabulary: Vocabulary
) -> AdaptedModel:
    """Bring a model of one view to another vocabulary and taxonomy; new topics get seed terms."""
    places = [vocabulary.columns[term] for term in model.vocabulary.terms]
    numbers = {topic.slug: number for number, topic in enumerate(model.topics)}
    weights = np.zeros((len(vocabulary), len(taxonomy)), dtype=np.float32)
    bias = np.full(len(taxonomy), AT_REST, dtype=np.float32)
    new = np.array([not same_topic(topic, model) for topic in taxonomy])
    for column, topic in enumerate(taxonomy):
        if new[column]:
            weights[_seed_columns(topic, vocabulary), column] = SEED_WEIGHT
        else:
            weights[places, column] = model.weights[0][:, numbers[topic.slug]]
            bias[column] = model.bias[0][numbers[topic.slug]]
    return AdaptedModel(weights, bias, new)


def as_model(
    known: AdaptedModel, model: TopicModel, taxonomy: tuple[Topic, ...], vocabulary: Vocabulary
) -> TopicModel:
    """Make a model of what was brought over, with nothing learned."""
    return replace(
        model,
        topics=taxonomy,
        vocabulary=vocabulary,
        weights=known.weights[None],
        bias=known.bias[None],
        notes={},
        **_judgement(model, taxonomy, vocabulary),
    )


def _judgement(
    model: TopicModel, taxonomy: tuple[Topic, ...], vocabulary: Vocabulary
) -> dict[str, Any]:
    """Return each topic's own yes or no, which holds only for the topics it was measured for."""
    if [(t.slug, t.terms) for t in taxonomy] != [(t.slug, t.terms) for t in model.topics]:
        return {"verdicts": None, "opinion": None}
    opinion = None
    if model.opinion is not None:
        opinion = np.zeros((len(vocabulary), len(taxonomy)), dtype=np.float32)
        opinion[[vocabulary.columns[term] for term in model.vocabulary.terms]] = model.opinion
    return {"verdicts": model.verdicts, "opinion": opinion}


def adapted(
    base: TopicModel,
    new: FloatArray,
    texts: Texts,
    labelled: Sequence[tuple[str, str, str]],
) -> TopicModel:
    """Learn what the model should have said otherwise of the texts and of corrected articles."""
    vocabulary, topics = base.vocabulary, base.topics
    rows = vocabulary.matrix(texts)
    counts = vocabulary.counts(texts)
    claimed = _claimed_by_new(topics, new, vocabulary, counts)
    learned = new & (claimed.sum(axis=0) >= FEWEST_CLAIMS)
    start = base.weights[0].copy()
    # Where there is enough to learn from, the seed terms have had their say by claiming.
    start[:, learned] = 0
    said = np.asarray(rows @ start + base.bias[0], dtype=np.float32)
    labels = pseudo_labels(lexicon_scores(counts, lexicon_weights(topics, vocabulary)))
    clear = np.flatnonzero(labels != NONE)
    change = np.zeros_like(said)
    change[clear, labels[clear]] = CLAIM_PULL
    wanted = np.where(claimed, np.float32(CLAIMED), np.float32(AT_REST))
    change[:, new] = 0
    change[:, learned] = (wanted - said)[:, learned]
    taught_rows = vocabulary.matrix([(title, summary) for title, summary, _ in labelled])
    taught_said = np.asarray(taught_rows @ start + base.bias[0], dtype=np.float32)
    taught = _corrected(base.slugs, [slug for *_, slug in labelled], taught_said)
    importance = np.ones(len(texts) + len(labelled), dtype=np.float32)
    importance[: len(texts)][claimed[:, learned].any(axis=1)] = NEW_TOPIC_WEIGHT
    importance[len(texts) :] = CORRECTION_WEIGHT
    weights, bias = ridge(
        sparse.vstack([rows, taught_rows], format="csr"),
        np.concatenate([change, taught - taught_said]),
        importance,
        PENALTY,
    )
    weights += start
    for column in np.flatnonzero(learned):
        seeds = _seed_columns(topics[int(column)], vocabulary)
        weights[seeds, column] = np.maximum(weights[seeds, column], SEED_WEIGHT)
    opinion = base.opinion
    if opinion is not None:
        opinion = opinion + (weights - base.weights[0]) / np.float32(OPINION_UNIT)
    return replace(base, weights=weights[None], bias=base.bias + bias, opinion=opinion)


def _claimed_by_new(
    topics: Sequence[Topic], new: FloatArray, vocabulary: Vocabulary, counts: sparse.csr_matrix
) -> FloatArray:
    """Mark which articles a new topic's seed terms claim; it may share articles with others."""
    claimed = np.zeros((counts.shape[0], len(topics)), dtype=bool)
    for column in np.flatnonzero(new):
        weights = lexicon_weights([topics[int(column)]], vocabulary)
        claimed[:, column] = lexicon_scores(counts, weights)[:, 0] >= LEAST_CLAIM
    return claimed


def _corrected(slugs: Sequence[str], given: Sequence[str], said: FloatArray) -> FloatArray:
    wanted = said.copy()
    for row, slug in enumerate(given):
        column = list(slugs).index(slug)
        others = np.delete(said[row], column).max()
        wanted[row, column] = max(said[row, column], others + CORRECTION_LEAD)
    return wanted


def _seed_columns(topic: Topic, vocabulary: Vocabulary) -> list[int]:
    folded = {fold_term(term) for term in topic.terms} - {""}
    return sorted(vocabulary.columns[term] for term in folded)
