"""A name that someone searches for leads to its entity, however it is spelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from models.tags import Entity
from search import completion
from search.engine import Engine, Question
from search.query.nodes import ANYWHERE, And, Node, Or, Phrase, Term
from search.request import EntityOffer

MOST = 3
"""Entities that are offered for one name."""
_RARE = 0.05
"""The share of an entity's articles that others of its name may have and still not be meant."""
_LONGEST = 6
"""Words that a name may have."""


class Entities(completion.Entities, Protocol):
    """The store's entities, as searches read them."""

    def names(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the names of entities by their keys."""

    def find(self, name: str) -> tuple[str, ...]:
        """Return the keys of the entities of that name or alias, most articles first."""

    def get(self, key: str) -> Entity:
        """Return an entity with its other names."""


def named_in(text: str, query: Node) -> str:
    """Return the name that a query may be: nothing but a few words, in quotes or not; else ""."""
    if isinstance(query, And):
        plain = query.relaxable and all(_is_word(node) for node in query.nodes)
    else:
        plain = _is_word(query)
    name = " ".join(text.strip().strip('"\u201c\u201d').split())
    return name if plain and 0 < len(name.split()) <= _LONGEST else ""


def _is_word(node: Node) -> bool:
    return isinstance(node, Term | Phrase) and node.field == ANYWHERE


def offers(name: str, entities: Entities, engine: Engine) -> tuple[EntityOffer, ...]:
    """Return the entities of a name that some article mentions, the most mentioned first."""
    found = []
    for key in entities.find(name)[:MOST] if name else ():
        entity = entities.get(key)
        count = engine.search(Question(Term(key, "entity"), limit=0)).total
        if count and not entity.hidden:
            found.append(EntityOffer(entity.key, entity.name, entity.type, count, entity.aliases))
    return tuple(sorted(found, key=lambda offer: -offer.articles))


def spelled_otherwise(name: str, offered: Sequence[EntityOffer]) -> EntityOffer | None:
    """Return the entity whose articles are searched too, however they spell it.

    Only where the name can hardly mean another: the others of that name are in next to no articles,
    and it is written as a name or is several words. A common word that is also a name (`target`)
    stays a word.
    """
    if not offered or (name.islower() and " " not in name):
        return None
    first, *others = offered
    if sum(other.articles for other in others) > _RARE * first.articles:
        return None
    return first


def with_spellings(query: Node, entity: EntityOffer) -> Node:
    """Return the query for what is searched for, or mentions the entity."""
    return Or((query, Term(entity.key, "entity")))
