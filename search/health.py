"""Says whether an index holds what the store holds: the same articles, no more, no fewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Compared:
    """How an index differs from the store, in ids: `missing` from it, or `surplus` in it."""

    articles: int
    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether index and store hold the same articles."""
        return not self.missing and not self.surplus


def compare(stored: Iterable[str], indexed: Iterable[str], waiting: Iterable[str] = ()) -> Compared:
    """Compare the ids of the store and of the index; those that wait to be indexed may differ."""
    in_store, in_index, due = set(stored), set(indexed), set(waiting)
    return Compared(
        articles=len(in_store),
        missing=tuple(sorted(in_store - in_index - due)),
        surplus=tuple(sorted(in_index - in_store - due)),
    )
