"""Which topics an article has: a fitted model that scores, explains, loads and saves.

A model is a vocabulary and some linear views of it. A view gives each topic a raw score; with
more than one view the scores of an article are brought to mean 0 and spread 1 before they are
added. A temperature and a table of how often a probability is right, both measured on publishers
that the views never saw, turn them into scores that mean what they say.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.errors import ModelError
from models.tags import OTHER, TopicScore
from nlp.model_files import ModelFiles, errors_in_words
from nlp.tfidf import WHOLE, FloatArray, Texts, Vocabulary
from nlp.topics.chances import RawScores, Reliability, Verdicts, reliable, softmax, standardised
from nlp.topics.stop_words import stop_words
from nlp.topics.taxonomy import Topic

PRETRAINED = Path(__file__).with_name("pretrained")
"""Where the shipped model for English rests; those for other languages have a folder in it."""

FILES = ModelFiles("model.json", "weights.npz", format=1)
BATCH = 2000
OPINION_UNIT = 0.125
"""What 1 of a second opinion is in raw scores."""
MOST_TOPICS = 4
"""An article is given so many topics at the most."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a score makes a tag.

    The best topic is given from `best` on, each further one from `also` on; an article with fewer
    than `known_terms` terms of the vocabulary, or with no topic at `best`, is `other`.
    """

    best: float = 0.35
    also: float = 0.2
    known_terms: int = 2


@dataclass(frozen=True, slots=True)
class Why:
    """Why an article has a topic: the words for and against it, weightiest first.

    A word's weight is by how much it moves the topic's raw score away from the mean of all topics.
    """

    slug: str
    score: float
    words_for: tuple[tuple[str, float], ...]
    words_against: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class TopicModel:
    """A fitted topic model.

    `weights` has shape (views, terms, topics), `bias` (views, topics), `shares` (views,) says how
    much each view counts. `opinion` (terms, topics), whole numbers from -127 to 127, is a second
    opinion on each topic by itself that only `verdicts` listen to. `recipe` says for people how it
    was fitted, `languages` (ISO 639-1) for which languages: the caller does not tag articles of
    another.
    """

    topics: tuple[Topic, ...]
    vocabulary: Vocabulary
    weights: FloatArray
    bias: FloatArray
    shares: FloatArray
    temperature: float
    reliability: Reliability = ()
    thresholds: Thresholds = Thresholds()
    verdicts: Verdicts | None = None
    opinion: FloatArray | None = None
    languages: tuple[str, ...] = ("en",)
    recipe: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        views, terms, topics = self.weights.shape
        fits = (
            terms == len(self.vocabulary)
            and topics == len(self.topics) >= 1
            and self.bias.shape == (views, topics)
            and self.shares.shape == (views,)
            and self.temperature > 0
            and (self.verdicts is None or len(self.verdicts.offsets) == topics)
            and (self.opinion is None or self.opinion.shape == (terms, topics))
        )
        if not fits:
            raise ModelError("The topic model's parts don't fit each other; fit it anew.")

    @cached_property
    def stamp(self) -> str:
        """A name for exactly this model: equal for equal parameters, different for others."""
        digest = hashlib.sha256(json.dumps(self._head(), sort_keys=True).encode())
        opinion = () if self.opinion is None else (self.opinion,)
        for array in (self.vocabulary.idf, self.weights, self.bias, self.shares, *opinion):
            digest.update(np.ascontiguousarray(array, dtype=np.float32).tobytes())
        return f"topics-{digest.hexdigest()[:12]}"

    @property
    def slugs(self) -> tuple[str, ...]:
        """The topics' slugs, in the order of the columns of `rank`."""
        return tuple(topic.slug for topic in self.topics)

    def rank(self, texts: Texts) -> FloatArray:
        """Return the score of every topic for every article: shape (articles, topics), 0 to 1.

        A score is the chance that the topic is right; several topics may fit an article.
        """
        knots = self.reliability
        parts = [
            reliable(self._scored(self.vocabulary.matrix(texts[at : at + BATCH]))[1], knots)
            for at in range(0, len(texts), BATCH)
        ]
        empty = np.empty((0, len(self.topics)), dtype=np.float32)
        return np.concatenate(parts) if parts else empty

    def chances(self, texts: Texts) -> FloatArray:
        """Return each topic's own chance, as `tag` scores it; what `rank` says without verdicts."""
        if self.verdicts is None:
            return self.rank(texts)
        parts = [
            self.verdicts.chances(self.said(texts[at : at + BATCH]))
            for at in range(0, len(texts), BATCH)
        ]
        empty = np.empty((0, len(self.topics)), dtype=np.float32)
        return np.concatenate(parts) if parts else empty

    def tag(self, texts: Texts) -> list[tuple[TopicScore, ...]]:
        """Return the topics that fit each (title, summary), best first, or `other` alone.

        The score of `other` is the chance that no topic fits: what the best topic's leaves to 1.
        """
        return [
            tags for at in range(0, len(texts), BATCH) for tags in self._tag(texts[at : at + BATCH])
        ]

    def why(self, title: str, summary: str, most: int = 8) -> tuple[Why, ...]:
        """Explain an article's topics, the likeliest first, with at most `most` words each way.

        Stop words, which tell a reader nothing, are left out, however much they weigh.
        """
        probability = self.chances([(title, summary)])[0]
        row = self.vocabulary.matrix([(title, summary)])
        stop = stop_words(self.languages, self.vocabulary.letters)
        kept = [at for at, column in enumerate(row.indices) if not self._is_stop(column, stop)]
        columns = row.indices[kept]
        moved = row.data[kept][:, None] * self._contrast[columns]
        terms = [self.vocabulary.terms[column] for column in columns]
        return tuple(
            Why(
                slug=self.topics[topic].slug,
                score=float(probability[topic]),
                words_for=_weightiest(terms, moved[:, topic], most, 1),
                words_against=_weightiest(terms, moved[:, topic], most, -1),
            )
            for topic in np.argsort(-probability, kind="stable")
        )

    def _is_stop(self, column: int, stop: frozenset[str]) -> bool:
        return all(word in stop for word in self.vocabulary.terms[column].split())

    def save(self, path: Path) -> None:
        """Write the model into directory `path`: model.json and weights.npz, no pickle."""
        head = self._head() | {"stamp": self.rounded().stamp, "notes": self.notes}
        FILES.write(path, head, self._arrays())

    def rounded(self) -> TopicModel:
        """Return the model as it is after saving and loading: parameters in half precision."""
        halves = {
            name: getattr(self, name).astype(np.float16).astype(np.float32)
            for name in ("weights", "bias", "shares")
        }
        opinion = None if self.opinion is None else _as_bytes(self.opinion).astype(np.float32)
        idf = self.vocabulary.idf.astype(np.float16).astype(np.float32)
        return replace(
            self,
            vocabulary=Vocabulary(self.vocabulary.terms, idf, self.vocabulary.letters),
            opinion=opinion,
            **halves,
        )

    @classmethod
    def load(cls, path: Path | None = None) -> TopicModel:
        """Read a model from directory `path` (None: the shipped one).

        Raises `ModelError` where there is none, or it is damaged or of another version.
        """
        path = path or PRETRAINED
        with errors_in_words(path, "topic", "make one with: slugline topics fit"):
            return _load(cls, path)

    @cached_property
    def _contrast(self) -> FloatArray:
        total = np.einsum("v,vtk->tk", self.shares, self.weights)
        contrast: FloatArray = (total - total.mean(axis=1, keepdims=True)).astype(np.float32)
        return contrast

    def said(self, texts: Texts) -> RawScores:
        """Return what the model says of articles, before any threshold."""
        rows = self.vocabulary.matrix(texts)
        score, probability = self._scored(rows)
        second = np.zeros_like(score) if self.opinion is None else rows @ self.opinion
        return RawScores(score, probability, second, np.diff(rows.indptr))

    def _scored(self, rows: sparse.csr_matrix) -> tuple[FloatArray, FloatArray]:
        score: FloatArray = np.zeros((rows.shape[0], len(self.topics)), dtype=np.float32)
        for weights, bias, share in zip(self.weights, self.bias, self.shares, strict=True):
            view = rows @ weights + bias
            score += share * (standardised(view) if len(self.shares) > 1 else view)
        return score, softmax(score / self.temperature)

    def _tag(self, texts: Texts) -> list[tuple[TopicScore, ...]]:
        """Return the topics of articles: the best and others above a threshold, else `other`."""
        limits = self.thresholds
        said = self.said(texts)
        if self.verdicts is None:
            chances = reliable(said.probability, self.reliability)
            best, also = limits.best, limits.also
        else:
            chances = self.verdicts.chances(said)
            best, also = self.verdicts.best, self.verdicts.limit
        order = np.argsort(-chances, axis=1, kind="stable")[:, :MOST_TOPICS]
        ranked = np.take_along_axis(chances, order, axis=1).tolist()
        slugs = self.slugs
        tags: list[tuple[TopicScore, ...]] = []
        for topics, scores, terms in zip(order.tolist(), ranked, said.known.tolist(), strict=True):
            if scores[0] < best or terms < limits.known_terms:
                tags.append((TopicScore(OTHER, round(1 - scores[0], 4)),))
                continue
            tags.append(
                tuple(
                    TopicScore(slugs[topic], round(score, 4))
                    for place, (topic, score) in enumerate(zip(topics, scores, strict=True))
                    if place == 0 or score >= also
                )
            )
        return tags

    def _head(self) -> dict[str, Any]:
        head = {
            "topics": [_fields(topic) for topic in self.topics],
            "terms": list(self.vocabulary.terms),
            "temperature": self.temperature,
            "reliability": [list(knot) for knot in self.reliability],
            "thresholds": asdict(self.thresholds),
            "languages": list(self.languages),
            "recipe": self.recipe,
        }
        if self.verdicts:
            head["verdicts"] = asdict(self.verdicts) | {"offsets": list(self.verdicts.offsets)}
        if self.vocabulary.letters != WHOLE:
            head["letters"] = self.vocabulary.letters
        return head

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        arrays = {"idf": self.vocabulary.idf} | {
            name: getattr(self, name) for name in ("weights", "bias", "shares")
        }
        halves = {name: array.astype(np.float16) for name, array in arrays.items()}
        return halves if self.opinion is None else halves | {"opinion": _as_bytes(self.opinion)}


