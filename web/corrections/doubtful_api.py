"""Doubtful entities: likely merges and wrong types, and deciding them."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from models.accounts import Role
from models.tags import Entity
from web.accounts.access import needs, visitor
from web.api.corrections import Change, change_of
from web.api.openapi import answers, spec
from web.api.questions import Limit, Nothing
from web.context import app_context, library
from web.corrections.doubtful import Decision, DoubtKind, decide, doubtful, kind_of
from web.corrections.request import Key

views = Blueprint("doubtful", __name__)


class DoubtfulQuestion(Struct, forbid_unknown_fields=True):
    """Which proposals: those to merge two of one type, those on the type of a name, or all."""

    kind: DoubtKind | None = None
    limit: Limit = 25


class DoubtfulEntity(Struct):
    """An entity of a proposal, and how many articles name it."""

    key: str
    name: str
    type: str
    articles: int


class Proposal(Struct):
    """That `entity` is perhaps `into`, and why; `weight` is how much there is to gain."""

    kind: str
    entity: DoubtfulEntity
    into: DoubtfulEntity
    reason: str
    weight: float


class ProposalList(Struct):
    """The most telling of `total` proposals."""

    total: int
    items: list[Proposal]


class DecisionWanted(Struct, forbid_unknown_fields=True):
    """A decision on a proposal: that `entity` and `into` are the `same`, or that they are not."""

    entity: Key
    into: Key
    same: bool


class Decisions(Struct, forbid_unknown_fields=True):
    """Decisions, carried out in their order."""

    decisions: Annotated[list[DecisionWanted], Meta(min_length=1, max_length=100)]


class DecidedAnswer(Struct):
    """The changes made, each of which can be undone, and why others could not be made."""

    items: list[Change]
    faults: list[str]


@views.get("/entities/doubtful")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ProposalList), tags=["entities"], operation_id="listDoubtfulEntities")
def proposals(query: DoubtfulQuestion) -> ProposalList:
    """List entities that are likely one, the most telling first; none that was refused."""
    found = doubtful(library().store, query.kind)
    return ProposalList(
        len(found),
        [
            Proposal(
                kind_of(each),
                _entity(each.entity),
                _entity(each.into),
                each.reason,
                round(each.weight, 2),
            )
            for each in found[: query.limit]
        ],
    )


@views.post("/entities/doubtful")
@needs(Role.EDITOR)
@spec.validate(
    resp=answers(DecidedAnswer), tags=["entities"], operation_id="decideDoubtfulEntities"
)
def decided(query: Nothing, json: Decisions) -> DecidedAnswer:  # noqa: ARG001 - read by spectree
    """Decide up to 100 proposals: merge what is the same, and never propose again what is not."""
    here = app_context()
    wanted = [Decision(each.entity, each.into, each.same) for each in json.decisions]
    done = decide(here.library.store, wanted, visitor().name)
    known = here.indexing.catch_up()
    return DecidedAnswer(
        [change_of(each, indexed=known) for each in done.changes], list(done.faults)
    )


def _entity(entity: Entity) -> DoubtfulEntity:
    return DoubtfulEntity(entity.key, entity.name, entity.type, entity.articles)
