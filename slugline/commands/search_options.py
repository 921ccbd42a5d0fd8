"""The words and options by which `slugline search` asks, gathered into one request."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable
from typing import Any

import click

from slugline.filters import filter_options

ALL_FACETS = "all"
COPIES, STORY = "copies", "story"
_ALIKE = 0.75
"""How like a facet's name the word behind a bare `--facets` is taken for one, by difflib."""
_AFTER_WORDS = "slugline.search.facets_after_words"


class SearchCommand(click.Command):
    """Tells `search gaza --facets authors`, which names a facet, from `search --facets gaza`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note whether words stand before `--facets`."""
        if "--facets" in args:
            before = args[: args.index("--facets")]
            words = self.make_parser(ctx).parse_args(list(before))[0]["query"]
            ctx.meta[_AFTER_WORDS] = isinstance(words, tuple) and bool(words)
        return super().parse_args(ctx, args)


_OPTIONS = (
    click.argument("query", nargs=-1),
    filter_options,
    click.option(
        "--sort",
        type=click.Choice(["relevance", "newest", "oldest"]),
        default="relevance",
        show_default=True,
        help="The order of hits.",
    ),
    click.option(
        "--limit",
        type=click.IntRange(0, 1000),
        default=10,
        show_default=True,
        help="Hits shown at the most.",
    ),
    click.option("--offset", type=click.IntRange(0), default=0, help="Hits passed over first."),
    click.option(
        "--facets",
        is_flag=False,
        flag_value=ALL_FACETS,
        default=None,
        metavar="[NAME,...]",
        help="Also count all hits by topic, entity, source, language and day, or by those named"
        " (week and month, too).",
    ),
    click.option(
        "--fold",
        is_flag=False,
        flag_value=COPIES,
        default=None,
        metavar="[copies|story]",
        help="Put articles that repeat a hit under it, or list each story once; all still count in"
        " the total and in facets.",
    ),
    click.option("--as-typed", is_flag=True, help="A name only as typed, not its other spellings."),
)


def request_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the query, the filters and how hits are shown, which come as one `request`."""

    @functools.wraps(function)
    def wrapper(
        *args: Any,
        query: tuple[str, ...],
        sort: str,
        facets: str | None,
        fold: str | None,
        as_typed: bool,
        **rest: Any,
    ) -> Any:
        from search.engine import Sort
        from search.request import Request

        if fold not in (None, COPIES, STORY):
            # Behind a bare `--fold` the parser has taken the first word of the query.
            query, fold = (str(fold), *query), COPIES
        counted, text = _facets(facets, query)
        request = Request(
            text=text,
            filters=rest.pop("filters"),
            sort=Sort(sort),
            offset=rest.pop("offset"),
            limit=rest.pop("limit"),
            facets=counted,
            fold=fold == COPIES,
            fold_stories=fold == STORY,
            spellings=not as_typed,
        )
        return function(*args, request=request, **rest)

    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), wrapper)


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
