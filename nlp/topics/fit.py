"""Fits a topic model to articles without labels: seed terms first, then learning from itself.

Where the taxonomy has topics of the shipped model, that model is adapted. For a taxonomy of one's
own, seed terms label the articles that they claim clearly; a linear support vector machine and a
complement naive Bayes learn from those (and from the corrections of people, where there are any)
which other words go with a topic. The same input gives the same bytes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from models.errors import ModelError
from nlp.tfidf import WHOLE, Texts, Vocabulary, count_articles
from nlp.topics.adapt import adapted, as_model, brought_over, same_topic
from nlp.topics.classifiers import (
    STRICTNESS,
    STRICTNESS_LABELLED,
    TrainingRows,
    naive_bayes,
    support_vectors,
)
from nlp.topics.model import TopicModel
from nlp.topics.seed_terms import (
    NONE,
    lexicon_scores,
    lexicon_weights,
    pseudo_labels,
    seed_terms,
)
from nlp.topics.taxonomy import Topic

Labelled = tuple[str, str, str]
"""A title, a summary, and the slug of the topic that a person gave them."""

FEWEST_ARTICLES = 3_000
"""Below this, learning from the archive itself is worse than not to."""
WORTH_OF_A_CORRECTION = 20
"""A person's correction counts like so many articles without a label."""
MOST_ARTICLES = 150_000
"""A larger archive is sampled evenly; more articles would cost memory and gain next to nothing."""

FEWEST_OF_A_WORD = 3
LARGEST_SHARE_OF_A_WORD = 0.3
MOST_WORDS = 30_000

LEXICON_TEMPERATURE = 0.25
TEMPERATURE_BY_SHARE = 0.8
"""Temperature for each unit of the views' shares; found on publishers that no view had seen."""


def fit(
    texts: Texts,
    taxonomy: Sequence[Topic],
    labelled: Sequence[Labelled] = (),
    languages: tuple[str, ...] = ("en",),
) -> TopicModel:
    """Fit a model for a taxonomy to (title, summary) pairs; `recipe` says what was used.

    `languages` (ISO 639-1) are those of the texts and the seed terms. The shipped model takes part
    only in its own.

    Raises `ModelError` for a label that is no topic, or where there is nothing to learn from.
    """
    taxonomy = tuple(taxonomy)
    slugs = [topic.slug for topic in taxonomy]
    for _, _, slug in labelled:
        if slug not in slugs:
            raise ModelError(f"A correction names the topic {slug!r}, which the taxonomy has not.")
    texts = _sampled(texts)
    evidence = len(texts) + WORTH_OF_A_CORRECTION * len(labelled)
    shipped = _shipped(taxonomy, languages)
    if shipped is not None:
        return _beside(shipped, texts, taxonomy, labelled, learn=evidence >= FEWEST_ARTICLES)
    if evidence < FEWEST_ARTICLES:
        model = lexicon_model(texts, taxonomy)
    else:
        model = _learned(texts, taxonomy, labelled)
    return replace(model, languages=languages)


def make_vocabulary(
    texts: Texts,
    taxonomy: Sequence[Topic],
    shipped: TopicModel | None = None,
    letters: int = WHOLE,
) -> Vocabulary:
    """Choose the words worth knowing: frequent ones, seed terms, and those of the shipped model.

    A term of the shipped model keeps its idf there, which was counted in more articles than most
    archives have.
    """
    counts, articles = count_articles(texts, letters)
    ceiling = LARGEST_SHARE_OF_A_WORD * articles
    usable = [w for w, n in counts.items() if FEWEST_OF_A_WORD <= n <= ceiling and not w.isdigit()]
    usable.sort(key=lambda word: (-counts[word], word))
    seeds = seed_terms(taxonomy, letters)
    figures = {word: idf(articles, counts[word]) for word in usable[:MOST_WORDS]}
    figures |= {term: idf(articles, counts.get(term, 0)) for term in seeds}
    phrases = _phrase_counts([term for term in seeds if " " in term], texts, letters)
    figures |= {phrase: idf(articles, count) for phrase, count in phrases.items()}
    if shipped is not None:
        figures |= zip(shipped.vocabulary.terms, shipped.vocabulary.idf.tolist(), strict=True)
    terms = sorted(figures)
    return Vocabulary(terms, [figures[term] for term in terms], letters)


def idf(articles: int, containing: int) -> float:
    """Return the smoothed inverse document frequency, at least 1."""
    return math.log((1 + articles) / (1 + containing)) + 1


