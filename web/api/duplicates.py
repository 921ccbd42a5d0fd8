"""Near-duplicates: which articles repeat which, and why."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from models.duplicates import DuplicateGroup
from models.errors import NotFoundError
from web.api.openapi import answers, spec
from web.api.questions import Nothing
from web.context import library

views = Blueprint("duplicates", __name__)


class GroupsQuestion(Struct, forbid_unknown_fields=True):
    """How many groups, the largest first."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 20


class Repeat(Struct):
    """An article that repeats an earlier one; `score` is from 0 to 1, `reason` for people."""

    article: str
    earlier: str
    reason: str
    score: float


class Group(Struct):
    """An article (`leader`) and those that repeat it."""

    leader: str
    members: list[Repeat]


class GroupList(Struct):
    """The largest groups; `articles` is how many near-duplicates there are in all."""

    articles: int
    items: list[Group]


@views.get("/duplicates")
@spec.validate(resp=answers(GroupList), tags=["articles"], operation_id="listDuplicates")
def groups(query: GroupsQuestion) -> GroupList:
    """List groups of near-duplicates, the largest first.

    A correction of the kind `duplicate` separates an article from its group.
    """
    here = library().store.duplicates
    return GroupList(here.count(), [_group(each) for each in here.groups(query.limit)])


@views.get("/articles/<article_id>/duplicates")
@spec.validate(resp=answers(Group, 404), tags=["articles"], operation_id="getDuplicates")
def of_article(article_id: str, query: Nothing) -> Group:  # noqa: ARG001 - read by spectree
    """Return the group of an article: its leader, and why each member is in it."""
    found = library().store.duplicates.group(article_id)
    if found is None:
        raise NotFoundError(f"There are no near-duplicates of {article_id[:40]!r}.")
    return _group(found)


def _group(group: DuplicateGroup) -> Group:
    members = [
        Repeat(each.article_id, each.earlier_id, each.reason, each.score) for each in group.members
    ]
    return Group(group.leader_id, members)
