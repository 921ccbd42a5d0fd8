"""Saved searches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that a user keeps; `question` is the query string of its page's address.

    Whoever knows the `secret` reads its feed without signing in, so that feed readers can.
    `shared` searches are seen by all users.
    """

    number: int
    owner: str
    name: str
    question: str
    shared: bool
    made: datetime
    secret: str = field(repr=False)
