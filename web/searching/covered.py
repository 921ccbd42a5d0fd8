"""Which groups of sources tell what a search finds: the same for page and API."""

from __future__ import annotations

from search.request import Request
from web.context import Library
from web.coverage import Coverage, coverage

MOST_TOLD = 2_000
"""Sources of a search that are counted."""


def covered(library: Library, text: str) -> tuple[int, tuple[Coverage, ...]]:
    """Return how many articles a search finds, and what each group tells of them.

    Raises QueryError; nothing is found where nothing is asked.
    """
    pairs: list[tuple[str, str]] = []
    total = 0
    if text:
        found = library.searcher.search(
            Request(text=text, limit=0, facets=("source",), facet_size=MOST_TOLD)
        )
        total = found.total
        hosts = library.store.articles.source_addresses()
        for value in found.facets["source"]:
            pairs += [(value.value, hosts.get(value.value, ""))] * value.count
    return total, coverage(library.coverage, pairs)
