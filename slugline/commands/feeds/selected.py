"""Options of `feeds add` for pages without a feed, and a look at what their selectors find."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

import click

from models.errors import SourceError, UsageError
from models.feed import Selectors

if TYPE_CHECKING:
    from ingest.parsed_source import ParsedSource
    from slugline.context import Context

F = TypeVar("F", bound=Callable[..., Any])
SHOWN = 20
"""Entries that a preview shows on the terminal; with --json it has all."""

_OPTIONS = {
    "item": "CSS selector of the entries of a page that has no feed.",
    "title": "CSS selector of a title within an entry.",
    "link": "CSS selector of a link within an entry.",
    "date": "CSS selector of a date within an entry; time@datetime takes an attribute.",
    "summary": "CSS selector of a summary within an entry.",
}


def selector_options(command: F) -> F:
    """Give a command the options that say how a page without a feed is read."""
    for name, text in reversed(_OPTIONS.items()):
        command = click.option(f"--{name}", default="", metavar="SELECTOR", help=text)(command)
    return command


def read_selectors(urls: tuple[str, ...], preview: bool, typed: dict[str, str]) -> Selectors | None:
    """Return the selectors that a person typed, None for none; raises UsageError."""
    if not typed["item"]:
        given = [f"--{name}" for name, value in typed.items() if value]
        given += ["--preview"] if preview else []
        if given:
            raise UsageError(f"{given[0]} needs --item, the selector of a page's entries.")
        return None
    if len(urls) > 1:
        raise UsageError("--item is for one page; give one URL.")
    from ingest.formats.page_items import check_selectors
    from ingest.parsed_source import UnreadableError

    selectors = Selectors(**typed)
    try:
        check_selectors(selectors)
    except UnreadableError as error:
        raise UsageError(f"The page {error}.") from None
    return selectors


def preview_page(context: Context, url: str, selectors: Selectors) -> None:
    """Report what selectors find on a page, and keep nothing."""
    from ingest.parsed_source import UnreadableError
    from models.feed import shown_address
    from slugline.factory import open_fetcher, open_reader

    settings = context.settings
    shown = shown_address(url)
    with closing(open_fetcher(settings, url)) as fetcher, closing(open_reader(settings)) as reader:
        got = fetcher.get(url)
        try:
            found = reader.page_items(got.body, shown, got.url, got.content_type, selectors)
        except UnreadableError as error:
            raise SourceError(f"{error}.", shown) from None
    for note in (*found.rejections, *found.notes):
        context.warn(f"{note.where}: {note.reason}.")
    context.report(_as_dict(found), "\n".join(_lines(found)))


def _as_dict(found: ParsedSource) -> dict[str, Any]:
    return {
        "url": found.feed.url,
        "title": found.feed.title,
        "total": len(found.entries),
        "rejected": found.rejected,
        "entries": [
            {
                "title": entry.title,
                "url": entry.url,
                "published": entry.published,
                "summary": entry.summary,
            }
            for entry in found.entries
        ],
    }


def _lines(found: ParsedSource) -> list[str]:
    lines = [f"{found.feed.title or found.feed.url}: {len(found.entries):,} entries"]
    for entry in found.entries[:SHOWN]:
        date = f"{entry.published:%Y-%m-%d %H:%M}" if entry.published else "no date"
        lines += [f"  {entry.title}", f"    {date}  {entry.url}"]
        lines += [f"    {entry.summary[:200]}"] if entry.summary else []
    more = len(found.entries) - SHOWN
    lines += [f"  and {more:,} more"] if more > 0 else []
    return [*lines, "Nothing was kept: without --preview the page is subscribed to."]
