"""The journal: who changed what and when, and the state that undoing needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change by a person. `kind` says what was done, `subject` to what (an id, key or name).

    `words` tell it to people. `before` is what undoing needs; None where it can't be undone.
    """

    number: int
    made: datetime
    who: str
    kind: str
    subject: str
    words: str
    before: dict[str, Any] | None = None
    undone: datetime | None = None
    undone_by: str = ""

    @property
    def can_be_undone(self) -> bool:
        """Whether one click takes it back."""
        return self.before is not None and self.undone is None
