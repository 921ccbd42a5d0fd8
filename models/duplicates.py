"""Near-duplicates: the compared fields of an article, and the groups of duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ComparedArticle:
    """What is compared of an article; `moment` is when it was published, or fetched if unknown."""

    id: str
    url: str
    source: str
    title: str
    summary: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Repetition:
    """An article that repeats an earlier one; `score` is from 0 to 1, `reason` for a person."""

    article_id: str
    earlier_id: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """A story and the articles that repeat it."""

    leader_id: str
    members: tuple[Repetition, ...]
