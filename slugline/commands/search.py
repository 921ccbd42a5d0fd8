"""`slugline search`: full-text search with filters and facets."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TextIO

import click

from slugline.commands.search_options import SearchCommand, request_options
from slugline.context import Context, command

if TYPE_CHECKING:
    from search.explanation import Explanation
    from search.request import Request, Results
    from search.searcher import Searcher


@click.command(cls=SearchCommand)
@request_options
@click.option(
    "--explain",
    is_flag=True,
    help="Say which words each hit has, where, and how rare they are.",
)
@click.option(
    "--batch",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Ask every query of a list (one a line, or the CSV column `query`; - is the input).",
)
@click.option(
    "--rows",
    type=click.Choice(["queries", "hits"]),
    default="queries",
    help="With --batch: a row per query, or one per hit.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    help="With --batch: what is written.",
)
@command
def search(
    context: Context,
    request: Request,
    explain: bool,
    batch: TextIO | None,
    rows: str,
    form: str,
) -> None:
    """Search the archive.

    \b
    QUERY is in Whoosh's language:
      taiwan AND "south china sea"       words, phrases, AND OR NOT, groups
      topic:diplomacy entity:"Xi Jinping" source:scmp
      published:[20231101 TO 20231112]   published:'last week'
      diplom*  econmy~                   prefixes, and words a letter away

    Plain words mean all of them; where too few articles have all, those with most follow. No QUERY
    finds everything that the filters let through.
    """  # noqa: D301 - \b is the character by which click keeps lines apart
    from slugline.factory import open_searcher
    from slugline.search_report import explanation_as_dict, format_results, results_as_dict

    if batch is not None and request.text:
        raise click.UsageError("Give a QUERY or --batch, not both.")
    with context.store() as store, context.engine() as engine:
        searcher = open_searcher(store, engine)
        context.say_if_behind(store, engine)
        if batch is not None:
            _answer_batch(searcher, batch, request, hits=rows == "hits", form=form)
            return
        results = searcher.search(request)
        explained = _explained(searcher, results, request.text) if explain else {}
    facts = results_as_dict(results)
    for hit in facts["hits"] if explain else ():
        hit["explanation"] = explanation_as_dict(explained[hit["id"]])
    context.report(facts, format_results(results, request.offset, explained))


def _answer_batch(
    searcher: Searcher, file: TextIO, request: Request, *, hits: bool, form: str
) -> None:
    """Write what every query of a list finds, row by row, while it is found."""
    from search.batch import answer_all, read_queries
    from web.searching.rows import as_csv, as_jsonl, rows_of

    if not hits:
        request = dataclasses.replace(request, limit=1, offset=0)
    try:
        queries = read_queries(file.read())
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{file.name} is not UTF-8 ({error}).") from error
    found = rows_of(answer_all(searcher, queries, request), hits=hits)
    for line in as_csv(found, hits=hits) if form == "csv" else as_jsonl(found):
        click.echo(line, nl=False)


def _explained(searcher: Searcher, results: Results, text: str) -> dict[str, Explanation]:
    """Return why each hit stands where it does, by its id."""
    from search.explanation import explain, plain_words, rarities

    asked = plain_words(searcher.read(text).query)
    articles = rarities(asked, searcher.engine)
    return {
        hit.article.id: explain(hit.article, hit.score, asked, articles) for hit in results.hits
    }
