"""Fits clusters to tagged articles, within each topic, and keeps the old ones that live on.

Words are weighed by TF-IDF and folded into directions by a truncated singular value decomposition
(LSA, Deerwester et al. 1990); k-means finds the clusters of each topic. The number of clusters
grows with the square root of the articles, about a hundred for a month of 54,000, and each topic
gets its part by the square root of its size. Where there is an earlier model, k-means begins at its
clusters, so that what people know keeps its place; `nlp.clusters.match` says which clusters those
are afterwards. The same articles, earlier model and recipe give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from scipy import sparse

from models.errors import ModelError
from models.tags import TopicScore
from nlp.clusters.match import Clustering, alike, match
from nlp.clusters.model import ClusterModel, ClusterName, IntArray
from nlp.clusters.names import Member, name_clusters
from nlp.clusters.naming_words import stop_words
from nlp.tfidf import FloatArray, Texts, Vocabulary, count_articles

MOST_ARTICLES = 60_000
"""A fit reads no more articles than these, spread over the archive; more only cost memory."""
MOST_CLUSTERS = 250
PER_ROOT = 0.86
"""Clusters for each square root of an article: about 200 for 54,000 articles."""
HEAP = 2.5
"""How many times the mean size of its topic's clusters a cluster may have: what fits nowhere else
gathers in one place, and says something only in parts."""
FEWEST_IN_CLUSTER = 10
"""A topic is not split into clusters that would hold fewer articles of the fit than this."""

FEWEST_OF_A_WORD = 5
FEWEST_OF_A_WORD_IN_LITTLE = 2
LITTLE = 2_000
"""Below this many articles, a word need only occur twice to be known."""
LARGEST_SHARE_OF_A_WORD = 0.25
MOST_WORDS = 20_000
DIMENSIONS = 50
ROUNDS = 100
RECIPE = "2"
"""The version of everything here; another one fits anew to the same articles."""


@dataclass(frozen=True, slots=True)
class Example:
    """An article to fit to. `topics` best first, `names` are those of its entities.

    `source` is its publisher, whose name names no cluster, and `language` tells which words of it
    are function words.
    """

    title: str
    summary: str
    topics: tuple[TopicScore, ...]
    names: tuple[str, ...] = ()
    source: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class FittedClusters:
    """A fit: the model, which of its clusters are new, and which of the earlier ones are gone.

    `unchanged` says that the earlier model was fitted to the very same articles, and stays.
    """

    model: ClusterModel
    new: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class _Groups:
    """What articles fell into: the group of each article, each group's centroid and topic."""

    labels: IntArray
    centroids: FloatArray
    topics: tuple[str, ...]


def fit(
    examples: Sequence[Example],
    earlier: ClusterModel | None = None,
    taken: Collection[str] = (),
    *,
    clusters: int | None = None,
    afresh: bool = False,
) -> FittedClusters:
    """Fit clusters to articles that have topics.

    `taken` are ids that were ever given and so are not given again. `clusters` is how many there
    should be in all, where not as many as the articles suggest; `afresh` begins where no earlier
    cluster was. Raises `ModelError` where no article has a topic.
    """
    examples = spread([each for each in examples if each.topics], MOST_ARTICLES)
    if not examples:
        raise ModelError("No article has a topic yet, so there is nothing to find clusters in.")
    fingerprint = _fingerprint(examples, clusters)
    if earlier and earlier.fitted_to == fingerprint and not afresh:
        return FittedClusters(earlier, (), (), unchanged=True)
    from threadpoolctl import threadpool_limits

    texts = [(example.title, example.summary) for example in examples]
    topics = [example.topics for example in examples]
    with threadpool_limits(1):  # sums of several threads come in any order
        bare = _bare_model(texts, fingerprint)
        before = earlier.nearest(texts, topics) if earlier else np.full(len(texts), -1)
        begin = np.full(len(texts), -1) if afresh else before
        groups = _grouped(bare.places(texts), [said[0].slug for said in topics], begin, clusters)
    return _christened(examples, bare, groups, before, earlier, taken)


