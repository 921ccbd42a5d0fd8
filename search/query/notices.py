"""What a reader is told of how a search was read, beside its results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """Why a search was not taken as written; `query` is what to search for instead, or ""."""

    text: str
    query: str = ""
