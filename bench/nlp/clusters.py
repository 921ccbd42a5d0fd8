"""How well clusters follow what people call topics, and how well they keep still.

    .venv/bin/python -m bench.nlp.clusters HOME GOLD.jsonl [GOLD.jsonl ...] [--clusters 100]
    .venv/bin/python -m bench.nlp.clusters HOME --articles 20000 --read 30

HOME holds a tagged archive, to which clusters are fitted in memory; nothing in it is changed.
Gold rows (title, summary, topic) are tagged and assigned as new articles are. Measured are the
normalised mutual information of (topic, cluster) with gold topics, no row left out; how much of
its topic the largest cluster holds; how the terms of a cluster go together (NPMI, Bouma 2009);
what a refit with more articles keeps; and the speed of assigning.

With --read the names of some clusters, drawn at random, are printed with five headlines of each,
for a person to judge.

With --without-labels the topics come from a model fitted to the archive with seed terms alone:
what to expect of publishers that the shipped model, which learned from labelled rows, never saw.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.clusters.fit import MOST_ARTICLES, Example, fit
from nlp.clusters.model import ClusterModel
from nlp.topics.evaluate import GoldRow, mutual_information, read_gold
from nlp.topics.fit import fit as fit_topics
from nlp.topics.model import TopicModel
from nlp.topics.taxonomy import load_taxonomy
from store.store import Store


def examples_of(home: Path, topics: TopicModel, most: int) -> list[Example]:
    """Read a sample as `slugline clusters fit` does, with topics of the model to measure."""
    with Store.at(home / "store.sqlite") as store:
        sample = store.clusters.sample(most)
    said = topics.tag([(article.title, article.summary) for article in sample])
    return [
        Example(
            article.title,
            article.summary,
            tuple(each),
            article.names,
            article.source,
            article.language,
        )
        for article, each in zip(sample, said, strict=True)
    ]


def measure(model: ClusterModel, topics: TopicModel, rows: Sequence[GoldRow], name: str) -> None:
    """Print how well topics alone, and topics with clusters, go with gold."""
    texts = [(row.title, row.summary) for row in rows]
    gold = [row.topic for row in rows]
    said = topics.tag(texts)
    best = [each[0].slug for each in said]
    began = time.perf_counter()
    found = model.assign(texts, said)
    rate = len(texts) / (time.perf_counter() - began)
    assert all(found), "an article was left out"
    right = sum(a == b for a, b in zip(best, gold, strict=True)) / len(gold)
    print(
        f"{name}: {len(rows)} rows, topic right {right:.3f}, NMI topic alone "
        f"{mutual_information(gold, best):.4f}, topic and cluster "
        f"{mutual_information(gold, found):.4f} ({len(set(found))} clusters met),"
        f" {rate:.0f} articles/s"
    )


def largest_share(examples: Sequence[Example], found: Sequence[str]) -> float:
    """Return how much of its topic the largest cluster holds, over topics by their size."""
    topics = Counter(example.topics[0].slug for example in examples)
    largest: Counter[str] = Counter()
    for cluster, size in Counter(found).items():
        topic = cluster.rpartition("-")[0]
        largest[topic] = max(largest[topic], size)
    return sum(largest.values()) / sum(topics.values())


def coherence(model: ClusterModel, examples: Sequence[Example], found: Sequence[str]) -> float:
    """Return the mean NPMI of pairs of the eight words that tell a cluster best, by its size."""
    texts = [(example.title, example.summary) for example in examples]
    rows = model.vocabulary.counts(texts)
    rows.data[:] = 1
    columns = rows.tocsc()
    n = rows.shape[0]
    everywhere = np.asarray(rows.sum(axis=0)).ravel()
    labels = np.array(found)
    scores, sizes = [], []
    for cluster, size in Counter(found).items():
        here = np.asarray(rows[np.flatnonzero(labels == cluster)].sum(axis=0)).ravel()
        share, rest = (here + 0.5) / (size + 1), (everywhere - here + 0.5) / (n - size + 1)
        top = np.argsort(-here * np.log(share / rest), kind="stable")[:8]
        both = np.asarray((columns[:, top].T @ columns[:, top]).todense()) / n
        chance = np.outer(everywhere[top], everywhere[top]) / n / n
        pairs = np.triu_indices(8, 1)
        seen = both[pairs]
        npmi = np.where(
            seen > 0, np.log(np.maximum(seen, 1e-12) / chance[pairs]) / -np.log(seen + 1e-12), -1
        )
        scores.append(npmi.mean())
        sizes.append(size)
    return float(np.average(scores, weights=sizes))


def keeps(examples: Sequence[Example], clusters: int | None) -> None:
    """Print what a refit keeps when the last fifth of the archive comes to the rest."""
    first = examples[: len(examples) * 4 // 5]
    early = fit(first, clusters=clusters)
    begun = fit(examples, early.model, clusters=clusters)
    afresh = fit(examples, early.model, clusters=clusters, afresh=True)
    texts = [(example.title, example.summary) for example in first]
    said = [example.topics for example in first]
    before = early.model.assign(texts, said)
    for name, later in (("from the old ones", begun), ("afresh", afresh)):
        now = later.model.assign(texts, said)
        same = sum(a == b for a, b in zip(before, now, strict=True)) / len(before)
        print(
            f"a fifth more articles, {name}: {len(early.model.clusters)} clusters before, "
            f"{len(later.model.clusters)} now, {len(later.gone)} gone, {len(later.new)} new; "
            f"{same:.3f} of the old articles keep their cluster's id"
        )


def read(model: ClusterModel, examples: Sequence[Example], found: Sequence[str], most: int) -> None:
    """Print the names of some clusters, and headlines of theirs."""
    chance = random.Random(8)  # noqa: S311 - clusters to read
    chosen = chance.sample(model.clusters, min(most, len(model.clusters)))
    for cluster in sorted(chosen, key=lambda each: each.id):
        pairs = zip(examples, found, strict=True)
        titles = [example.title for example, name in pairs if name == cluster.id]
        print(f"{cluster.id} ({len(titles)}): {cluster.name}")
        for title in chance.sample(titles, min(5, len(titles))):
            print("   ", title)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("gold", type=Path, nargs="*")
    parser.add_argument("--clusters", type=int, help="how many, else as by default")
    parser.add_argument("--articles", type=int, default=MOST_ARTICLES, help="to fit to")
    parser.add_argument("--without-labels", action="store_true")
    parser.add_argument("--keeps", action="store_true", help="refit with more articles too")
    parser.add_argument("--read", type=int, default=0, help="names of so many clusters to read")
    options = parser.parse_args()
    topics = TopicModel.load()
    if options.without_labels:
        with Store.at(options.home / "store.sqlite") as store:
            topics = fit_topics(store.articles.texts(("en",), 100_000), load_taxonomy())
    examples = examples_of(options.home, topics, options.articles)
    began = time.process_time()
    model = fit(examples, clusters=options.clusters).model
    seconds = time.process_time() - began
    found = model.assign(
        [(example.title, example.summary) for example in examples],
        [example.topics for example in examples],
    )
    print(
        f"{len(examples)} articles, {len(model.clusters)} clusters in {seconds:.1f} CPU s,"
        f" peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB; largest of"
        f" its topic {largest_share(examples, found):.2f},"
        f" NPMI {coherence(model, examples, found):.3f}"
    )
    for path in options.gold:
        measure(model, topics, read_gold(path), path.stem)
    read(model, examples, found, options.read)
    if options.keeps:
        keeps(examples, options.clusters)


if __name__ == "__main__":
    main()
