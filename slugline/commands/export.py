"""`slugline export`: tagged articles as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.errors import SluglineError
from slugline.context import Context, command
from slugline.filters import filter_options

if TYPE_CHECKING:
    from search.request import Filters


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "name", help="jsonl or csv; by default what the file's ending says.")
@click.option("--query", default="", help="Only what this query finds (see `slugline search`).")
@filter_options
@command
def export(context: Context, out: Path, name: str | None, query: str, filters: Filters) -> None:
    """Write tagged articles to OUT: all of them, or those that a query and filters find.

    The same filters as in `slugline search` give the same articles, newest first. OUT is written
    complete or not at all.
    """
    from export.format import format_of
    from export.record import records
    from slugline.factory import open_searcher
    from slugline.jobs import pipeline

    chosen = format_of(name, out)
    count = 0
    with context.store() as store, context.engine() as engine:
        pipeline.catch_up(store, engine)
        searcher = open_searcher(store, engine)
        with context.progress("export", None) as bar:

            def written() -> None:
                nonlocal count
                count += 1
                bar(1)

            found = records(searcher.matching(query, filters), store.articles, store.tags)
            try:
                files = chosen.write(found, out, written)
            except OSError as error:
                raise SluglineError(f"{out} can't be written: {error.strerror}.") from error
    context.report(
        {"format": chosen.name, "articles": count, "files": [str(file) for file in files]},
        f"Exported {count:,} articles as {chosen.name} to {', '.join(map(str, files))}.",
    )
