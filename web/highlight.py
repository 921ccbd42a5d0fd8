"""Highlights entities in a text: turns possibly overlapping spans into consecutive pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.tags import EntityName, Mention
from web.words import ENTITY_TYPE, FIGURES


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, with the mention that it is, if it is one."""

    text: str
    mention: Mention | None = None


def marked(text: str, mentions: Iterable[Mention]) -> tuple[Piece, ...]:
    """Cut a text into pieces, so that joined they are the text again.

    Where spans overlap, a name wins over a number, then the longer over the shorter, then the
    first. Spans that don't lie inside of the text are left out.
    """
    sound = [m for m in mentions if 0 <= m.start < m.end <= len(text)]
    sound.sort(key=lambda m: (m.entity is None, m.start - m.end, m.start))
    taken: list[Mention] = []
    for mention in sound:
        if all(mention.end <= other.start or other.end <= mention.start for other in taken):
            taken.append(mention)
    pieces: list[Piece] = []
    at = 0
    for mention in sorted(taken, key=lambda m: m.start):
        if at < mention.start:
            pieces.append(Piece(text[at : mention.start]))
        pieces.append(Piece(text[mention.start : mention.end], mention))
        at = mention.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """What an article names, how often, and in which words."""

    name: str
    label: str
    count: int
    spellings: tuple[str, ...]
    entity: EntityName | None = None


def named(mentions: Sequence[Mention]) -> tuple[NamedEntity, ...]:
    """Put the mentions of one thing together, most often named first."""
    spellings: dict[tuple[str, str], Counter[str]] = {}
    entities: dict[tuple[str, str], EntityName | None] = {}
    for mention in mentions:
        thing = ("", mention.entity.key) if mention.entity else (mention.label, mention.text)
        spellings.setdefault(thing, Counter())[mention.text] += 1
        entities.setdefault(thing, mention.entity)
    found = []
    for (label, text), counts in spellings.items():
        entity = entities[label, text]
        written = tuple(spelling for spelling, _ in counts.most_common())
        kind = (
            ENTITY_TYPE.get(entity.type, entity.type)
            if entity
            else FIGURES.get(label, label.lower())
        )
        name = entity.name if entity else text
        found.append(NamedEntity(name, kind, counts.total(), written, entity))
    return tuple(sorted(found, key=lambda thing: -thing.count))
