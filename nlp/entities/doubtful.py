"""Which entities are likely one, or of a wrong type: proposals for a person to accept or refuse.

Nothing is merged here. A proposal says which entity would become another name of which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from models.tags import Entity
from nlp.entities.keys import folded

MOST_NAMESAKES = 6
"""A word that more full names than this share tells nothing of whom it means."""
SAME_START = 3
"""Letters at the beginning of a surname that two spellings share at the least."""
MOST_EDITS = 2
FEWEST_LETTERS = 6
"""Shorter surnames differ by two letters too easily: Li, Lee."""
OF_ORGANISATIONS = frozenset({"of", "and", "for", "the", "on", "in", "de", "du", "des"})
RANKS = frozenset({"king", "queen", "pope", "prince", "princess", "president", "sheikh", "emperor"})
NUMBERS = frozenset({"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xiv", "xvi"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """That `entity` may be another name of `into`; `weight` is how much there is to gain."""

    entity: Entity
    into: Entity
    reason: str
    weight: float


def doubts(
    entities: Iterable[Entity], refused: AbstractSet[tuple[str, str]] = frozenset()
) -> list[Doubt]:
    """Return likely merges and wrong types, the most telling first.

    `refused` are pairs of keys, in either order, that a person has said no to.
    """
    known = [entity for entity in entities if entity.type in ("person", "org", "place")]
    found: dict[tuple[str, str], Doubt] = {}
    for doubt in (*_other_types(known), *_spellings(known), *_parts(known), *_acronyms(known)):
        pair = doubt.entity.key, doubt.into.key
        if pair in refused or pair[::-1] in refused or pair[::-1] in found:
            continue
        if pair not in found or doubt.weight > found[pair].weight:
            found[pair] = doubt
    return sorted(found.values(), key=lambda d: (-d.weight, d.entity.key, d.into.key))


def _other_types(entities: Sequence[Entity]) -> Iterator[Doubt]:
    """Yield entities of one name and several types: the rarer is likely a wrong type."""
    by_name: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        by_name[folded(entity.name)].append(entity)
    for same in by_name.values():
        best, *others = sorted(same, key=lambda e: (-e.articles, e.key))
        for other in others:
            if other.type != best.type:
                reason = f"the same name as {best.type} in {best.articles:,} articles"
                share = best.articles / (best.articles + other.articles)
                yield Doubt(other, best, reason, 2 * share * other.articles)


def _spellings(entities: Sequence[Entity]) -> Iterator[Doubt]:
    """Yield people of one first name whose surnames differ by a letter or two: Zelenskyy."""
    by_start: dict[tuple[str, str], list[tuple[str, Entity]]] = defaultdict(list)
    for entity in entities:
        words = folded(entity.name).split()
        if entity.type == "person" and len(words) > 1 and len(words[-1]) >= FEWEST_LETTERS:
            by_start[words[0], words[-1][:SAME_START]].append((words[-1], entity))
    for alike in by_start.values():
        for at, (surname, one) in enumerate(alike):
            for other_surname, other in alike[at + 1 :]:
                edits = _edits(surname, other_surname, MOST_EDITS)
                if edits <= MOST_EDITS:
                    rarer, commoner = sorted((one, other), key=lambda e: (e.articles, e.key))
                    weight = 1.5 * rarer.articles / max(edits, 1)
                    yield Doubt(rarer, commoner, "spelled nearly alike", weight)


def _parts(entities: Sequence[Entity]) -> Iterator[Doubt]:
    """Yield people known by a part of one full name alone, or by rank and number: King Charles."""
    owners: dict[str, list[Entity]] = defaultdict(list)
    people = [entity for entity in entities if entity.type == "person"]
    for entity in people:
        words = _without_rank(folded(entity.name).split())
        if len(words) > 1:
            for word in {words[0], words[-1]} - NUMBERS:
                owners[word].append(entity)
        elif words and len(folded(entity.name).split()) > 1:
            owners[words[0]].append(entity)  # King Charles
    for entity in people:
        words = _without_rank(folded(entity.name).split())
        if len(words) != 1:
            continue
        full = [each for each in owners.get(words[0], ()) if each.key != entity.key]
        if 0 < len(full) <= MOST_NAMESAKES:
            best = max(full, key=lambda e: (e.articles, e.key))
            share = best.articles / sum(each.articles for each in full)
            yield Doubt(entity, best, "a part of that name", share * entity.articles)


def _without_rank(words: Sequence[str]) -> list[str]:
    kept = [word for word in words if word not in RANKS and word not in NUMBERS]
    return kept or list(words)


def _acronyms(entities: Sequence[Entity]) -> Iterator[Doubt]:
    """Yield organisations whose letters are the first ones of another's words."""
    by_letters: dict[str, list[Entity]] = defaultdict(list)
    organisations = [entity for entity in entities if entity.type == "org"]
    for entity in organisations:
        words = [word for word in folded(entity.name).split() if word not in OF_ORGANISATIONS]
        if len(words) > 2:
            by_letters["".join(word[0] for word in words)].append(entity)
    for entity in organisations:
        if entity.name.isupper() and len(entity.name) > 2:
            for full in by_letters.get(folded(entity.name), ()):
                yield Doubt(full, entity, "the words of its letters", full.articles)


def _edits(one: str, other: str, most: int) -> int:
    """Return the edit distance of two words (Levenshtein, 1966), `most` + 1 where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for to, wanted in enumerate(other, start=1):
            before, row[to] = (
                row[to],
                min(before + (letter != wanted), row[to] + 1, row[to - 1] + 1),
            )
    return min(row[-1], most + 1)
