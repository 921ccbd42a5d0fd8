"""The filters of search, as options: the same for `search` and `export`."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from search.query.dates import TimeRange


class Moment(click.ParamType[datetime]):
    """A date as searches read it: 2023-11-12, 2023-11, yesterday, 2023-11-12T08:00Z."""

    name = "date"

    def __init__(self, *, end: bool) -> None:
        self.end = end

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Return an aware time; a day as an end is the moment when that day is over."""
        if isinstance(value, datetime):
            return value
        between = between_dates("", value, param) if self.end else between_dates(value, "", param)
        found = between.end if self.end else between.start
        if found is None:
            self.fail("a date is missing.", param, ctx)
        return found


def between_dates(since: str, until: str, param: Any = None) -> TimeRange:
    """Return the range between two dates as typed; raises `click.BadParameter` for what is none."""
    from models.errors import QueryError
    from search.query.dates import read_between

    try:
        return read_between(since, until, datetime.now(UTC))
    except QueryError as error:
        raise click.BadParameter(f"{error}.", param=param, param_hint="a date") from error


_DATE = "date: 2023-11-12, 2023-11, yesterday, 'last week'"
_OPTIONS = (
    click.option(
        "--topic",
        multiple=True,
        help="Only articles on this topic (slug). In every filter a|b is either, -a all others.",
    ),
    click.option("--entity", multiple=True, help="Only articles that mention this entity."),
    click.option(
        "--source", multiple=True, help="Only articles of this publisher: its name, or its host."
    ),
    click.option("--lang", multiple=True, help="Only articles in this language (ISO 639-1)."),
    click.option("--story", multiple=True, help="Only articles of this story (id)."),
    click.option(
        "--list",
        "lists",
        multiple=True,
        metavar="NAME",
        help="Only articles of this list (Starred: the stars), by its name or number.",
    ),
    click.option("--since", default="", help=f"Only articles published on or after this {_DATE}."),
    click.option("--until", default="", help=f"Only articles published on or before this {_DATE}."),
)


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the filter options to a command, which gets them as one `filters`.

    Several topics or entities must all be there; of sources, languages, stories and lists, any.
    """

    @functools.wraps(function)
    def wrapper(
        *args: Any,
        topic: tuple[str, ...],
        entity: tuple[str, ...],
        source: tuple[str, ...],
        lang: tuple[str, ...],
        story: tuple[str, ...],
        lists: tuple[str, ...],
        since: str,
        until: str,
        **rest: Any,
    ) -> Any:
        from search.query.dates import SWAPPED
        from search.request import Filters
        from slugline.context import tell

        between = between_dates(since, until)
        if between.swapped:
            tell(SWAPPED, logging.INFO)
        filters = Filters(
            topics=topic,
            entities=entity,
            sources=source,
            languages=lang,
            stories=story,
            lists=lists,
            since=between.start,
            until=between.end,
        )
        return function(*args, filters=filters, **rest)

    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), wrapper)
