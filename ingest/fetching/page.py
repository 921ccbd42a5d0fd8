"""Fetches the page behind an article, where robots.txt allows it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ingest.fetching.fetch import phrase
from ingest.formats.page_text import PageText
from ingest.parsed_source import UnreadableError
from models.errors import SourceError

if TYPE_CHECKING:
    from ingest.fetching.fetch import Asker
    from ingest.fetching.robots import Robots
    from ingest.parsing.reader import Reader

_KINDS = ("text/html", "application/xhtml+xml")


def read_page(url: str, asker: Asker, robots: Robots, reader: Reader) -> PageText:
    """Fetch a page, where its site lets us, and return its text, paragraphs on lines of their own.

    Whatever is wrong with the page is told in `why`.
    """
    try:
        if not robots.allows(url, asker):
            return PageText(why="its site's robots.txt keeps us out")
        answer = asker.fetch(url)
    except SourceError as error:
        return PageText(why=str(error))
    if answer.status != HTTPStatus.OK:
        return PageText(why=f"its page answered {phrase(answer.status)}")
    if not answer.content_type.lower().startswith(_KINDS):
        return PageText(why=f"its page is no HTML ({answer.content_type[:50] or 'kind not said'})")
    try:
        return reader.page_text(answer.body, answer.url)
    except UnreadableError as error:
        return PageText(why=f"its page {error}")