def _phrase_counts(phrases: Sequence[str], texts: Texts, letters: int) -> Counter[str]:
    if not phrases:
        return Counter()
    found = Vocabulary(phrases, np.ones(len(phrases)), letters).counts(texts)
    totals = np.bincount(found.indices, minlength=len(phrases)).tolist()
    return Counter(dict(zip(phrases, totals, strict=True)))


def _sampled(texts: Texts) -> Texts:
    if len(texts) <= MOST_ARTICLES:
        return texts
    step = len(texts) / MOST_ARTICLES
    return [texts[int(number * step)] for number in range(MOST_ARTICLES)]


def _shipped(taxonomy: Sequence[Topic], languages: tuple[str, ...]) -> TopicModel | None:
    """Return the shipped model where it knows the languages and at least two of the topics."""
    try:
        model = TopicModel.load()
    except ModelError:
        return None
    if not set(languages) <= set(model.languages):
        return None
    return model if sum(same_topic(topic, model) for topic in taxonomy) >= 2 else None


def _beside(
    shipped: TopicModel,
    texts: Texts,
    taxonomy: tuple[Topic, ...],
    labelled: Sequence[Labelled],
    learn: bool,
) -> TopicModel:
    """Adapt the shipped model: to new topics by their seed terms, and by learning if `learn`."""
    kept = [topic for topic in taxonomy if same_topic(topic, shipped)]
    if not learn and len(kept) == len(taxonomy) == len(shipped.topics):
        return shipped
    vocabulary = make_vocabulary(texts if learn else [], taxonomy, shipped)
    known = brought_over(shipped, taxonomy, vocabulary)
    model = as_model(known, shipped, taxonomy, vocabulary)
    recipe = f"the shipped model for {len(kept)} topics"
    if len(kept) < len(taxonomy):
        recipe += f" and seed terms for {len(taxonomy) - len(kept)}"
    if learn:
        model = adapted(model, known.new, texts, labelled)
        recipe += f", adapted to {len(texts)} articles and {len(labelled)} corrections"
    else:
        recipe += f"; {FEWEST_ARTICLES} articles are needed to adapt it, not {len(texts)}"
    return replace(model, recipe=recipe).rounded()


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
        temperature=LEXICON_TEMPERATURE,
        recipe=f"seed terms alone, with {len(texts)} articles",
    ).rounded()


def _learned(texts: Texts, taxonomy: tuple[Topic, ...], labelled: Sequence[Labelled]) -> TopicModel:
    """Learn a model from what seed terms claim clearly and from corrections."""
    vocabulary = make_vocabulary(texts, taxonomy)
    lesson = _lesson(texts, taxonomy, labelled, vocabulary)
    taught = sorted(set(lesson.labels.tolist()))
    if len(taught) < 2:
        raise ModelError(
            "The seed terms label articles of fewer than two topics, so there is nothing to learn; "
            "give the topics more seed terms, or terms that occur in the articles."
        )
    views = [support_vectors(lesson, len(taxonomy)), naive_bayes(lesson, len(taxonomy))]
    shares = np.ones(len(views), dtype=np.float32)
    recipe = (
        f"learned from {len(texts)} articles, of which seed terms claimed "
        f"{len(lesson.labels) - len(labelled)} clearly, and {len(labelled)} corrections"
    )
    missing = [topic.slug for number, topic in enumerate(taxonomy) if number not in taught]
    if missing:
        recipe += f"; no article to learn from for {', '.join(missing)}"
    return TopicModel(
        topics=taxonomy,
        vocabulary=vocabulary,
        weights=np.stack([weights for weights, _ in views]).astype(np.float32),
        bias=np.stack([bias for _, bias in views]).astype(np.float32),
        shares=shares,
        temperature=TEMPERATURE_BY_SHARE * float(shares.sum()),
        recipe=recipe,
    ).rounded()


def _lesson(
    texts: Texts,
    taxonomy: tuple[Topic, ...],
    labelled: Sequence[Labelled],
    vocabulary: Vocabulary,
) -> TrainingRows:
    """Return the rows to learn from and their topics: pseudo-labels first, then corrections."""
    numbers = {topic.slug: number for number, topic in enumerate(taxonomy)}
    lexicon = lexicon_weights(taxonomy, vocabulary)
    claimed = pseudo_labels(lexicon_scores(vocabulary.counts(texts), lexicon))
    rows = vocabulary.matrix(texts)[claimed != NONE]
    said = vocabulary.matrix([(title, summary) for title, summary, _ in labelled])
    topics = np.array([numbers[slug] for *_, slug in labelled], dtype=np.int64)
    return TrainingRows(
        rows=sparse.vstack([rows, said], format="csr"),
        labels=np.concatenate([claimed[claimed != NONE], topics]),
        strictness=STRICTNESS_LABELLED if labelled else STRICTNESS,
    )
