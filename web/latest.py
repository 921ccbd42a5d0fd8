"""The newest articles of an entity, topic or source, with paging."""

from __future__ import annotations

from flask import request

from search.engine import Sort
from search.request import Filters, Request, Results
from web.canonical import page_address
from web.context import app_context
from web.errors import MissingError
from web.pager import Pager, pager
from web.search_state import read_page
from web.searching.find import find

SIZE = 20
"""Articles on a page."""


def latest(filters: Filters, facets: tuple[str, ...]) -> tuple[Results, Pager]:
    """Return the newest articles of the page in the address, with the facets of all of them.

    Raises `MissingError` where the list has no such page.
    """
    page = min(read_page(request.args), app_context().settings.max_pages + 1)
    wanted = Request(
        filters=filters, sort=Sort.NEWEST, offset=(page - 1) * SIZE, limit=SIZE, facets=facets
    )
    found = find(wanted)
    return found, place_in(found.listed)


def place_in(total: int, size: int = SIZE) -> Pager:
    """Return where in a list of `total` things, `size` on a page, the page in the address is.

    Raises `MissingError` where the list has no such page.
    """
    place = pager(read_page(request.args), total, size, app_context().settings.max_pages)
    if place.page > place.last:
        last = (("Its last page", page_address(place.last)),)
        raise MissingError(f"This list has no page {place.page}.", last)
    return place
