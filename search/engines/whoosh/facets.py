"""Facets of the Whoosh engine: columns counted over all that match, by numpy."""

from __future__ import annotations

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

    def count(self, facet: str, mask: Mask, size: int) -> Counts:
        """Return the largest values of a facet in a mask, with how many articles have each.

        Days come all of them, earliest first.
        """
        if facet == "day":
            return self._count_days(mask)
        column = self.columns.values["entity" if facet in KINDS else facet]
        counts = column.counted(mask)
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
