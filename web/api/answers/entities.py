"""Entities, and the company they keep."""

from __future__ import annotations

from msgspec import Struct, field

from web.api.answers.basic import Page
from web.api.answers.search import EntityOffer


class EntitySummary(Struct):
    """An entity, its other names, and how many articles name it."""

    key: str
    name: str
    type: str
    articles: int
    country: str | None = None
    aliases: list[str] = field(default_factory=list)


class EntityPage(Page[EntitySummary]):
    """One page of entities, most named first."""


class Companion(Struct):
    """An entity named in the same articles as another.

    `together` counts those articles, `strength` is the log-likelihood of that beyond chance.
    """

    key: str
    name: str
    type: str
    together: int
    strength: float


class EntityAnswer(Struct):
    """An entity, the company it keeps, and what belongs to it without being it (`related`).

    `wikidata` is its item there (Q142), known for countries.
    """

    key: str
    name: str
    type: str
    articles: int
    country: str | None
    aliases: list[str]
    companions: list[Companion]
    related: list[EntityOffer] = field(default_factory=list)
    wikidata: str | None = None
