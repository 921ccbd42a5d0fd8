"""What one search may cost, what was cut because of it, and when plain words are relaxed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.vocabulary import Vocabulary


class OutOfTimeError(Exception):
    """The time limit was reached before there was an answer, or a part of it."""


@dataclass(slots=True)
class Limits:
    """What one search may cost: until when (by the monotonic clock), and words a pattern."""

    deadline: float
    expansions: int
    cut: str = ""

    @property
    def over(self) -> bool:
        """Whether the time is up; notes that, once it is."""
        if time.monotonic() < self.deadline:
            return False
        self.note("the time limit was reached")
        return True

    def check(self) -> None:
        """Raise `OutOfTimeError` where the time is up."""
        if self.over:
            raise OutOfTimeError

    def note(self, reason: str) -> None:
        """Note why the answer is not whole; the first reason stands."""
        self.cut = self.cut or reason

    def expanded(self, vocabulary: Vocabulary, shown: str, places: Sequence[int]) -> list[str]:
        """Return the words a pattern stands for, the commonest where they are too many."""
        if len(places) > self.expansions:
            self.note(
                f"{shown} stands for {len(places):,} words; "
                f"the {self.expansions:,} commonest were searched"
            )
        return vocabulary.commonest(places, self.expansions)
