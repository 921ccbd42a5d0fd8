"""`slugline compare`: two to five searches beside each other, over time, by source and language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slugline.context import Context, command
from slugline.filters import filter_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.comparison import SearchFigures, Shares
    from search.request import Filters

SHOWN = 31
"""Rows of a table that the terminal shows; --json has them all."""


@click.command()
@click.argument("queries", nargs=-1, required=True, metavar="QUERY QUERY...")
@filter_options
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month"]),
    default="day",
    show_default=True,
    help="The spans of time that are counted.",
)
@command
def compare(context: Context, queries: tuple[str, ...], filters: Filters, by: str) -> None:
    """Compare two to five searches.

    Each QUERY is in the language of `slugline search`; put it in quotes. Counted are the articles
    that each finds, and their share of all articles of that time, source or language.
    """
    from search.comparison import compare_searches
    from slugline.factory import open_searcher

    with context.store() as store, context.engine() as engine:
        context.say_if_behind(store, engine)
        found = compare_searches(open_searcher(store, engine), queries, filters, by)
    context.report({"by": by, "searches": [as_dict(one) for one in found]}, _format(found, by))


def as_dict(one: SearchFigures) -> dict[str, Any]:
    """Return one of the searches compared, under its contract names."""
    return {
        "query": one.query,
        "total": one.total,
        "share": round(one.share, 6),
        "over_time": _rows(one.over_time),
        "sources": _rows(one.sources),
        "languages": _rows(one.languages),
    }


def _rows(shares: Shares) -> list[dict[str, Any]]:
    return [
        {"value": value, "count": count, "share": round(share, 6)}
        for value, (count, share) in shares.items()
    ]


def _format(found: Sequence[SearchFigures], by: str) -> str:
    lines = [
        f"{number}. {one.query}: {one.total:,} articles, {one.share:.2%} of all"
        for number, one in enumerate(found, 1)
    ]
    for name, shares in (
        (by, [one.over_time for one in found]),
        ("source", [one.sources for one in found]),
        ("language", [one.languages for one in found]),
    ):
        values = list(shares[0])
        shown = values[-SHOWN:] if name == by else values[:SHOWN]
        if shown:
            numbers = "".join(f"{number:>16}" for number in range(1, len(found) + 1))
            lines += ["", click.style(f"{name:24}", bold=True) + numbers]
            lines += [
                f"{value[:24]:24}" + "".join(_cell(one, value) for one in shares) for value in shown
            ]
    return "\n".join(lines)


def _cell(shares: Shares, value: str) -> str:
    count, share = shares[value]
    return f"{count:>7,} {share:>7.2%} "
