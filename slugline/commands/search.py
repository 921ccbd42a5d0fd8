"""`slugline search`: full-text search with filters and facets."""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING, TextIO

import click

from slugline.context import Context, command
from slugline.filters import filter_options

if TYPE_CHECKING:
    from search.explanation import Explanation
    from search.request import Filters, Request, Results
    from search.searcher import Searcher

ALL_FACETS = "all"
COPIES, STORY = "copies", "story"
_ALIKE = 0.75
"""How like a facet's name the word behind a bare `--facets` is taken for one, by difflib."""
_AFTER_WORDS = "slugline.search.facets_after_words"


class _Search(click.Command):
    """Tells `search gaza --facets authors`, which names a facet, from `search --facets gaza`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note whether words stand before `--facets`."""
        if "--facets" in args:
            before = args[: args.index("--facets")]
            words = self.make_parser(ctx).parse_args(list(before))[0]["query"]
            ctx.meta[_AFTER_WORDS] = isinstance(words, tuple) and bool(words)
        return super().parse_args(ctx, args)


@click.command(cls=_Search)
@click.argument("query", nargs=-1)
@filter_options
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
    help="The order of hits.",
)
@click.option(
    "--limit",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    help="Hits shown at the most.",
)
@click.option("--offset", type=click.IntRange(0), default=0, help="Hits passed over first.")
@click.option(
    "--facets",
    is_flag=False,
    flag_value=ALL_FACETS,
    default=None,
    metavar="[NAME,...]",
    help="Also count all hits by topic, entity, source, language and day, or by those named"
    " (week and month, too).",
)
@click.option(
    "--fold",
    is_flag=False,
    flag_value=COPIES,
    default=None,
    metavar="[copies|story]",
    help="Put articles that repeat a hit under it, or list each story once; all still count in the"
    " total and in facets.",
)
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
@click.option("--as-typed", is_flag=True, help="A name only as typed, not its other spellings.")
@command
def search(
    context: Context,
    query: tuple[str, ...],
    filters: Filters,
    sort: str,
    limit: int,
    offset: int,
    facets: str | None,
    fold: str | None,
    as_typed: bool,
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
    from search.engine import Sort
    from search.request import Request
    from slugline.factory import open_searcher
    from slugline.search_report import explanation_as_dict, format_results, results_as_dict

    if fold not in (None, COPIES, STORY):
        # Behind a bare `--fold` the parser has taken the first word of the query.
        query, fold = (str(fold), *query), COPIES
    wanted, text = _facets(facets, query)
    request = Request(
        text=text,
        filters=filters,
        sort=Sort(sort),
        offset=offset,
        limit=limit,
        facets=wanted,
        fold=fold == COPIES,
        fold_stories=fold == STORY,
        spellings=not as_typed,
    )
    if batch is not None and query:
        raise click.UsageError("Give a QUERY or --batch, not both.")
    with context.store() as store, context.engine() as engine:
        searcher = open_searcher(store, engine)
        context.say_if_behind(store, engine)
        if batch is not None:
            _answer_batch(searcher, batch, request, hits=rows == "hits", form=form)
            return
        results = searcher.search(request)
        explained = _explained(searcher, results, text) if explain else {}
    facts = results_as_dict(results)
    for hit in facts["hits"] if explain else ():
        hit["explanation"] = explanation_as_dict(explained[hit["id"]])
    context.report(facts, format_results(results, offset, explained))


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


def _facets(named: str | None, query: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return the facets asked for and the query's text.

    Behind a bare `--facets` the parser may have taken the first word of the query for names.
    """
    from search.engine import FACETS
    from search.periods import PERIODS

    known = (*FACETS, *PERIODS)
    if named is None:
        return (), " ".join(query)
    names = tuple(name.strip() for name in named.split(","))
    if named == ALL_FACETS:
        return FACETS, " ".join(query)
    if all(name in known for name in names):
        return names, " ".join(query)
    after_words = click.get_current_context().meta.get(_AFTER_WORDS, False)
    near = [difflib.get_close_matches(name, known, n=1, cutoff=_ALIKE) for name in names]
    if all(near):
        raise click.BadParameter(
            f"there is no facet {named!r}; the nearest is {','.join(one[0] for one in near)}.",
            param_hint="--facets",
        )
    if after_words or ("," in named and any(name in known for name in names)):
        raise click.BadParameter(f"there are {', '.join(known)}.", param_hint=f"--facets {named}")
    return FACETS, " ".join((named, *query))
