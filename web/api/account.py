"""Who is asking, as the API knows them."""

from __future__ import annotations

from flask import Blueprint
from msgspec import Struct

from web.accounts.access import visitor
from web.api.openapi import answers, spec
from web.api.questions import Nothing

views = Blueprint("account", __name__)


class Account(Struct):
    """Who is asking: `name` and `role` are null for whoever sent no token and has no session."""

    name: str | None
    role: str | None


@views.get("/account")
@spec.validate(resp=answers(Account), tags=["account"], operation_id="account")
def account(query: Nothing) -> Account:  # noqa: ARG001 - read by spectree
    """Say who the server takes you for, and what you may do."""
    who = visitor()
    return Account(who.name or None, who.role)
