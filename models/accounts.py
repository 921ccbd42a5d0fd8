"""Users, what each may do, and the rules of passwords, names and lock-outs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.errors import UsageError

LONGEST_NAME = 60
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 500
FREE_FAILURES = 5
"""Wrong passwords in a row that lock nothing."""
LONGEST_LOCK = timedelta(hours=1)
LONGEST_TOKEN_DAYS = 3650

_NAME = re.compile(r"[\w][\w.@+-]*", re.ASCII)


class Role(StrEnum):
    """What a user may do; each role may do all that the one before it may.

    A reader reads, an editor corrects and keeps, an admin also adds feeds, users and rules.
    A token has a scope out of the same list, and may do what both it and its user may.
    """

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Say whether this role may do what asks for another."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


def weaker(one: Role, other: Role) -> Role:
    """Return the role that may do less."""
    return one if other.covers(one) else other


@dataclass(frozen=True, slots=True)
class User:
    """A person who may sign in; `password` is a hash, "" where the user has none.

    `failures` counts wrong passwords in a row; until `locked_until` no password is looked at.
    """

    name: str
    role: Role
    added: datetime
    password: str = ""
    failures: int = 0
    locked_until: datetime | None = None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A key to the API as it is listed; the secret itself is shown once and stored as a hash."""

    number: int
    user: str
    name: str
    scope: Role
    made: datetime
    expires: datetime
    used: datetime | None = None


def checked_name(name: str) -> str:
    """Return the name of a user in small letters; raises UsageError where it can't be one."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise UsageError(
            f"A user's name has 1 to {LONGEST_NAME} letters, digits and the signs . @ + - _, and "
            "begins with a letter, a digit or _."
        )
    return name


def checked_password(password: str, name: str) -> str:
    """Return a password; raises UsageError where it is too short, too long or the name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UsageError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; "
            "four words that you can remember make a good one."
        )
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise UsageError("This password is too easy to guess.")
    return password


def lock_after(failures: int) -> timedelta | None:
    """Return for how long to look at no password after so many wrong ones in a row.

    The time doubles with each, up to an hour: guessing is hopeless, and whoever mistypes waits for
    seconds.
    """
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return None
    return min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_LOCK)


class Access(StrEnum):
    """Who sees what without signing in.

    `auto`: everything as long as there are no users, nothing once there are. `private`: nothing.
    `public`: everything that can be read. Nobody changes anything without signing in.
    """

    AUTO = "auto"
    PRIVATE = "private"
    PUBLIC = "public"
