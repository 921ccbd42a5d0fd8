"""Tokens for the API, over the API: your own, each shown once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct
from werkzeug.exceptions import Forbidden

from export.record import iso
from models.accounts import LONGEST_TOKEN_DAYS, ApiToken, Role
from models.errors import NotFoundError
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Nothing
from web.context import library

views = Blueprint("tokens", __name__)

DAYS = 90


class WantedToken(Struct, forbid_unknown_fields=True):
    """A token to make: what it is for, what it may do (`scope`), for how many days."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    scope: Role = Role.READER
    days: Annotated[int, Meta(ge=1, le=LONGEST_TOKEN_DAYS)] = DAYS


class TokenAnswer(Struct):
    """A token as it is listed, without its secret."""

    number: int
    name: str
    scope: Role
    made: Time
    expires: Time
    used: Time | None


class NewToken(Struct):
    """A token that was just made; `secret` is shown here and never again."""

    token: TokenAnswer
    secret: str


class TokenList(Struct):
    """Your tokens, the newest first."""

    total: int
    items: list[TokenAnswer]


@views.get("/account/tokens")
@needs(Role.READER)
@spec.validate(resp=answers(TokenList), tags=["account"], operation_id="listTokens")
def tokens(query: Nothing) -> TokenList:  # noqa: ARG001 - read by spectree
    """List your tokens."""
    found = [_token(each) for each in library().store.users.tokens(visitor().name)]
    return TokenList(len(found), found)


@views.post("/account/tokens")
@needs(Role.READER)
@spec.validate(resp=answers(NewToken, 400, status=201), tags=["account"], operation_id="addToken")
def add(query: Nothing, json: WantedToken) -> tuple[NewToken, int]:  # noqa: ARG001 - by spectree
    """Make a token of yours; it may do no more than you, or the token that asks for it, may."""
    who, now = visitor(), datetime.now(UTC)
    if not who.may(json.scope):
        raise Forbidden(f"You may not give more than you have; the scope here is {who.role}.")
    made, secret = library().store.users.add_token(
        who.name, json.name, json.scope, json.days, who=who.name, now=now
    )
    return NewToken(_token(made), secret), 201


@views.delete("/account/tokens/<int:number>")
@needs(Role.READER)
@spec.validate(resp=answers(TokenAnswer, 404), tags=["account"], operation_id="removeToken")
def remove(number: int, query: Nothing) -> TokenAnswer:  # noqa: ARG001 - read by spectree
    """Take one of your tokens away; what uses it is refused from then on."""
    here, who = library().store.users, visitor().name
    found = next((each for each in here.tokens(who) if each.number == number), None)
    if found is None:
        raise NotFoundError(f"You have no token {number}.")
    here.remove_token(who, number, who=who, now=datetime.now(UTC))
    return _token(found)


def _token(token: ApiToken) -> TokenAnswer:
    made, expires = iso(token.made) or "", iso(token.expires) or ""
    return TokenAnswer(token.number, token.name, token.scope, made, expires, iso(token.used))
