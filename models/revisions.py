"""Decides the outcome of an entry: a pure comparison with what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.article import Entry


class Outcome(StrEnum):
    """What becomes of an entry that could be read."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SEEN = "duplicates"


@dataclass(frozen=True, slots=True)
class StoredState:
    """What the store knows of an article: its versions, and when it was last taken."""

    content_hash: str
    earlier_hashes: frozenset[str]
    version: int
    fetched: datetime


def decide(entry: Entry, known: StoredState | None, now: datetime) -> Outcome:
    """Say what becomes of `entry`; `now` is when this run of ingest began.

    Content that is the current or any earlier version is not news: the same archive read twice, or
    one article in two feeds with two texts, must not go back and forth between versions.
    """
    if known is None:
        return Outcome.NEW
    if entry.content_hash == known.content_hash or entry.content_hash in known.earlier_hashes:
        return Outcome.SEEN if known.fetched >= now else Outcome.UNCHANGED
    return Outcome.UPDATED
