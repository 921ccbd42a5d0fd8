"""Stories: one event told by many articles, as found and as put right by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """What story detection reads of an article.

    `moment` is when it was published, or fetched if that is not known; aware and in UTC.
    `entities` are keys of canonical entities, `topics` slugs, the best first.
    """

    id: str
    title: str
    summary: str
    source: str
    language: str
    moment: datetime
    entities: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
