"""How a query may go on while it is typed: names, topics, sources, then words, all of it there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from models.errors import QueryError
from models.tags import Entity
from search.engine import Engine, Question
from search.query.nodes import ALL
from search.query.parse import MAX_LENGTH, TEXT_FIELDS, parse
from search.text.words import spans
from search.values import folded

TEXT_COLONS = tuple(f"{field}:" for field in TEXT_FIELDS)
_SHORTEST = 2
"""Letters from which on names are offered."""
_SOURCES = 1_000
_EACH = 3
"""Names, topics and sources of each kind that are offered before words."""


class Entities(Protocol):
    """The store's entities."""

    def top(
        self, kind: str = "", limit: int = 50, offset: int = 0, begins: str = ""
    ) -> Sequence[Entity]:
        """Return the entities named in most articles, whose names begin so."""


def completions(
    text: str,
    engine: Engine,
    entities: Entities,
    topics: Collection[str],
    now: datetime,
    limit: int,
) -> tuple[str, ...]:
    """Return how a query may go on whose last word is still being typed, likeliest first.

    Nothing is offered that finds nothing together with what stands before it.
    """
    tokens = list(spans(text))
    if not tokens or tokens[-1][1] < len(text) or len(text) > MAX_LENGTH:
        return ()
    start, _, word = tokens[-1]
    before = text[:start]
    if before.endswith(":") and not before.endswith(TEXT_COLONS):
        return ()  # the value of a field is no word of the text
    found: dict[str, None] = {}
    for offered in _candidates(text[start:], word, engine, entities, topics, limit):
        candidate = before + offered
        if candidate not in found and (not before.strip() or _finds(candidate, engine, now)):
            found[candidate] = None
        if len(found) >= limit:
            break
    return tuple(found)


def _candidates(
    typed: str,
    word: str,
    engine: Engine,
    entities: Entities,
    topics: Collection[str],
    limit: int,
) -> Iterator[str]:
    if len(typed) >= _SHORTEST:
        for entity in entities.top(begins=typed, limit=_EACH):
            yield entity.name if entity.name.isalnum() else f'"{entity.name}"'
        for topic in sorted(slug for slug in topics if folded(slug).startswith(word))[:_EACH]:
            yield f"topic:{topic}"
        counted = engine.search(
            Question(ALL, limit=0, facets=("source",), facet_size=_SOURCES)
        ).facets["source"]
        named = (source for source, _ in counted if folded(source).startswith(word))
        for source, _ in zip(named, range(_EACH), strict=False):
            yield f'source:"{source}"'
    yield from engine.complete(word, limit)


def _finds(text: str, engine: Engine, now: datetime) -> bool:
    """Whether any article has all that a query asks for."""
    try:
        return engine.search(Question(parse(text, now), limit=0)).strict > 0
    except QueryError:
        return False
