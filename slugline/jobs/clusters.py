"""The job of `slugline clusters fit`: sample, fit, store, and assign all articles.

    store.clusters.sample -> fit -> model in the home -> store.clusters.learn -> assign in batches

Killed at any moment and started again it goes on: the model says which articles it was fitted to,
so it is not fitted twice, and the store keeps how far its articles are assigned.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.clusters import FoundCluster
from slugline.progress import ProgressBar
from store.store import Store

if TYPE_CHECKING:
    from nlp.clusters.fit import FittedClusters
    from nlp.clusters.model import ClusterModel

BATCH = 2000


@dataclass(frozen=True, slots=True)
class ClusterResult:
    """What a fit did: articles it read, clusters there are, which are new and which are gone.

    `assigned` articles were looked at, `moved` of them have another cluster now than before.
    """

    articles: int
    clusters: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: bool
    assigned: int
    moved: int
    seconds: float


def cluster(
    store: Store,
    place: Path,
    wanted: int | None,
    *,
    afresh: bool,
    bar: ProgressBar,
    placed: ProgressBar,
) -> ClusterResult:
    """Fit clusters to the store's articles, and give every article its own.

    The model rests in the directory `place`. `afresh` begins from nothing; clusters that are
    found again keep id and name all the same.
    """
    from nlp.clusters.fit import MOST_ARTICLES, Example, fit
    from nlp.clusters.model import ClusterModel
    from nlp.model_files import recover, replace_model

    began = time.perf_counter()
    recover(place)
    earlier = ClusterModel.load(place) if place.exists() else None
    examples = [
        Example(
            article.title,
            article.summary,
            article.topics,
            article.names,
            article.source,
            article.language,
        )
        for article in store.clusters.sample(MOST_ARTICLES)
    ]
    bar(1, f"{len(examples)} articles")
    fitted = fit(examples, earlier, store.clusters.ids(), clusters=wanted, afresh=afresh)
    if not fitted.unchanged:
        replace_model(fitted.model.save, place)
    if not (fitted.unchanged and _known(fitted, store)):
        learn(store, fitted)
    bar(1, f"{len(fitted.model.clusters)} clusters")
    assigned, moved = assign(store, fitted.model, placed)
    store.trends.refresh()
    return ClusterResult(
        articles=len(examples),
        clusters=len(fitted.model.clusters),
        new=fitted.new,
        gone=fitted.gone,
        unchanged=fitted.unchanged,
        assigned=assigned,
        moved=moved,
        seconds=time.perf_counter() - began,
    )


def _known(fitted: FittedClusters, store: Store) -> bool:
    """Say whether the store has heard of a model that an earlier run fitted."""
    return {each.id for each in fitted.model.clusters} <= store.clusters.ids()


def learn(store: Store, fitted: FittedClusters) -> None:
    """Tell the store which clusters there are now."""
    new = set(fitted.new) or {each.id for each in fitted.model.clusters} - store.clusters.ids()
    store.clusters.learn(
        [
            FoundCluster(each.id, each.topic, each.name, each.terms, each.articles, each.id in new)
            for each in fitted.model.clusters
        ]
    )


def assign(store: Store, model: ClusterModel, bar: ProgressBar) -> tuple[int, int]:
    """Give all articles their clusters, in batches; return how many were read, and moved."""
    cursor = store.clusters.cursor(model.stamp)
    read = moved = 0
    while True:
        batch, cursor = store.clusters.batch(BATCH, cursor)
        if not batch:
            break
        found = model.assign(
            [(article.title, article.summary) for article in batch],
            [article.topics for article in batch],
        )
        ids = {article.id: cluster for article, cluster in zip(batch, found, strict=True)}
        moved += store.clusters.assign(ids, model.stamp, cursor)
        read += len(batch)
        bar(len(batch))
    store.clusters.finish_assignment()
    return read, moved
