"""Searches for the current visitor."""

from __future__ import annotations

from search.request import Request, Results
from web.context import library
from web.server.unchanged import make_anew


def find(wanted: Request) -> Results:
    """Return what a request finds; an answer made from part of it is made anew next time.

    Raises as `Searcher.search` does.
    """
    found = library().searcher.search(wanted)
    if found.partial:
        make_anew()
    return found
