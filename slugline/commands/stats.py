"""`slugline stats`: counts of articles, feeds, entities and topics."""

from __future__ import annotations

import click

from slugline.context import Context, command


@click.command()
@command
def stats(context: Context) -> None:
    """Count articles, sources, entities, mentions and topics, and what the index holds."""
    with context.store() as store, context.engine() as engine:
        figures = store.statistics()
        first, last = store.articles.span()
        waiting = store.changes.count()
        documents = engine.count()
        facts = {
            "articles": figures.articles,
            "feeds": figures.feeds,
            "sources": figures.sources,
            "entities": figures.entities,
            "mentions": figures.mentions,
            "topics": figures.topics,
            "published": {"first": first, "last": last},
            "index": {"engine": engine.name, "documents": documents, "waiting": waiting},
        }
    span = f", {first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else ""
    lines = [
        f"{figures.articles:,} articles; sources: {figures.sources:,}{span}",
        f"{figures.entities:,} entities in {figures.mentions:,} mentions",
        f"{documents:,} articles in the {engine.name} index, {waiting:,} waiting",
        *(
            f"  {topic:<12} {count:>9,}"
            for topic, count in sorted(figures.topics.items(), key=lambda item: -item[1])
        ),
    ]
    context.report(facts, "\n".join(lines))
