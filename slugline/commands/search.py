"""`slugline search`: full-text search with filters and facets."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import click

from slugline.context import Context, command
from slugline.filters import filter_options

if TYPE_CHECKING:
    from search.request import Filters, Hit, Marked, Results

ALL_FACETS = "all"
COPIES, STORY = "copies", "story"
_ALIKE = 0.75
"""How like a facet's name the word behind a bare `--facets` is taken for one, by difflib."""


@click.command()
@click.argument("query", nargs=-1)
@filter_options
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest"]),
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
    )
    with context.store() as store, context.engine() as engine:
        results = open_searcher(store, engine).search(request)
        waiting = store.changes.count()
    if waiting:
        context.say(
            f"{waiting:,} articles wait to be indexed; `slugline index` makes them findable."
        )
    context.report(results_as_dict(results), told(results, offset))


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
    near = [difflib.get_close_matches(name, known, n=1, cutoff=_ALIKE) for name in names]
    if all(near):
        raise click.BadParameter(
            f"there is no facet {named!r}; the nearest is {','.join(one[0] for one in near)}.",
            param_hint="--facets",
        )
    if "," in named and any(name in known for name in names):
        raise click.BadParameter(f"there are {', '.join(known)}.", param_hint=f"--facets {named}")
    return FACETS, " ".join((named, *query))


def results_as_dict(results: Results) -> dict[str, Any]:
    """Return results under their contract names."""
    from export.record import iso

    return {
        "total": results.total,
        "strict": results.strict,
        "folded": results.folded,
        "hits": [
            {
                "id": hit.article.id,
                "url": hit.article.url,
                "title": hit.article.title,
                "source": hit.article.source,
                "language": hit.article.language or None,
                "published": iso(hit.article.published),
                "topics": [
                    {"slug": topic.slug, "score": round(topic.score, 4), "origin": topic.origin}
                    for topic in hit.topics
                ],
                "entities": [
                    {"name": e.name, "type": e.type, "key": e.key, "count": e.count}
                    for e in hit.entities
                ],
                "score": round(hit.score, 4),
                "snippet": as_html(hit.snippet),
                "copies": [
                    {"id": copy.id, "url": copy.url, "source": copy.source} for copy in hit.copies
                ],
            }
            for hit in results.hits
        ],
        "facets": {
            facet: [
                {"value": value.value, "name": value.name, "count": value.count} for value in values
            ]
            for facet, values in results.facets.items()
        },
        "suggestion": results.suggestion or None,
        "notices": [{"text": one.text, "query": one.query or None} for one in results.notices],
        "partial": bool(results.partial),
        "partial_reason": results.partial or None,
        "seconds": round(results.seconds, 4),
    }


def as_html(marked: Marked) -> str:
    """Return marked text as HTML: escaped, the terms in <mark>."""
    from html import escape

    return "".join(f"<mark>{escape(t)}</mark>" if hit else escape(t) for t, hit in marked)


def told(results: Results, offset: int) -> str:
    """Tell the results to a person at a terminal."""
    lines = [_format_total(results)]
    lines += [
        notice.text + (f" Search for: {notice.query}" if notice.query else "")
        for notice in results.notices
    ]
    if results.suggestion:
        lines.append(f"Did you mean: {results.suggestion}")
    for place, hit in enumerate(results.hits, offset + 1):
        lines += ["", *_format_hit(place, hit)]
    for facet, values in results.facets.items():
        if values:
            counts = ", ".join(f"{value.name} ({value.count:,})" for value in values[:10])
            lines += ["", f"{click.style(facet, bold=True)}: {counts}"]
    return "\n".join(lines)


def _format_total(results: Results) -> str:
    total = f"{results.total:,} article{'' if results.total == 1 else 's'}"
    if results.partial:
        total = f"at least {total} ({results.partial})"
    elif results.strict < results.total:
        total += f"; {results.strict:,} with all the words, the others with most of them"
    if results.folded:
        total += f"; {results.folded:,} of them stand under one that they repeat"
    return f"{total}, {results.seconds * 1000:.0f} ms"


def _format_hit(place: int, hit: Hit) -> list[str]:
    """Return the lines of one hit."""
    article = hit.article
    day = article.published.strftime("%Y-%m-%d %H:%M") if article.published else "no date"
    about = [article.source, day, ", ".join(topic.slug for topic in hit.topics)]
    lines = [
        f"{place}. {_styled(hit.title)}",
        "   " + " · ".join(part for part in about if part),
    ]
    if snippet := _styled(hit.snippet):
        lines.append(f"   {snippet}")
    if named := ", ".join(entity.name for entity in hit.entities[:8]):
        lines.append("   " + click.style(named, dim=True))
    if hit.copies:
        sources = dict.fromkeys(copy.source for copy in hit.copies if copy.source)
        lines.append(f"   repeated {len(hit.copies)} times: {', '.join(list(sources)[:5])}")
    return [*lines, "   " + click.style(article.url, dim=True)]


def _styled(marked: Marked) -> str:
    return "".join(click.style(text, bold=True) if hit else text for text, hit in marked)
