"""Says whether an index holds what the store holds: the same articles, no more, no fewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexDifference:
    """How an index differs from the store, in ids: `missing` from it, or `surplus` in it."""

    articles: int
    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether index and store hold the same articles."""
        return not self.missing and not self.surplus


def compare(stored: Iterable[str], indexed: Iterable[str]) -> IndexDifference:
    """Compare the ids of the store and of the index."""
    in_store, in_index = set(stored), set(indexed)
    return IndexDifference(
        articles=len(in_store),
        missing=tuple(sorted(in_store - in_index)),
        surplus=tuple(sorted(in_index - in_store)),
    )
