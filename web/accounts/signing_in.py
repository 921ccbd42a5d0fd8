"""Decides whether a name and a password sign a user in, and on which address `serve` may listen."""

from __future__ import annotations

import ipaddress
import logging
from datetime import datetime
from typing import Protocol

from models.accounts import LONGEST_PASSWORD, Access, User, checked_name
from models.errors import ConfigError, NotFoundError, UsageError
from web.accounts.passwords import verify_password

log = logging.getLogger(__name__)

REFUSED = (
    "This name and password don't fit, or the name is locked for a while after too many "
    "wrong passwords."
)
"""The same words for every reason: a stranger learns no names."""


class Users(Protocol):
    """What signing in needs of the store's users."""

    def get(self, name: str) -> User:
        """Return a user; raises NotFoundError."""

    def note_failure(self, name: str, now: datetime) -> None:
        """Count a wrong password."""

    def open_session(self, name: str, now: datetime) -> str:
        """Sign a user in; return the secret that the browser keeps."""


def sign_in(users: Users, name: str, password: str, now: datetime) -> str:
    """Return the secret of a new session; raises UsageError in the words for the person.

    While a name is locked, its password is not even looked at.
    """
    user = _user(users, name)
    if user and user.locked_until and user.locked_until > now:
        log.warning("Refused %s: locked after %d wrong passwords.", user.name, user.failures)
        raise UsageError(REFUSED)
    known = user.password if user else ""
    if len(password) > LONGEST_PASSWORD or not verify_password(known, password):
        if user:
            users.note_failure(user.name, now)
            log.warning("A wrong password for %s.", user.name)
        raise UsageError(REFUSED)
    assert user is not None  # noqa: S101 - a password fits users only
    log.info("%s signed in.", user.name)
    return users.open_session(user.name, now)


def _user(users: Users, name: str) -> User | None:
    try:
        return users.get(checked_name(name))
    except (UsageError, NotFoundError):
        return None


def check_listening(host: str, access: Access, *, users: bool) -> None:
    """Raise ConfigError where listening would show more to others than its owner said."""
    if access is Access.PRIVATE and not users:
        raise ConfigError(
            "web.access is private, but there are no users who could sign in. Add one first: "
            "slugline users add NAME --role admin"
        )
    if access is Access.AUTO and not users and not _is_loopback(host):
        raise ConfigError(
            f"Others can reach {host}, and there is no sign-in. Add a user first (slugline users "
            "add NAME --role admin), or let everybody read with --access public."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