def spread(examples: Sequence[Example], most: int) -> Sequence[Example]:
    """Return at most `most` of the articles, evenly spread over their order."""
    if len(examples) <= most:
        return examples
    return [examples[n * len(examples) // most] for n in range(most)]


def shares(sizes: Sequence[int], total: int) -> list[int]:
    """Share `total` clusters among topics of these sizes: by the root of the size, at least 1."""
    roots = [math.sqrt(size) for size in sizes]
    whole = sum(roots) or 1.0
    return [
        max(1, min(round(total * root / whole), size // FEWEST_IN_CLUSTER))
        for size, root in zip(sizes, roots, strict=True)
    ]


def _fingerprint(examples: Sequence[Example], clusters: int | None) -> str:
    digest = hashlib.sha256(f"{RECIPE} {clusters}".encode())
    for example in examples:
        digest.update(json.dumps(asdict(example), ensure_ascii=True).encode())
    return digest.hexdigest()[:24]


def _bare_model(texts: Texts, fingerprint: str) -> ClusterModel:
    """Return a model that knows where articles lie, and no cluster yet."""
    from sklearn.decomposition import TruncatedSVD

    vocabulary = _vocabulary(texts)
    rows: sparse.csr_matrix = vocabulary.matrix(texts)
    dimensions = min(DIMENSIONS, min(rows.shape) - 1)
    if dimensions > 0 and rows.nnz:
        svd = TruncatedSVD(dimensions, n_iter=5, random_state=0).fit(rows)
        components = svd.components_.astype(np.float16).astype(np.float32)
    else:
        components = np.zeros((1, len(vocabulary)), dtype=np.float32)
    empty = np.empty((0, len(components)), dtype=np.float32)
    return ClusterModel(vocabulary, components, empty, (), fingerprint)


def _vocabulary(texts: Texts) -> Vocabulary:
    counts, articles = count_articles(texts)
    fewest = FEWEST_OF_A_WORD if articles >= LITTLE else FEWEST_OF_A_WORD_IN_LITTLE
    ceiling = max(LARGEST_SHARE_OF_A_WORD * articles, fewest)
    stop = stop_words()
    usable = [
        word
        for word, n in counts.items()
        if fewest <= n <= ceiling and not word.isdigit() and word not in stop
    ]
    usable.sort(key=lambda word: (-counts[word], word))
    terms = sorted(usable[:MOST_WORDS])
    idf = [math.log((1 + articles) / (1 + counts[term])) + 1 for term in terms]
    return Vocabulary(terms, np.array(idf, dtype=np.float16))


def _grouped(
    places: FloatArray, topics: Sequence[str], before: IntArray, clusters: int | None
) -> _Groups:
    """Group articles within each topic, from where they were grouped `before` (-1: nowhere)."""
    best = np.array(topics)
    present, sizes = np.unique(best, return_counts=True)
    total = clusters or min(MOST_CLUSTERS, round(PER_ROOT * math.sqrt(len(topics))))
    labels = np.empty(len(topics), dtype=np.int64)
    centroids: list[FloatArray] = []
    of: list[str] = []
    for topic, k in zip(present.tolist(), shares(sizes.tolist(), total), strict=True):
        rows = np.flatnonzero(best == topic)
        found, centres = _group(places[rows], k, before[rows])
        labels[rows] = found + len(of)
        centroids.append(centres)
        of += [topic] * len(centres)
    return _Groups(labels, np.concatenate(centroids).astype(np.float32), tuple(of))


def _group(places: FloatArray, k: int, before: IntArray) -> tuple[IntArray, FloatArray]:
    """Group the articles of one topic, from where they were grouped `before` (-1: nowhere)."""
    from sklearn.cluster import KMeans

    k = min(k, len(np.unique(places, axis=0)))
    seeds = _seeds(places, k, before)
    if len(seeds):
        means = KMeans(len(seeds), init=seeds, n_init=1, max_iter=ROUNDS, tol=0)
    else:
        means = KMeans(k, n_init=3, max_iter=ROUNDS, tol=0, random_state=0)
    labels = means.fit_predict(places)
    labels = _heaps_split(places, labels, HEAP * len(places) / k)
    filled = np.unique(labels)
    centres = np.stack([places[labels == number].mean(axis=0) for number in filled])
    return np.searchsorted(filled, labels), centres


def _heaps_split(places: FloatArray, labels: IntArray, most: float) -> IntArray:
    """Split groups of more than `most` articles, each in two until it is small enough.

    This is bisecting k-means (Steinbach, Karypis and Kumar 2000), for what k-means left in a heap.
    """
    labels = labels.astype(np.int64)
    waiting = [n for n, size in enumerate(np.bincount(labels).tolist()) if size > most]
    while waiting:
        rows = np.flatnonzero(labels == waiting.pop())
        first, second = _halves_of(places[rows])
        if min(len(first), len(second)) < FEWEST_IN_CLUSTER:
            continue
        new = int(labels.max()) + 1
        labels[rows[second]] = new
        waiting += [n for n in (int(labels[rows[first[0]]]), new) if (labels == n).sum() > most]
    return labels


def _seeds(places: FloatArray, k: int, before: IntArray) -> FloatArray:
    """Return the centres of earlier clusters that are still alive, and of their parts if too few.

    An earlier cluster that holds next to nothing any more is left out; so are the smallest where
    there are half as many again as there should be.
    """
    counts = Counter(before[before >= 0].tolist())
    alive = [n for n, size in counts.most_common(k + k // 2) if size >= FEWEST_IN_CLUSTER]
    groups = [places[before == number] for number in sorted(alive)]
    if not groups:
        return np.empty((0, places.shape[1]), dtype=np.float32)
    while len(groups) < k:
        spreads = [float(((g - g.mean(axis=0)) ** 2).sum()) for g in groups]
        widest = groups.pop(int(np.argmax(spreads)))
        groups += _halves(widest)
    return np.stack([group.mean(axis=0) for group in groups])


def _halves(group: FloatArray) -> list[FloatArray]:
    return [group[rows] for rows in _halves_of(group)]


def _halves_of(group: FloatArray) -> tuple[IntArray, IntArray]:
    from sklearn.cluster import KMeans

    labels = KMeans(2, n_init=3, random_state=0).fit_predict(group)
    return np.flatnonzero(labels == 0), np.flatnonzero(labels == 1)


def _christened(
    examples: Sequence[Example],
    bare: ClusterModel,
    groups: _Groups,
    before: IntArray,
    earlier: ClusterModel | None,
    taken: Collection[str],
) -> FittedClusters:
    """Give every group its id and name, those of an earlier cluster where that lives on."""
    old = earlier.clusters if earlier else ()
    pairs: dict[int, int] = {}
    if earlier:
        was = Clustering(before, [cluster.topic for cluster in old])
        words = alike(bare, earlier, groups.centroids)
        pairs = match(Clustering(groups.labels, groups.topics), was, words)
    named = name_clusters(
        [
            Member(each.title, each.summary, each.names, each.source, each.language)
            for each in examples
        ],
        groups.labels.tolist(),
        groups.topics,
    )
    sizes = np.bincount(groups.labels, minlength=len(groups.topics)).tolist()
    used = {*taken, *(cluster.id for cluster in old)}
    clusters: dict[int, ClusterName] = {}
    for number in sorted(range(len(sizes)), key=lambda n: (-sizes[n], n)):
        name, terms = named[number]
        topic = groups.topics[number]
        lived = old[pairs[number]] if number in pairs else None
        clusters[number] = ClusterName(
            id=lived.id if lived else next_id(topic, used),
            topic=topic,
            name=lived.name if lived and _still_tells(lived.name, terms) else name,
            terms=terms,
            articles=sizes[number],
        )
        used.add(clusters[number].id)
    model = replace(
        bare,
        centroids=groups.centroids,
        clusters=tuple(clusters[number] for number in range(len(sizes))),
    )
    kept = {old[number].id for number in pairs.values()}
    ids = [cluster.id for cluster in model.clusters]
    return FittedClusters(
        model=model.rounded(),
        new=tuple(sorted(set(ids) - kept)),
        gone=tuple(sorted({cluster.id for cluster in old} - kept)),
    )


def _still_tells(name: str, terms: Sequence[str]) -> bool:
    """Say whether a name has a term that tells the cluster today; else it would mislead."""
    return bool(
        {term.casefold() for term in name.split(", ")} & {term.casefold() for term in terms}
    )


def next_id(topic: str, used: Collection[str]) -> str:
    """Return the first id of a topic that was never given: `military-1`, `military-2` ..."""
    stem = topic[:32].rstrip("-")
    number = 1
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"
