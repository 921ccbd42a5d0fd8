"""Base code for what users own: limits, names, and pausing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

import sqlalchemy as sa

from models.errors import NotFoundError, UsageError
from store.database import Database, by_number
from store.journal import note
from store.people.account_tables import users


class Owned(Protocol):
    """A thing that a user has made."""

    @property
    def owner(self) -> str:
        """The name of the user."""

    @property
    def name(self) -> str:
        """What the user calls it."""


T = TypeVar("T", bound=Owned)


def checked_name(name: str, longest: int, whose: str) -> str:
    """Return a name without needless spaces; raises UsageError. `whose` is as "A list's"."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= longest:
        raise UsageError(f"{whose} name has 1 to {longest} characters.")
    return name


def owner_with_room(
    connection: sa.Connection, owner: str, table: sa.Table, most: int, things: str
) -> int:
    """Return the number of a user who has less than `most` rows of a table.

    Raises NotFoundError for a user that is not there, UsageError for one who has enough.
    """
    user = connection.scalar(sa.select(users.c.number).where(users.c.name == owner))
    if user is None:
        raise NotFoundError(f"There is no user {owner[:60]!r}.")
    mine = sa.select(sa.func.count()).where(table.c.user == user)
    if (connection.scalar(mine) or 0) >= most:
        raise UsageError(f"You have {most} {things}; remove one first.")
    return int(user)


class PausableRepository(ABC, Generic[T]):
    """What users own and what runs by itself until paused or removed: alerts and rules.

    `table` has a row for each, `kind` is the word for one in messages. `trouble` in a row is the
    error of its last run.
    """

    table: sa.Table
    kind: str

    def __init__(self, database: Database) -> None:
        self._database = database

    @abstractmethod
    def _read(self, which: sa.ColumnElement[bool]) -> tuple[T, ...]:
        """Return those for which something holds, by number."""

    def all(self) -> tuple[T, ...]:
        """Return those of all users, by number."""
        return self._read(sa.true())

    def active(self) -> tuple[T, ...]:
        """Return those that are not paused."""
        return self._read(~self.table.c.paused)

    def get(self, number: int, owner: str | None = None) -> T:
        """Return one; raises NotFoundError, also where it is not the owner's."""
        found = self._read(by_number(self.table.c.number, number))
        if not found or (owner is not None and found[0].owner != owner):
            raise NotFoundError(f"There is no {self.kind} {number}.")
        return found[0]

    def pause(self, number: int, owner: str, *, paused: bool, who: str) -> T:
        """Pause or resume one; what happened during a pause is not caught up on."""
        with self._database.writing() as connection:
            here = self.get(number, owner)
            change = sa.update(self.table).where(self.table.c.number == number)
            connection.execute(change.values(paused=paused))
            words = f"{'Paused' if paused else 'Resumed'} the {self.kind} “{here.name}”."
            note(connection, who, f"{self.kind}-paused", str(number), words)
        return self.get(number)

    def remove(self, number: int, owner: str, *, who: str) -> T:
        """Remove one, with what it still had to do; what it did stays. Raises NotFoundError."""
        with self._database.writing() as connection:
            here = self.get(number, owner)
            connection.execute(sa.delete(self.table).where(self.table.c.number == number))
            words = f"Removed the {self.kind} “{here.name}”."
            note(connection, who, f"{self.kind}-removed", str(number), words)
        return here

    def trouble(self, number: int, words: str) -> None:
        """Store the error of the last run, or "" after a run without one."""
        here = (self.table.c.number == number) & (self.table.c.trouble != words)
        with self._database.writing() as connection:
            connection.execute(sa.update(self.table).where(here).values(trouble=words))
