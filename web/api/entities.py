"""Entities: lists by type and name, and each with its company."""

from __future__ import annotations

from flask import Blueprint

from models.tags import Entity
from models.wikidata import wikidata
from nlp.association import companions
from nlp.entities.related import related_keys
from web.api.answers.entities import Companion, EntityAnswer, EntityPage, EntitySummary
from web.api.answers.search import EntityOffer
from web.api.openapi import answers, spec
from web.api.paging import cursor_of, offset_of
from web.api.questions import EntityQuestion, Nothing
from web.context import library

COMPANIONS = 50


views = Blueprint("entities", __name__)


@views.get("/entities")
@spec.validate(resp=answers(EntityPage, 400), tags=["entities"], operation_id="listEntities")
def entities(query: EntityQuestion) -> EntityPage:
    """List entities, those of most articles first."""
    kind = query.type or ""
    repository = library().store.entities
    offset = offset_of(query.cursor, kind, query.begins)
    total = repository.count(kind, query.begins)
    found = [_summary(each) for each in repository.top(kind, query.limit, offset, query.begins)]
    beyond = offset + len(found)
    more = bool(found) and beyond < total
    return EntityPage(total, found, cursor_of(beyond, kind, query.begins) if more else None)


@views.get("/entities/<kind>/<path:slug>")
@spec.validate(resp=answers(EntityAnswer, 404), tags=["entities"], operation_id="getEntity")
def entity(kind: str, slug: str, query: Nothing) -> EntityAnswer:  # noqa: ARG001 - by spectree
    """Return an entity, or the one that it was merged into, with those named beside it."""
    store = library().store
    found = store.entities.get(f"{kind}/{slug}")
    others = store.entities.neighbours(found.key)
    beside = companions(others, found.articles, store.articles.count(), COMPANIONS)
    return EntityAnswer(
        key=found.key,
        name=found.name,
        type=found.type,
        articles=found.articles,
        country=found.country or None,
        aliases=list(found.aliases),
        companions=[
            Companion(each.key, each.name, each.type, each.together, round(each.strength, 2))
            for each in beside
        ],
        wikidata=wikidata(found.key) or None,
        related=[
            EntityOffer(each.key, each.name, each.type, each.articles)
            for each in store.entities.known(related_keys(found.key))
        ],
    )


def _summary(entity: Entity) -> EntitySummary:
    return EntitySummary(
        entity.key,
        entity.name,
        entity.type,
        entity.articles,
        entity.country or None,
        list(entity.aliases),
    )
