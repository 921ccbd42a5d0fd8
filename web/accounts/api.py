"""Users over the API, for admins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from export.record import iso
from models.accounts import (
    LONGEST_NAME,
    LONGEST_PASSWORD,
    Role,
    User,
    checked_name,
    checked_password,
)
from web.accounts.access import needs, visitor
from web.accounts.passwords import hash_password
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Nothing
from web.context import library

views = Blueprint("users", __name__)


class NewUser(Struct, forbid_unknown_fields=True):
    """A user to add; without a `password`, one who comes by token, OpenID or proxy only."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    role: Role = Role.READER
    password: Annotated[str, Meta(max_length=LONGEST_PASSWORD)] = ""


class NewRole(Struct, forbid_unknown_fields=True):
    """The role that a user is to have."""

    role: Role


class UserAnswer(Struct):
    """A user and what the user may do."""

    name: str
    role: Role
    added: Time
    last_seen: Time | None


class UserList(Struct):
    """All users, by name."""

    total: int
    items: list[UserAnswer]


@views.get("/users")
@needs(Role.ADMIN)
@spec.validate(resp=answers(UserList), tags=["account"], operation_id="listUsers")
def users(query: Nothing) -> UserList:  # noqa: ARG001 - read by spectree
    """List the users."""
    found = [_user(each) for each in library().store.users.all()]
    return UserList(len(found), found)


@views.post("/users")
@needs(Role.ADMIN)
@spec.validate(resp=answers(UserAnswer, 400, status=201), tags=["account"], operation_id="addUser")
def add(query: Nothing, json: NewUser) -> tuple[UserAnswer, int]:  # noqa: ARG001 - read by spectree
    """Add a user."""
    name = checked_name(json.name)
    hashed = hash_password(checked_password(json.password, name)) if json.password else ""
    added = library().store.users.add(name, json.role, hashed, who=visitor().name, now=_now())
    return _user(added), 201


@views.route("/users/<name>", methods=["PATCH"])
@needs(Role.ADMIN)
@spec.validate(resp=answers(UserAnswer, 400, 404), tags=["account"], operation_id="changeUser")
def change(name: str, query: Nothing, json: NewRole) -> UserAnswer:  # noqa: ARG001 - by spectree
    """Give a user another role."""
    changed = library().store.users.change_role(name, json.role, who=visitor().name, now=_now())
    return _user(changed)


@views.delete("/users/<name>")
@needs(Role.ADMIN)
@spec.validate(resp=answers(UserAnswer, 400, 404), tags=["account"], operation_id="removeUser")
def remove(name: str, query: Nothing) -> UserAnswer:  # noqa: ARG001 - read by spectree
    """Remove a user with all sessions and tokens."""
    here = library().store.users
    user = here.get(name)
    here.remove(name, who=visitor().name, now=_now())
    return _user(user)


def _user(user: User) -> UserAnswer:
    return UserAnswer(user.name, user.role, iso(user.added) or "", iso(user.last_seen))


def _now() -> datetime:
    return datetime.now(UTC)
