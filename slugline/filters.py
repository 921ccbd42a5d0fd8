"""The filters of search, as options: the same for `search` and `export`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click


class Moment(click.ParamType[datetime]):
    """A day (2023-11-12) or a time (2023-11-12T08:00, UTC unless it says otherwise)."""

    name = "date"

    def __init__(self, *, end: bool) -> None:
        self.end = end

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Return an aware time; a day as an end is the moment when that day is over."""
        if isinstance(value, datetime):
            return value
        try:
            if len(value) <= len("2023-11-12"):
                day = datetime.combine(date.fromisoformat(value), time(), tzinfo=UTC)
                return day + timedelta(days=1) if self.end else day
            moment = datetime.fromisoformat(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a date. Write it like 2023-11-12.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_OPTIONS = (
    click.option("--topic", multiple=True, help="Only articles on this topic (slug)."),
    click.option("--entity", multiple=True, help="Only articles that mention this entity."),
    click.option(
        "--source", multiple=True, help="Only articles of this publisher: its name, or its host."
    ),
    click.option("--lang", multiple=True, help="Only articles in this language (ISO 639-1)."),
    click.option("--story", multiple=True, help="Only articles of this story (id)."),
    click.option(
        "--since", type=Moment(end=False), help="Only articles published on or after this day."
    ),
    click.option(
        "--until", type=Moment(end=True), help="Only articles published on or before this day."
    ),
)


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the filter options to a command, which gets them as one `filters`.

    Several topics or entities must all be there; of sources, languages and stories, any.
    """

    @functools.wraps(function)
    def wrapper(
        *args: Any,
        topic: tuple[str, ...],
        entity: tuple[str, ...],
        source: tuple[str, ...],
        lang: tuple[str, ...],
        story: tuple[str, ...],
        since: datetime | None,
        until: datetime | None,
        **rest: Any,
    ) -> Any:
        from search.request import Filters

        filters = Filters(
            topics=topic,
            entities=entity,
            sources=source,
            languages=lang,
            stories=story,
            since=since,
            until=until,
        )
        return function(*args, filters=filters, **rest)

    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), wrapper)
