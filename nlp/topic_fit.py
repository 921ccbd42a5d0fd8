"""Fits a topic model to articles without labels: seed terms first, then learning from itself.

The seed terms of the taxonomy label the articles that they claim clearly. A linear support vector
machine and a complement naive Bayes learn from those (and from the corrections of people, where
there are any) which other words go with a topic; what both say is added. The same input gives the
same bytes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from models.errors import ModelError
from nlp.lexicon import (
    NONE,
    IntArray,
    lexicon_scores,
    lexicon_weights,
    pseudo_labels,
    seed_terms,
)
from nlp.taxonomy import Topic
from nlp.topic_words import FloatArray, Texts, Vocabulary, count_articles
from nlp.topics import TopicModel

Labelled = tuple[str, str, str]
"""A title, a summary, and the slug of the topic that a person gave them."""

FEWEST_ARTICLES = 3_000
"""Below this, learning from the archive itself is worse than the seed terms alone."""
FEWEST_FOR_OWN = 10_000
"""Below this, the shipped model knows its topics better than a fit to the archive."""
MOST_ARTICLES = 150_000
"""A larger archive is sampled evenly; more articles would cost memory and gain next to nothing."""

FEWEST_OF_A_WORD = 3
LARGEST_SHARE_OF_A_WORD = 0.3
MOST_WORDS = 30_000
LEXICON_TEMPERATURE = 4.0
LEARNED_TEMPERATURE = 1.0
"""Found on publishers that were left out of the fit; see nlp/pretrained/card.md."""

SVC_STRICTNESS = 0.1
SVC_STRICTNESS_LABELLED = 0.2
BAYES_SMOOTHING = 0.3


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What is learned from: TF-IDF rows and the topic number of each."""

    rows: sparse.csr_matrix
    labels: IntArray
    strictness: float


def fit(texts: Texts, taxonomy: Sequence[Topic], labelled: Sequence[Labelled] = ()) -> TopicModel:
    """Fit a model for a taxonomy to (title, summary) pairs; `recipe` says what was used.

    Raises `ModelError` for a label that is no topic, or where there is nothing to learn from.
    """
    taxonomy = tuple(taxonomy)
    numbers = {topic.slug: number for number, topic in enumerate(taxonomy)}
    for _, _, slug in labelled:
        if slug not in numbers:
            raise ModelError(f"A correction names the topic {slug!r}, which the taxonomy has not.")
    texts = _sampled(texts)
    if len(texts) < FEWEST_ARTICLES:
        return _from_few(texts, taxonomy)
    vocabulary = make_vocabulary(texts, taxonomy)
    lexicon = lexicon_weights(taxonomy, vocabulary)
    labels = pseudo_labels(lexicon_scores(vocabulary.counts(texts), lexicon))
    taught = [(title, summary) for title, summary, _ in labelled]
    lesson = _Lesson(
        rows=sparse.vstack(
            [vocabulary.matrix(texts)[labels != NONE], vocabulary.matrix(taught)], format="csr"
        ),
        labels=np.concatenate(
            [labels[labels != NONE], np.array([numbers[s] for *_, s in labelled], dtype=np.int64)]
        ),
        strictness=SVC_STRICTNESS_LABELLED if labelled else SVC_STRICTNESS,
    )
    return _learned(taxonomy, vocabulary, lesson, len(texts), len(labelled))


def make_vocabulary(
    texts: Texts, taxonomy: Sequence[Topic], most_words: int = MOST_WORDS
) -> Vocabulary:
    """Choose the words worth knowing, the most frequent ones, and the seed phrases."""
    counts, articles = count_articles(texts)
    ceiling = LARGEST_SHARE_OF_A_WORD * articles
    usable = [w for w, n in counts.items() if FEWEST_OF_A_WORD <= n <= ceiling and not w.isdigit()]
    usable.sort(key=lambda word: (-counts[word], word))
    seeds = seed_terms(taxonomy)
    terms = sorted({*usable[:most_words], *seeds})
    seen = _phrase_counts([term for term in seeds if " " in term], texts)
    return Vocabulary(terms, [idf(articles, seen.get(t, counts.get(t, 0))) for t in terms])


def idf(articles: int, containing: int) -> float:
    """Return the smoothed inverse document frequency, at least 1."""
    return math.log((1 + articles) / (1 + containing)) + 1


def _phrase_counts(phrases: Sequence[str], texts: Texts) -> Counter[str]:
    if not phrases:
        return Counter()
    found = Vocabulary(phrases, np.ones(len(phrases))).counts(texts)
    return Counter(
        dict(zip(phrases, np.bincount(found.indices, minlength=len(phrases)).tolist(), strict=True))
    )


