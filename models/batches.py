"""Splits a stream into lists, of which only one is in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in order, `size` in each list but the last."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
