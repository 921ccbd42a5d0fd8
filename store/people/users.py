"""The repository of users, sessions and API tokens; secrets are stored as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from models.accounts import (
    LONGEST_TOKEN_DAYS,
    ApiToken,
    Role,
    User,
    checked_name,
    lock_after,
    weaker,
)
from models.errors import NotFoundError, UsageError
from store.database import Database
from store.journal import note
from store.people.account_tables import api_tokens, sessions, users
from store.schema import about

TOKEN_MARK = "slg_"  # noqa: S105 - how a token begins, so that people and scanners know one
SESSION_LIFE = timedelta(days=14)
_SEEN_EVERY = timedelta(minutes=5)
_SIGNING_KEY = "key that signs cookies"


class UserRepository:
    """Users by name; a user's sessions and tokens go with the user."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def any(self) -> bool:
        """Say whether there are users at all."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(users.c.number).limit(1)) is not None

    def all(self) -> tuple[User, ...]:
        """Return all users, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(users).order_by(users.c.name))
            return tuple(_user(row) for row in rows)

    def get(self, name: str) -> User:
        """Return a user; raises NotFoundError."""
        with self._database.reading() as connection:
            return _user(_row(connection, name))

    def add(self, name: str, role: Role, password: str, *, who: str, now: datetime) -> User:
        """Add a user with a hashed password ("": none); raises UsageError for a taken name."""
        name = checked_name(name)
        with self._database.writing() as connection:
            if connection.scalar(sa.select(users.c.number).where(users.c.name == name)):
                raise UsageError(f"There is a user {name} already.")
            connection.execute(
                sa.insert(users).values(name=name, role=role, password=password, added=now)
            )
            note(connection, who, "user-added", name, f"Added the user {name} as {role}.", now=now)
        return self.get(name)

    def change_role(self, name: str, role: Role, *, who: str, now: datetime) -> User:
        """Give a user another role; the last admin stays one."""
        with self._database.writing() as connection:
            row = _row(connection, name)
            _keep_an_admin(connection, row.number, stays=role is Role.ADMIN)
            here = users.c.number == row.number
            connection.execute(sa.update(users).where(here).values(role=role))
            note(connection, who, "user-role", row.name, f"Made {row.name} {role}.", now=now)
        return self.get(name)

    def set_password(self, name: str, password: str, *, who: str, now: datetime) -> User:
        """Give a user another password (a hash), and sign the user out everywhere."""
        with self._database.writing() as connection:
            row = _row(connection, name)
            here = users.c.number == row.number
            fresh = {"password": password, "failures": 0, "locked_until": None}
            connection.execute(sa.update(users).where(here).values(**fresh))
            connection.execute(sa.delete(sessions).where(sessions.c.user == row.number))
            words = f"Changed the password of {row.name}."
            note(connection, who, "user-password", row.name, words, now=now)
        return self.get(name)

    def remove(self, name: str, *, who: str, now: datetime) -> None:
        """Remove a user with all sessions and tokens; what the user did stays on record."""
        with self._database.writing() as connection:
            row = _row(connection, name)
            if row.role == Role.ADMIN:
                others = sa.select(sa.func.count()).select_from(users)
                if (connection.scalar(others) or 0) > 1:
                    _keep_an_admin(connection, row.number, stays=False)
            connection.execute(sa.delete(users).where(users.c.number == row.number))
            note(connection, who, "user-removed", row.name, f"Removed {row.name}.", now=now)

    def note_failure(self, name: str, now: datetime) -> None:
        """Count a wrong password, and lock the user for a while after several in a row."""
        with self._database.writing() as connection:
            here = users.c.name == name
            failures = connection.scalar(sa.select(users.c.failures).where(here))
            if failures is None:
                return
            pause = lock_after(failures + 1)
            until = now + pause if pause else None
            change = {"failures": failures + 1, "locked_until": until}
            connection.execute(sa.update(users).where(here).values(**change))

    def open_session(self, name: str, now: datetime, life: timedelta = SESSION_LIFE) -> str:
        """Sign a user in; return the secret that the browser keeps."""
        secret = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            row = _row(connection, name)
            fresh = {"failures": 0, "locked_until": None, "last_seen": now}
            connection.execute(sa.update(users).where(users.c.number == row.number).values(**fresh))
            connection.execute(sa.delete(sessions).where(sessions.c.expires <= now))
            connection.execute(
                sa.insert(sessions).values(
                    key=_hashed(secret), user=row.number, made=now, expires=now + life
                )
            )
        return secret

    def of_session(self, secret: str, now: datetime) -> User | None:
        """Return who is signed in by a secret, None where it is no session of now."""
        query = (
            sa.select(users)
            .join(sessions, sessions.c.user == users.c.number)
            .where(sessions.c.key == _hashed(secret), sessions.c.expires > now)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _user(row) if row else None

    def close_session(self, secret: str) -> None:
        """Sign out."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.key == _hashed(secret)))

    def add_token(
        self, user: str, name: str, scope: Role, days: int, *, who: str, now: datetime
    ) -> tuple[ApiToken, str]:
        """Make a token; return it and its secret, which is nowhere else. Raises UsageError."""
        name = " ".join(name.split())
        if not 1 <= len(name) <= 100:
            raise UsageError("A token's name has 1 to 100 characters; say what it is for.")
        if not 1 <= days <= LONGEST_TOKEN_DAYS:
            raise UsageError(f"A token lasts 1 to {LONGEST_TOKEN_DAYS} days.")
        secret = TOKEN_MARK + secrets.token_urlsafe(32)
        expires = now + timedelta(days=days)
        with self._database.writing() as connection:
            row = _row(connection, user)
            fresh = sa.insert(api_tokens).values(
                user=row.number,
                key=_hashed(secret),
                name=name,
                scope=scope,
                made=now,
                expires=expires,
            )
            number = connection.execute(fresh.returning(api_tokens.c.number)).scalar_one()
            words = f"Made a token of {row.name} to {scope}: {name}."
            note(connection, who, "token-made", row.name, words, now=now)
        return ApiToken(number, row.name, name, scope, now, expires), secret

    def tokens(self, user: str) -> tuple[ApiToken, ...]:
        """Return the tokens of a user, newest first."""
        query = (
            sa.select(api_tokens, users.c.name.label("owner"))
            .join(users, users.c.number == api_tokens.c.user)
            .where(users.c.name == user)
            .order_by(api_tokens.c.number.desc())
        )
        with self._database.reading() as connection:
            return tuple(
                ApiToken(r.number, r.owner, r.name, Role(r.scope), r.made, r.expires, r.used)
                for r in connection.execute(query)
            )

    def remove_token(self, user: str, number: int, *, who: str, now: datetime) -> None:
        """Take a token of a user away; raises NotFoundError."""
        with self._database.writing() as connection:
            row = _row(connection, user)
            here = (api_tokens.c.number == number) & (api_tokens.c.user == row.number)
            if not connection.execute(sa.delete(api_tokens).where(here)).rowcount:
                raise NotFoundError(f"{user} has no token {number}.")
            note(connection, who, "token-removed", user, f"Removed token {number}.", now=now)

    def of_token(self, secret: str, now: datetime) -> tuple[User, Role] | None:
        """Return whose token a secret is, and what it may do; None where it is no token of now."""
        query = (
            sa.select(users, api_tokens.c.number.label("token"), api_tokens.c.scope)
            .add_columns(api_tokens.c.used)
            .join(api_tokens, api_tokens.c.user == users.c.number)
            .where(api_tokens.c.key == _hashed(secret), api_tokens.c.expires > now)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.used is None or now - row.used > _SEEN_EVERY:
            with self._database.writing() as connection:
                here = api_tokens.c.number == row.token
                connection.execute(sa.update(api_tokens).where(here).values(used=now))
        user = _user(row)
        return user, weaker(user.role, Role(row.scope))

    def signing_key(self) -> str:
        """Return the key that signs this store's cookies, made when first asked for."""
        query = sa.select(about.c.value).where(about.c.key == _SIGNING_KEY)
        with self._database.reading() as connection:
            found = connection.scalar(query)
        if found:
            return str(found)
        if self._database.read_only:
            return secrets.token_hex(32)  # good for as long as this process serves
        with self._database.writing() as connection:
            found = connection.scalar(query)
            if not found:
                found = secrets.token_hex(32)
                connection.execute(sa.insert(about).values(key=_SIGNING_KEY, value=found))
        return str(found)


def _hashed(secret: str) -> str:
    """Return the hash of a secret. It is long and random, so a quick hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _row(connection: sa.Connection, name: str) -> sa.Row[tuple[object, ...]]:
    row = connection.execute(sa.select(users).where(users.c.name == name.strip().lower()))
    found = row.one_or_none()
    if found is None:
        raise NotFoundError(f"There is no user {name[:60]!r}; `slugline users list` shows them.")
    return found


def _user(row: sa.Row[tuple[object, ...]]) -> User:
    return User(
        name=row.name,
        role=Role(row.role),
        added=row.added,
        password=row.password,
        failures=row.failures,
        locked_until=row.locked_until,
        last_seen=row.last_seen,
    )


def _keep_an_admin(connection: sa.Connection, number: int, *, stays: bool) -> None:
    """Refuse to take the last admin away: nobody could bring one back in the browser."""
    others = sa.select(users.c.number).where(users.c.role == Role.ADMIN, users.c.number != number)
    was = connection.scalar(sa.select(users.c.role).where(users.c.number == number))
    if not stays and was == Role.ADMIN and connection.scalar(others.limit(1)) is None:
        raise UsageError("This is the only admin; make another user one first.")