def _sampled(texts: Texts) -> Texts:
    if len(texts) <= MOST_ARTICLES:
        return texts
    step = len(texts) / MOST_ARTICLES
    return [texts[int(number * step)] for number in range(MOST_ARTICLES)]


def _from_few(texts: Texts, taxonomy: tuple[Topic, ...]) -> TopicModel:
    shipped = _shipped()
    if shipped is not None and set(taxonomy) == set(shipped.topics):
        return shipped
    return lexicon_model(texts, taxonomy)


def _shipped() -> TopicModel | None:
    try:
        return TopicModel.load()
    except ModelError:
        return None


def lexicon_model(texts: Texts, taxonomy: Sequence[Topic]) -> TopicModel:
    """Make a model of the seed terms alone: no learning, so it needs few articles or none."""
    seeds = sorted(seed_terms(taxonomy))
    if not seeds:
        raise ModelError("No seed term of the taxonomy is a word or a phrase of up to three words.")
    found = Vocabulary(seeds, np.ones(len(seeds))).counts(texts)
    counts = np.bincount(found.indices, minlength=len(seeds)).tolist()
    vocabulary = Vocabulary(seeds, [idf(len(texts) + 100, count + 1) for count in counts])
    weights = lexicon_weights(taxonomy, vocabulary)
    return TopicModel(
        topics=tuple(taxonomy),
        vocabulary=vocabulary,
        weights=weights[None],
        bias=np.zeros((1, len(taxonomy)), dtype=np.float32),
        shares=np.ones(1, dtype=np.float32),
        temperature=0.25,
        recipe=f"seed terms alone ({len(texts)} articles; {FEWEST_ARTICLES} are needed to learn)",
    ).rounded()


def _learned(
    taxonomy: tuple[Topic, ...],
    vocabulary: Vocabulary,
    lesson: _Lesson,
    articles: int,
    corrections: int,
) -> TopicModel:
    present = sorted(set(lesson.labels.tolist()))
    if len(present) < 2:
        raise ModelError(
            "The seed terms label articles of fewer than two topics, so there is nothing to learn; "
            "give the topics more seed terms, or terms that occur in the articles."
        )
    views = [_support_vectors(lesson, len(taxonomy)), _naive_bayes(lesson, len(taxonomy))]
    weights = np.stack([weights for weights, _ in views]).astype(np.float32)
    bias = np.stack([bias for _, bias in views]).astype(np.float32)
    missing = [t.slug for n, t in enumerate(taxonomy) if n not in present]
    recipe = (
        f"seed terms and learning from {articles} articles, of which {len(lesson.labels)} were "
        f"labelled clearly, {corrections} of them by people"
    )
    if missing:
        recipe += f"; no article to learn from for {', '.join(missing)}"
    return TopicModel(
        topics=taxonomy,
        vocabulary=vocabulary,
        weights=weights,
        bias=bias,
        shares=np.ones(2, dtype=np.float32),
        temperature=LEARNED_TEMPERATURE,
        recipe=recipe,
    ).rounded()


def _support_vectors(lesson: _Lesson, topics: int) -> tuple[FloatArray, FloatArray]:
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=lesson.strictness, class_weight="balanced", random_state=0)
    machine.fit(lesson.rows, lesson.labels)
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # one row stands for both, the first class being its negative
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    return _spread(coefficients, intercepts, machine.classes_, topics, lowest=-1.0)


def _naive_bayes(lesson: _Lesson, topics: int) -> tuple[FloatArray, FloatArray]:
    from sklearn.naive_bayes import ComplementNB

    bayes = ComplementNB(alpha=BAYES_SMOOTHING).fit(lesson.rows, lesson.labels)
    logs = bayes.feature_log_prob_
    # Only differences between topics matter, and small figures survive half precision better.
    logs = logs - logs.mean(axis=0)
    return _spread(logs, np.zeros(len(logs), dtype=np.float32), bayes.classes_, topics, lowest=0.0)


def _spread(
    coefficients: FloatArray, intercepts: FloatArray, classes: IntArray, topics: int, lowest: float
) -> tuple[FloatArray, FloatArray]:
    """Put the classes that were learned into the columns of all topics."""
    weights = np.zeros((coefficients.shape[1], topics), dtype=np.float32)
    bias = np.full(topics, lowest, dtype=np.float32)
    weights[:, classes] = coefficients.T
    bias[classes] = intercepts
    return weights, bias
