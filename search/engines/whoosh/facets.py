"""Facets of the Whoosh engine: columns counted over all that match, by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.document import EPOCH, UNDATED
from search.engines.whoosh.columns import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

Counts = tuple[tuple[str, int], ...]
KINDS = ("person", "org", "place")


class Facets:
    """Counts the facets of one state of the index; what it needs for each is made once."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._of_kind: dict[str, Mask] = {}

    def count(self, facets: Sequence[str], mask: Mask, size: int) -> dict[str, Counts]:
        """Return the largest values of facets in a mask, with how many articles have each.

        Days come all of them, earliest first. Entities are counted once for all of their kinds.
        """
        counted: dict[str, NDArray[np.int64]] = {}
        found: dict[str, Counts] = {}
        for facet in facets:
            if facet == "day":
                found[facet] = self._count_days(mask)
                continue
            column = "entity" if facet in KINDS else facet
            if column not in counted:
                counted[column] = self.columns.values[column].counted(mask)
            found[facet] = self._largest(facet, column, counted[column], size)
        return found

    def _largest(self, facet: str, name: str, counts: NDArray[np.int64], size: int) -> Counts:
        column = self.columns.values[name]
        if facet in KINDS:
            counts = np.where(self._kind(facet), counts, 0)
        some = np.flatnonzero(counts)
        if len(some) > size > 0:
            least = np.partition(counts[some], len(some) - size)[len(some) - size]
            some = some[counts[some] >= least]
        values = [(column.names[at], int(counts[at])) for at in some.tolist()]
        return tuple(sorted(values, key=lambda pair: (-pair[1], pair[0]))[:size])

    def _kind(self, kind: str) -> Mask:
        """Return which entities are of a kind."""
        if kind not in self._of_kind:
            names = self.columns.values["entity"].names
            begins = (name.startswith(f"{kind}/") for name in names)
            self._of_kind[kind] = np.fromiter(begins, bool, len(names))
        return self._of_kind[kind]

    @cached_property
    def _days(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the dated rows, which day each is of, and the days."""
        rows = np.flatnonzero(self.columns.published != UNDATED)
        days, numbers = np.unique(self.columns.days()[rows], return_inverse=True)
        return rows, numbers, days

    def _count_days(self, mask: Mask) -> Counts:
        rows, numbers, days = self._days
        counts = np.bincount(numbers[mask[rows]], minlength=len(days))
        return tuple(
            ((EPOCH + timedelta(days=day)).date().isoformat(), count)
            for day, count in zip(days.tolist(), counts.tolist(), strict=True)
            if count
        )
