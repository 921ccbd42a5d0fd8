"""Topics and the clusters within them."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from models.accounts import Role
from models.clusters import Cluster
from models.errors import NotFoundError
from models.tags import OTHER
from web.accounts.access import needs
from web.api.answers.groups import ClusterList, ClusterSummary, TopicList, TopicSummary
from web.api.openapi import answers, spec
from web.api.questions import ClusterQuestion, Nothing
from web.context import app_context, library

views = Blueprint("topics", __name__)


class ClusterChange(Struct, forbid_unknown_fields=True):
    """What is to change: its `name`, whether it is `hidden`, the cluster to put it `into`."""

    name: Annotated[str, Meta(max_length=100)] = ""
    hidden: bool | None = None
    into: Annotated[str, Meta(max_length=60)] = ""


@views.get("/topics")
@spec.validate(resp=answers(TopicList), tags=["topics"], operation_id="listTopics")
def topics(query: Nothing) -> TopicList:  # noqa: ARG001 - read by spectree
    """List all topics with their numbers of articles."""
    found = _topics()
    return TopicList(len(found), found)


@views.get("/topics/<slug>")
@spec.validate(resp=answers(TopicSummary, 404), tags=["topics"], operation_id="getTopic")
def topic(slug: str, query: Nothing) -> TopicSummary:  # noqa: ARG001 - read by spectree
    """Return one topic."""
    for each in _topics():
        if each.slug == slug:
            return each
    raise NotFoundError(f"There is no topic {slug[:60]!r}.")


@views.get("/clusters")
@spec.validate(resp=answers(ClusterList), tags=["clusters"], operation_id="listClusters")
def clusters(query: ClusterQuestion) -> ClusterList:
    """List the clusters of one topic, or all."""
    found = [_summary(each) for each in library().store.clusters.all(query.topic)]
    return ClusterList(len(found), found)


@views.get("/clusters/<cluster_id>")
@spec.validate(resp=answers(ClusterSummary, 404), tags=["clusters"], operation_id="getCluster")
def cluster(cluster_id: str, query: Nothing) -> ClusterSummary:  # noqa: ARG001 - by spectree
    """Return one cluster, or the one that it was merged into."""
    return _summary(library().store.clusters.get(cluster_id))


@views.patch("/clusters/<cluster_id>")
@needs(Role.EDITOR)
@spec.validate(
    resp=answers(ClusterSummary, 400, 404), tags=["clusters"], operation_id="changeCluster"
)
def change(cluster_id: str, query: Nothing, json: ClusterChange) -> ClusterSummary:  # noqa: ARG001 - by spectree
    """Rename a cluster, hide or show it, or put it into another, now and through every fit."""
    here, changed = app_context(), library().store.clusters.get(cluster_id)
    clusters = here.library.store.clusters
    if json.into:
        changed = clusters.merge(cluster_id, json.into)
    if json.name:
        changed = clusters.rename(changed.id, json.name)
    if json.hidden is not None:
        changed = clusters.hide(changed.id, hidden=json.hidden)
    here.indexing.catch_up()
    return _summary(changed)


def _topics() -> list[TopicSummary]:
    here = library()
    counts = here.store.tags.topics()
    known = {slug: (each.name, each.description) for slug, each in here.topics.items()}
    for slug in counts:
        known.setdefault(slug, ("Other" if slug == OTHER else slug, ""))
    found = [TopicSummary(slug, *words, counts.get(slug, 0)) for slug, words in known.items()]
    return sorted(found, key=lambda topic: (-topic.articles, topic.slug))


def _summary(cluster: Cluster) -> ClusterSummary:
    return ClusterSummary(
        cluster.id, cluster.topic, cluster.name, cluster.articles, list(cluster.terms)
    )
