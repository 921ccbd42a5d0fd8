"""A name that someone searches for leads to its entity, however it is spelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from models.tags import Entity
from search.engine import Engine, Question
from search.query.nodes import ANYWHERE, And, Node, Or, Phrase, Term
from search.request import EntityOffer
from search.suggestions import completion

MOST = 3
"""Entities that are offered for one name."""
_LOOKED_AT = 6
"""Entities of one name, the most mentioned first, of which those that are meant are offered."""
_BESIDE = 0.02
"""The share of the articles of the first that another must have to be offered beside it."""
_BESIDE_WHOLE = 0.1
"""The same for one whose name only has the words, beside one that is called so."""
_PARTIAL = 0.02
"""The share of what the words find that an entity must be named in whose name only has them."""
_FEW = 6
"""Where the words are in more articles, an entity that is in one of them is not what they mean."""
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


def offers(name: str, query: Node, entities: Entities, engine: Engine) -> tuple[EntityOffer, ...]:
    """Return the entities that a name means, the most mentioned first.

    `query` are its words. Left out are those with next to no articles beside the first, and those
    whose name only has the words somewhere (Kim Jong Un for `un`), unless much of what the words
    find is about them.
    """
    found = []
    for key in entities.find(name)[:_LOOKED_AT] if name else ():
        entity = entities.get(key)
        count = 0 if entity.hidden else engine.search(Question(Term(key, "entity"), limit=0)).total
        if count:
            found.append(EntityOffer(entity.key, entity.name, entity.type, count, entity.aliases))
    found.sort(key=lambda offer: -offer.articles)
    words = 0
    if any(offer.articles == 1 or _only_has(offer, name) for offer in found):
        words = engine.search(Question(query, limit=0)).strict
    return tuple(offer for offer in found if _is_meant(offer, name, found[0], words))[:MOST]


def _is_meant(offer: EntityOffer, name: str, first: EntityOffer, words: int) -> bool:
    """Whether an entity is meant by a name whose words are in `words` articles."""
    if _only_has(offer, name):
        beside = _BESIDE if _only_has(first, name) else _BESIDE_WHOLE
        return offer.articles >= max(beside * first.articles, _PARTIAL * words)
    if offer.articles == 1:
        return offer is first and words <= _FEW
    return offer.articles >= _BESIDE * first.articles


def _only_has(offer: EntityOffer, name: str) -> bool:
    """Whether a name is only some of the words of an entity's own name."""
    words, named = name.casefold().split(), offer.name.casefold().split()
    return words != named and set(words) <= set(named)


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
