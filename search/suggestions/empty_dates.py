"""What a reader is told where nothing is found: the dates asked for that no article has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from search.query.nodes import And, Boost, DateRange, Node
from search.query.notices import Notice


def empty_dates(
    query: Node, is_found: Callable[[Node], bool], newest: Callable[[], datetime | None]
) -> Notice | None:
    """Say which dates that a query asks for no article has, and of when the newest article is.

    A date such as `yesterday` is told as the day that it was read as. None where each date has
    articles, or where no article has a date. Times are in UTC.
    """
    for asked in _required_dates(query):
        if not is_found(asked):
            last = newest()
            if last is None:
                return None
            return Notice(
                f"No article is dated {_in_words(asked)}; the newest is of {last:%Y-%m-%d}."
            )
    return None


def _required_dates(node: Node) -> Iterator[DateRange]:
    match node:
        case And():
            for part in node.nodes:
                yield from _required_dates(part)
        case Boost():
            yield from _required_dates(node.node)
        case DateRange(field="published"):
            yield node


def _in_words(asked: DateRange) -> str:
    if asked.start is None:
        return f"before {asked.end:%Y-%m-%d}"
    first = f"{asked.start:%Y-%m-%d}"
    if asked.end is None:
        return f"since {first}"
    last = f"{asked.end - timedelta(microseconds=1):%Y-%m-%d}"
    return first if first == last else f"from {first} to {last}"
