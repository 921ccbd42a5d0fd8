"""Rules that act on new articles that match a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MUTED = "muted"
"""The topic that the search index gives muted articles, so that searches leave them out."""


class Action(StrEnum):
    """What a rule does: hide from searches, tag, star, or give a topic."""

    MUTE = "mute"
    TAG = "tag"
    STAR = "star"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a user. `question` is the query string of a search, `value` the tag or topic.

    `hits` is how many articles it caught; `trouble` says why it could not be asked, "" where it
    could.
    """

    number: int
    owner: str
    name: str
    question: str
    action: Action
    value: str
    made: datetime
    paused: bool = False
    hits: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class RuleHit:
    """What a rule did to one article, and who took it back."""

    number: int
    rule: int
    article_id: str
    made: datetime
    undone_by: str = ""