def _as_bytes(opinion: FloatArray) -> npt.NDArray[np.int8]:
    whole: npt.NDArray[np.int8] = np.clip(np.rint(opinion), -127, 127).astype(np.int8)
    return whole


def _weightiest(
    terms: list[str], moved: FloatArray, most: int, sign: int
) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-sign * moved, kind="stable")[:most]
    return tuple((terms[i], round(float(moved[i]), 4)) for i in order if sign * moved[i] > 1e-4)


def _load(cls: type[TopicModel], path: Path) -> TopicModel:
    """Read a model's files, and check them against the stamp they were saved with."""
    head, part = FILES.read(path)
    model = cls(
        topics=tuple(_topic(topic) for topic in head["topics"]),
        vocabulary=Vocabulary(head["terms"], part["idf"], int(head.get("letters", WHOLE))),
        weights=part["weights"],
        bias=part["bias"],
        shares=part["shares"],
        opinion=part.get("opinion"),
        temperature=float(head["temperature"]),
        reliability=tuple((float(said), float(right)) for said, right in head["reliability"]),
        thresholds=Thresholds(**head["thresholds"]),
        verdicts=_verdicts(head.get("verdicts")),
        languages=tuple(head["languages"]),
        recipe=head["recipe"],
        notes=head.get("notes", {}),
    )
    FILES.check_stamp(head, model.stamp)
    return model


def _verdicts(fields: dict[str, Any] | None) -> Verdicts | None:
    if fields is None:
        return None
    offsets = tuple(float(figure) for figure in fields["offsets"])
    figures = {name: float(fields[name]) for name in ("raw", "share", "second", "best", "limit")}
    return Verdicts(offsets=offsets, **figures)


def _fields(topic: Topic) -> dict[str, Any]:
    """Return a topic as it is saved: terms of other languages only where there are some."""
    fields = asdict(topic)
    others = dict(fields.pop("terms_in"))
    return fields | ({"terms_in": others} if others else {})


def _topic(fields: dict[str, Any]) -> Topic:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    others = values.pop("terms_in", {})
    return Topic(**values, terms_in=tuple((code, tuple(each)) for code, each in others.items()))
