"""Which cluster an article falls into: what the articles of a topic fall into by themselves.

A model is a vocabulary, the directions in which its words mostly go together (latent semantic
analysis), and a centroid for each cluster. An article lies where its words lead it; its cluster is
that of the nearest centroid under its best topic. So new articles fall into a cluster without a new
fit, and none is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.tags import TopicScore
from nlp.model_files import ModelFiles, errors_in_words
from nlp.tfidf import FloatArray, Texts, Vocabulary

IntArray = npt.NDArray[np.int64]
Topics = Sequence[TopicScore]
"""The topics of one article, best first."""

FILES = ModelFiles("clusters.json", "arrays.npz", format=1)
BATCH = 2000

NO_CLUSTER = ""
"""What an article falls into that has no topic, or a topic that the model never saw."""


@dataclass(frozen=True, slots=True)
class ClusterName:
    """One cluster: its id for ever, its topic's slug, what it is called and its telling terms.

    `articles` is how many articles of the fit it held.
    """

    id: str
    topic: str
    name: str
    terms: tuple[str, ...]
    articles: int


@dataclass(frozen=True, eq=False)
class ClusterModel:
    """A fitted cluster model.

    `components` has shape (dimensions, terms), `centroids` (clusters, dimensions). `fitted_to`
    names the articles and the recipe of the fit.
    """

    vocabulary: Vocabulary
    components: FloatArray
    centroids: FloatArray
    clusters: tuple[ClusterName, ...]
    fitted_to: str = ""

    def __post_init__(self) -> None:
        dimensions, terms = self.components.shape
        fits = (
            terms == len(self.vocabulary)
            and self.centroids.shape == (len(self.clusters), dimensions)
            and len({cluster.id for cluster in self.clusters}) == len(self.clusters)
        )
        if not fits:
            raise ModelError(
                "The cluster model's parts don't fit each other; `slugline clusters fit` makes "
                "it anew."
            )

    @cached_property
    def stamp(self) -> str:
        """A name for exactly this model: equal for equal parameters, different for others."""
        digest = hashlib.sha256(json.dumps(self._head(), sort_keys=True).encode())
        for array in (self.vocabulary.idf, self.components, self.centroids):
            digest.update(np.ascontiguousarray(array, dtype=np.float32).tobytes())
        return f"clusters-{digest.hexdigest()[:12]}"

    def assign(self, texts: Texts, topics: Sequence[Topics]) -> list[str]:
        """Return the id of each article's cluster, `NO_CLUSTER` where it has no known topic."""
        assigned: list[str] = []
        for at in range(0, len(texts), BATCH):
            nearest = self.nearest(texts[at : at + BATCH], topics[at : at + BATCH])
            assigned += [self.clusters[n].id if n >= 0 else NO_CLUSTER for n in nearest.tolist()]
        return assigned

    def nearest(self, texts: Texts, topics: Sequence[Topics]) -> IntArray:
        """Return the number of each article's cluster, -1 where it has no known topic."""
        places = self.places(texts)
        best = [said[0].slug if said else "" for said in topics]
        found = np.full(len(texts), -1, dtype=np.int64)
        for slug, candidates in self._by_topic.items():
            rows = np.array([n for n, topic in enumerate(best) if topic == slug], dtype=np.int64)
            if len(rows):
                squares = (self.centroids[candidates] ** 2).sum(axis=1)
                far = squares - 2 * places[rows] @ self.centroids[candidates].T
                found[rows] = candidates[far.argmin(axis=1)]
        return found

    def places(self, texts: Texts) -> FloatArray:
        """Return where articles lie: shape (articles, dimensions).

        An article's length is what it says of the common directions, damped by its root: what says
        little of them lies near the middle of its topic, not far out at random.
        """
        found = np.zeros((len(texts), len(self.components)), dtype=np.float32)
        for at in range(0, len(texts), BATCH):
            words = np.asarray(self.vocabulary.matrix(texts[at : at + BATCH]) @ self.components.T)
            length = np.sqrt(np.linalg.norm(words, axis=1, keepdims=True))
            found[at : at + BATCH] = words / np.where(length > 0, length, 1)
        return found

    def save(self, path: Path) -> None:
        """Write the model into directory `path`: clusters.json and arrays.npz, no pickle."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "idf": self.vocabulary.idf.astype(np.float16),
            "components": self.components.astype(np.float16),
            "centroids": self.centroids.astype(np.float32),
        }
        FILES.write(path, self._head() | {"stamp": self.rounded().stamp}, arrays)

    def rounded(self) -> ClusterModel:
        """Return the model as it is after saving and loading: words in half precision."""
        idf = self.vocabulary.idf.astype(np.float16).astype(np.float32)
        return ClusterModel(
            Vocabulary(self.vocabulary.terms, idf),
            self.components.astype(np.float16).astype(np.float32),
            self.centroids.astype(np.float32),
            self.clusters,
            self.fitted_to,
        )

    @classmethod
    def load(cls, path: Path) -> ClusterModel:
        """Read a model from directory `path`; raises `ModelError` where it can't be read."""
        cure = "remove the directory and make it anew with: slugline clusters fit"
        with errors_in_words(path, "cluster", cure):
            return _load(cls, path)

    @cached_property
    def _by_topic(self) -> Mapping[str, IntArray]:
        found: dict[str, list[int]] = {}
        for number, cluster in enumerate(self.clusters):
            found.setdefault(cluster.topic, []).append(number)
        return {slug: np.array(numbers, dtype=np.int64) for slug, numbers in found.items()}

    def _head(self) -> dict[str, Any]:
        return {
            "clusters": [asdict(cluster) for cluster in self.clusters],
            "terms": list(self.vocabulary.terms),
            "fitted_to": self.fitted_to,
        }


def _load(cls: type[ClusterModel], path: Path) -> ClusterModel:
    head, part = FILES.read(path)
    model = cls(
        vocabulary=Vocabulary(head["terms"], part["idf"]),
        components=part["components"],
        centroids=part["centroids"],
        clusters=tuple(
            ClusterName(**(cluster | {"terms": tuple(cluster["terms"])}))
            for cluster in head["clusters"]
        ),
        fitted_to=head["fitted_to"],
    )
    FILES.check_stamp(head, model.stamp)
    return model
