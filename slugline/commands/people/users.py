"""`slugline users`: who may sign in, and tokens for the API."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from models.accounts import Role, checked_name, checked_password
from models.errors import UsageError
from slugline.context import Context, command

if TYPE_CHECKING:
    from models.accounts import User

ROLE = click.Choice([role.value for role in Role])


def whoami() -> str:
    """Return who works at this terminal, as the journal writes it down."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):  # a user id without a name, as containers have
        return "command line"


@click.group()
def users() -> None:
    """Add users who sign in to the pages and the API, and remove them."""


@users.command()
@click.argument("name")
@click.option("--role", type=ROLE, default="reader", help="What the user may do.  [reader]")
@click.option("--no-password", is_flag=True, help="For a user who comes by token or proxy only.")
@command
def add(context: Context, name: str, role: str, no_password: bool) -> None:
    """Add the user NAME.

    A reader reads, an editor also corrects and keeps, an admin also manages feeds and users. The
    password is asked for, or read as one line from stdin where nobody is at a terminal.
    """
    name = checked_name(name)
    hashed = "" if no_password else _hashed(name)
    with context.store() as store:
        added = store.users.add(name, Role(role), hashed, who=whoami(), now=datetime.now(UTC))
    context.report(_facts(added), f"{added.name} is {added.role} and can sign in.")


@users.command(name="list")
@command
def list_(context: Context) -> None:
    """List all users."""
    with context.store() as store:
        found = store.users.all()
    lines = [f"{user.name:<24} {user.role:<7} {_seen(user)}" for user in found]
    text = "\n".join(lines) or "No users; everybody at this machine reads, nobody changes."
    context.report({"users": [_facts(user) for user in found]}, text)


@users.command()
@click.argument("name")
@command
def remove(context: Context, name: str) -> None:
    """Remove the user NAME with all sessions and tokens."""
    with context.store() as store:
        store.users.remove(name, who=whoami(), now=datetime.now(UTC))
    context.report({"name": name}, f"{name} is removed and signed out.")


@users.command()
@click.argument("name")
@command
def password(context: Context, name: str) -> None:
    """Give the user NAME another password; it signs the user out and unlocks the name."""
    with context.store() as store:
        user = store.users.get(name)
        hashed = _hashed(user.name)
        store.users.set_password(user.name, hashed, who=whoami(), now=datetime.now(UTC))
    context.report(_facts(user), f"{user.name} has another password.")


@users.command()
@click.argument("name")
@click.argument("role", type=ROLE)
@command
def role(context: Context, name: str, role: str) -> None:
    """Give the user NAME another ROLE."""
    with context.store() as store:
        user = store.users.change_role(name, Role(role), who=whoami(), now=datetime.now(UTC))
    context.report(_facts(user), f"{user.name} is {user.role}.")


@users.command()
@click.argument("name")
@click.option("--for", "purpose", required=True, help="What the token is for.")
@click.option("--scope", type=ROLE, default="reader", help="What it may do.  [reader]")
@click.option("--days", type=int, default=90, help="How long it lasts.  [90]")
@command
def token(context: Context, name: str, purpose: str, scope: str, days: int) -> None:
    """Make a token for the API that acts as the user NAME. It is shown once."""
    with context.store() as store:
        made, secret = store.users.add_token(
            name, purpose, Role(scope), days, who=whoami(), now=datetime.now(UTC)
        )
    facts = {"number": made.number, "user": made.user, "scope": made.scope, "token": secret}
    context.report(facts | {"expires": made.expires}, secret)


def _hashed(name: str) -> str:
    from web.accounts.passwords import hash_password

    if sys.stdin.isatty():
        text = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        text = sys.stdin.readline(10_000).rstrip("\r\n")
        if not text:
            raise UsageError("No password on stdin. Write it there as one line.")
    return hash_password(checked_password(text, name))


def _facts(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role,
        "added": user.added,
        "last_seen": user.last_seen,
        "locked_until": user.locked_until,
    }


def _seen(user: User) -> str:
    return f"last signed in {user.last_seen:%Y-%m-%d}" if user.last_seen else "never signed in"
