"""Users authenticated elsewhere: by an OpenID provider, or by a proxy."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from models.accounts import Role, User, checked_name
from models.errors import NotFoundError, UsageError

log = logging.getLogger(__name__)


class Users(Protocol):
    """What this needs of the store's users."""

    def get(self, name: str) -> User:
        """Return a user; raises NotFoundError."""

    def add(self, name: str, role: Role, password: str, *, who: str, now: datetime) -> User:
        """Add a user."""


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """The OpenID provider that users sign in with; `claim` is what names them, `label` the link."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "preferred_username"
    label: str = "your organisation"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """Who vouches for users: an OpenID provider, or the proxies at `addresses` by a `header`.

    `new_users` is the role of whoever comes for the first time; None lets in only who was added.
    """

    oidc: OidcProvider | None = None
    header: str = ""
    addresses: frozenset[str] = frozenset()
    new_users: Role | None = None

    @property
    def anybody(self) -> bool:
        """Whether anybody vouches for users."""
        return self.oidc is not None or bool(self.header)


NOBODY = IdentityProvider()


def vouched_user(users: Users, name: str, new_users: Role | None, by: str, now: datetime) -> User:
    """Return the user that somebody vouches for, added where `new_users` says so.

    Raises UsageError, in words for the person, where there is no such user.
    """
    name = checked_name(name)
    try:
        return users.get(name)
    except NotFoundError:
        if new_users is None:
            log.warning("Refused %s, vouched for by %s: not a user here.", name, by)
            raise UsageError(f"{name} is not a user here. An admin can add you.") from None
    log.info("Added %s, vouched for by %s.", name, by)
    return users.add(name, new_users, "", who=by, now=now)


def claimed_name(claims: dict[str, object], claim: str) -> str:
    """Return the name that a provider gives a user; raises UsageError where it gives none.

    A mail address names a user only where the provider says that it is verified.
    """
    name = claims.get(claim)
    if not isinstance(name, str) or not name:
        raise UsageError(f"The identity provider does not say your {claim}.")
    if claim == "email" and claims.get("email_verified") is not True:
        raise UsageError("The identity provider has not verified your mail address.")
    return name
