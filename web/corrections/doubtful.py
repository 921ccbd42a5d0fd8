"""Doubtful entities: likely merges and wrong types, proposed to people and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from models.errors import NotFoundError, UsageError
from models.journal import JournalEntry

if TYPE_CHECKING:
    from nlp.entities.doubtful import Doubt
    from store.store import Store

MOST_LOOKED_AT = 20_000
"""So many of the most named entities are looked at for doubts while somebody waits for a page."""


class DoubtKind(StrEnum):
    """What is doubted: whether two of one type are one, or of which type a name is."""

    MERGE = "merge"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a proposal: that `entity` is `into` (`same`), or that it is not."""

    entity: str
    into: str
    same: bool


@dataclass(frozen=True, slots=True)
class DecisionResults:
    """The changes that decisions made, and why others could not be carried out."""

    changes: tuple[JournalEntry, ...]
    faults: tuple[str, ...]


def doubtful(
    store: Store, kind: DoubtKind | None = None, *, most: int = MOST_LOOKED_AT
) -> list[Doubt]:
    """Return what is doubted of the `most` named entities and was not refused, by its weight."""
    from nlp.entities.doubtful import doubts

    found = doubts(store.entities.top(limit=most), store.entities.refused_merges())
    if kind is None:
        return found
    return [each for each in found if kind_of(each) is kind]


def kind_of(doubt: Doubt) -> DoubtKind:
    """Say what is doubted."""
    return DoubtKind.MERGE if doubt.entity.type == doubt.into.type else DoubtKind.TYPE


def decide(store: Store, decisions: Sequence[Decision], who: str) -> DecisionResults:
    """Carry out decisions in their order, each a change of its own that can be undone.

    One that no longer makes sense, as after a merge that came before it, costs no other one.
    """
    changes, faults = [], []
    for one in decisions:
        act = store.corrections.merge if one.same else store.corrections.refuse_merge
        try:
            changes.append(act(one.entity, one.into, who=who))
        except (NotFoundError, UsageError) as error:
            faults.append(str(error))
    return DecisionResults(tuple(changes), tuple(faults))
