"""What all answers are made of: times, and pages of a list."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

T = TypeVar("T")

Time = Annotated[str, Meta(description="ISO 8601 in UTC", examples=["2025-06-01T12:00:00Z"])]


class Page(Struct, Generic[T]):
    """One page of a list of `total` items; `next` is the cursor of the next, null on the last."""

    total: int
    items: list[T]
    next: str | None
