"""The pages of clusters: all of them under their topics, and each with what it is about."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from models.clusters import Cluster, ClusterState
from models.errors import NotFoundError
from nlp.clusters.similar import alike
from search.request import Filters
from web.context import library
from web.errors import MissingError
from web.facets import picture_of
from web.latest import latest
from web.search_state import SearchState
from web.tables import table_of

COLUMNS = ("id", "name", "topic", "articles", "terms")

pages = Blueprint("clusters", __name__, url_prefix="/clusters")


@pages.get("")
def clusters() -> str | Response:
    """List the clusters under their topics, the largest topic first."""
    found = library().store.clusters.all()
    counts = library().store.tags.topics()
    topics = sorted({cluster.topic for cluster in found}, key=lambda t: (-counts.get(t, 0), t))
    grouped = [(topic, [each for each in found if each.topic == topic]) for topic in topics]
    table = table_of(
        "clusters",
        COLUMNS,
        lambda: (
            (each.id, each.name, each.topic, each.articles, each.terms)
            for _, members in grouped
            for each in members
        ),
    )
    return table or render_template(
        "clusters.html",
        topics=grouped,
        number=len(found),
    )


@pages.get("/<cluster_id>")
def cluster(cluster_id: str) -> str | Response:
    """Show one cluster: its terms, its days, who is named in it, its newest articles."""
    nearby = (
        ("All clusters", url_for("clusters.clusters")),
        ("All topics", url_for("topics.topics")),
    )
    try:
        here = library().store.clusters.get(cluster_id)
    except NotFoundError:
        raise MissingError(f"There is no cluster {cluster_id[:60]!r}.", nearby) from None
    if here.hidden:
        raise MissingError(f"The cluster {here.id!r} was hidden.", nearby)
    if here.id != cluster_id:
        return redirect(url_for("clusters.cluster", cluster_id=here.id))
    facets = ("person", "org", "place", "source", "day")
    found, place = latest(Filters(clusters=(here.id,)), facets)
    everywhere = {each.id: each for each in library().store.clusters.all()}
    elsewhere = {
        key: each.terms for key, each in everywhere.items() if each.topic != here.topic
    } | {here.id: here.terms}
    return render_template(
        "cluster.html",
        cluster=here,
        gone=here.state is ClusterState.GONE,
        found=found,
        pager=place,
        state=SearchState(text=f"cluster:{here.id}"),
        picture=picture_of(found, library(), SearchState()),
        alike=[everywhere[key] for key in alike(elsewhere, here.id)],
        siblings=[
            each for each in everywhere.values() if each.topic == here.topic and each.id != here.id
        ],
    )


def cluster_shown(cluster_id: str) -> Cluster | None:
    """Return the cluster of an article, None where it has none."""
    if not cluster_id:
        return None
    try:
        return library().store.clusters.get(cluster_id)
    except NotFoundError:
        return None
