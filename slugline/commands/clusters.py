"""`slugline clusters`: find, inspect and edit the clusters of each topic."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from models.errors import UsageError
from slugline.context import Context, command
from slugline.settings import TAXONOMY_FILE

if TYPE_CHECKING:
    from models.clusters import Cluster

NEWEST = 10


@click.group()
def clusters() -> None:
    """Find what the articles of each topic fall into, and put it right."""


@clusters.command()
@click.option(
    "--clusters",
    "wanted",
    type=click.IntRange(1, 1000),
    help="How many, about; else as many as the articles suggest.",
)
@click.option("--afresh", is_flag=True, help="Don't begin at the clusters there are.")
@command
def fit(context: Context, wanted: int | None, afresh: bool) -> None:
    """Fit clusters to the tagged articles, and give every article its own.

    Clusters that are found again keep their id and name, the others are new, or gone. From then
    on `slugline tag` gives new articles their clusters. Run it again when the news has moved on.
    """
    from slugline.jobs import pipeline
    from slugline.jobs.clusters import cluster

    with context.store() as store:
        with (
            context.progress("fit", 2) as bar,
            context.progress("assign", store.clusters.count()) as placed,
        ):
            done = cluster(
                store, context.settings.cluster_model, wanted, afresh=afresh, bar=bar, placed=placed
            )
        with context.engine() as engine:
            pipeline.catch_up(store, engine)
    facts = dataclasses.asdict(done) | {"seconds": round(done.seconds, 3)}
    said = (
        "the articles are the same, and so are the clusters"
        if done.unchanged
        else (f"{len(done.new):,} new, {len(done.gone):,} gone")
    )
    context.report(
        facts,
        f"{done.clusters:,} clusters from {done.articles:,} articles ({said}); "
        f"{done.moved:,} of {done.assigned:,} articles moved, in {done.seconds:.1f} s.",
    )


@clusters.command("list")
@click.option("--topic", default="", help="Only those under this topic (slug).")
@click.option("--all", "every", is_flag=True, help="Those hidden and those gone as well.")
@command
def list_clusters(context: Context, topic: str, every: bool) -> None:
    """List clusters under their topics, the largest first."""
    with context.store() as store:
        found = store.clusters.all(topic, hidden=every, gone=every)
    lines = []
    for slug in dict.fromkeys(cluster.topic for cluster in found):
        lines.append(slug)
        lines += [_line(cluster) for cluster in found if cluster.topic == slug]
    hint = "There are no clusters yet; `slugline clusters fit` finds them."
    context.report(
        {"clusters": [dataclasses.asdict(cluster) for cluster in found]},
        "\n".join(lines) if lines else hint,
    )


@clusters.command()
@click.argument("cluster_id", metavar="ID")
@command
def show(context: Context, cluster_id: str) -> None:
    """Show one cluster: its terms, who is named in it, and its newest articles."""
    from nlp.clusters.similar import alike
    from search.engine import Sort
    from search.request import Filters, Request
    from slugline.factory import open_searcher
    from slugline.jobs import pipeline

    with context.store() as store, context.engine() as engine:
        cluster = store.clusters.get(cluster_id)
        elsewhere = {
            each.id: each.terms for each in store.clusters.all() if each.topic != cluster.topic
        }
        near = alike(elsewhere | {cluster.id: cluster.terms}, cluster.id)
        pipeline.catch_up(store, engine)
        found = open_searcher(store, engine).search(
            Request(
                filters=Filters(clusters=(cluster.id,)),
                sort=Sort.NEWEST,
                limit=NEWEST,
                facets=("entity",),
            )
        )
    named = [(value.name, value.count) for value in found.facets.get("entity", ())]
    newest = [hit.article for hit in found.hits]
    facts = dataclasses.asdict(cluster) | {
        "alike": list(near),
        "entities": [{"name": name, "articles": count} for name, count in named],
        "newest": [
            {"id": article.id, "title": article.title, "published": article.published}
            for article in newest
        ],
    }
    lines = [
        f"{cluster.name} ({cluster.id}), under {cluster.topic}: {cluster.articles:,} articles",
        f"terms: {', '.join(cluster.terms) or 'none that tell'}",
        f"named: {', '.join(f'{name} ({count:,})' for name, count in named[:10]) or 'nobody'}",
        *([f"alike in other topics: {', '.join(near)}"] if near else []),
        *(
            f"  {article.published:%Y-%m-%d}  {article.title}"
            if article.published
            else f"  undated     {article.title}"
            for article in newest
        ),
    ]
    context.report(facts, "\n".join(lines))


@clusters.command()
@click.argument("cluster_id", metavar="ID")
@click.argument("name")
@command
def rename(context: Context, cluster_id: str, name: str) -> None:
    """Call the cluster ID by NAME, now and through every fit."""
    with context.store() as store:
        cluster = store.clusters.rename(cluster_id, name)
    context.report(dataclasses.asdict(cluster), f"{cluster.id} is called {cluster.name} now.")


@clusters.command()
@click.argument("cluster_id", metavar="ID")
@click.argument("into")
@command
def merge(context: Context, cluster_id: str, into: str) -> None:
    """Put the cluster ID into another, now and through every fit."""
    with context.store() as store:
        kept = store.clusters.merge(cluster_id, into)
        context.update_index(store)
    context.report(
        dataclasses.asdict(kept),
        f"{cluster_id} is part of {kept.name} ({kept.id}) now: {kept.articles:,} articles.",
    )


@clusters.command()
@click.argument("cluster_id", metavar="ID")
@click.option("--undo", is_flag=True, help="Show it again.")
@command
def hide(context: Context, cluster_id: str, undo: bool) -> None:
    """Keep the cluster ID out of lists, filters and exports."""
    with context.store() as store:
        cluster = store.clusters.hide(cluster_id, hidden=not undo)
        context.update_index(store)
    done = "shown again" if undo else "hidden"
    context.report(dataclasses.asdict(cluster), f"{cluster.name} ({cluster.id}) is {done}.")


@clusters.command()
@click.argument("cluster_id", metavar="ID")
@click.argument("slug")
@command
def promote(context: Context, cluster_id: str, slug: str) -> None:
    """Make the cluster ID a topic of its own, SLUG, in your taxonomy.

    The topic's seed terms are those that tell the cluster from others. The taxonomy is the file
    that the setting nlp.taxonomy names, else taxonomy.toml in the home.
    """
    from nlp.clusters.promote import promoted
    from nlp.topics.taxonomy import load_taxonomy

    settings = context.settings
    path = settings.taxonomy or settings.home / TAXONOMY_FILE
    with context.store() as store:
        cluster = store.clusters.get(cluster_id)
    there = path.exists()
    if slug in {topic.slug for topic in load_taxonomy(path if there else None)}:
        raise UsageError(f"There is a topic {slug!r} already; choose another slug.")
    before = path.read_text(encoding="utf-8") if there else ""
    text = promoted(before, slug, cluster.name, cluster.terms)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    lines = [
        f"{path} has a topic {slug} now, with {len(cluster.terms)} seed terms of {cluster.name}.",
    ]
    if settings.taxonomy is None:
        lines.append(f"Say that it is yours: SLUGLINE_NLP_TAXONOMY={path}, or in slugline.toml")
        lines.append(f'  [nlp]\n  taxonomy = "{path}"')
    lines.append("Look at its words, then run `slugline topics fit` and `slugline tag`.")
    context.report(
        {"topic": slug, "taxonomy": str(path), "terms": list(cluster.terms)}, "\n".join(lines)
    )


def _line(cluster: Cluster) -> str:
    notes = [
        note
        for note, said in (
            (str(cluster.state), cluster.state != "lives"),
            ("named by a person", cluster.named_by_person),
            ("hidden", cluster.hidden),
        )
        if said
    ]
    return f"{cluster.articles:>9,}  {cluster.id:<18} {cluster.name}" + (
        f" ({', '.join(notes)})" if notes else ""
    )
