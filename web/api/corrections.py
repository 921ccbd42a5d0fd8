"""Corrections, each undone by its number, and the list of all changes."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from export.record import iso
from models.accounts import Role
from models.journal import JournalEntry
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Limit, Nothing
from web.context import app_context, library
from web.corrections.request import Correction, carry_out

views = Blueprint("corrections", __name__)


class Change(Struct):
    """A change by a person. `indexed` says whether search knows it by now."""

    number: int
    made: Time
    who: str
    kind: str
    subject: str
    words: str
    can_be_undone: bool
    undone: Time | None
    undone_by: str | None
    indexed: bool = True


class ChangeList(Struct):
    """Changes, newest first; `next` is the `below` of those before, null where there are none."""

    items: list[Change]
    next: int | None


class ChangesQuestion(Struct, forbid_unknown_fields=True):
    """Which changes: those before the number `below`, of one `subject` (an id or a key)."""

    below: Annotated[int, Meta(ge=1, le=2**31)] | None = None
    subject: Annotated[str, Meta(max_length=300)] = ""
    limit: Limit = 50


@views.get("/changes")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ChangeList), tags=["corrections"], operation_id="listChanges")
def changes(query: ChangesQuestion) -> ChangeList:
    """List what people changed."""
    found = library().store.journal.entries(query.limit, below=query.below, subject=query.subject)
    last = found[-1].number if len(found) == query.limit else None
    return ChangeList([change_of(each) for each in found], last)


@views.get("/corrections")
@needs(Role.EDITOR)
@spec.validate(resp=answers(ChangeList), tags=["corrections"], operation_id="listCorrections")
def corrections(query: ChangesQuestion) -> ChangeList:
    """List the changes that can be, or were, taken back: people's corrections."""
    found = library().store.journal.entries(
        query.limit, below=query.below, subject=query.subject, correcting=True
    )
    last = found[-1].number if len(found) == query.limit else None
    return ChangeList([change_of(each) for each in found], last)


@views.post("/corrections")
@needs(Role.EDITOR)
@spec.validate(resp=answers(Change, 400, 404), tags=["corrections"], operation_id="correct")
def correct(query: Nothing, json: Correction) -> Change:  # noqa: ARG001 - read by spectree
    """Correct topics, mentions, entities, near-duplicates or stories."""
    here = app_context()
    number = carry_out(json, here.library.store, here.library.topics, visitor().name)
    return change_of(here.library.store.journal.get(number), indexed=here.indexing.catch_up())


@views.post("/changes/<int:number>/undo")
@needs(Role.EDITOR)
@spec.validate(resp=answers(Change, 400, 404), tags=["corrections"], operation_id="undoChange")
def undo(number: int, query: Nothing) -> Change:  # noqa: ARG001 - read by spectree
    """Take a change back."""
    here = app_context()
    entry = here.library.store.corrections.undo(number, who=visitor().name)
    return change_of(entry, indexed=here.indexing.catch_up())


def change_of(entry: JournalEntry, *, indexed: bool = True) -> Change:
    """Return a change as the API gives it."""
    return Change(
        number=entry.number,
        made=iso(entry.made) or "",
        who=entry.who,
        kind=entry.kind,
        subject=entry.subject,
        words=entry.words,
        can_be_undone=entry.can_be_undone,
        undone=iso(entry.undone),
        undone_by=entry.undone_by or None,
        indexed=indexed,
    )
