"""The journal: every change by a person, with who and when, written in the change's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import NotFoundError
from models.journal import JournalEntry
from store.database import Database, by_number
from store.work_tables import journal


class JournalRepository:
    """What people changed, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(
        self,
        limit: int = 50,
        *,
        below: int | None = None,
        subject: str = "",
        kinds: str = "",
        correcting: bool = False,
    ) -> tuple[JournalEntry, ...]:
        """Return changes, newest first; `below` a number, of a `subject`, of `kinds` (a prefix).

        With `correcting`, only those that say how they are taken back.
        """
        query = sa.select(journal).order_by(journal.c.number.desc()).limit(limit)
        if below is not None:
            query = query.where(journal.c.number < below)
        if correcting:
            query = query.where(journal.c.before.is_not(None))
        if subject:
            query = query.where(journal.c.subject == subject)
        if kinds:
            query = query.where(journal.c.kind.startswith(kinds, autoescape=True))
        with self._database.reading() as connection:
            return tuple(_entry(row) for row in connection.execute(query))

    def count(self) -> int:
        """Return how many changes there are."""
        with self._database.reading() as connection:
            query = sa.select(sa.func.count()).select_from(journal)
            return connection.execute(query).scalar_one()

    def get(self, number: int) -> JournalEntry:
        """Return one change; raises NotFoundError."""
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(journal).where(by_number(journal.c.number, number))
            ).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no change {number}.")
        return _entry(row)


def note(
    connection: sa.Connection,
    who: str,
    kind: str,
    subject: str,
    words: str,
    before: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
) -> int:
    """Write a change down, in the transaction that makes it; return its number."""
    row = sa.insert(journal).values(
        made=now or datetime.now(UTC),
        who=who,
        kind=kind,
        subject=subject,
        words=words,
        before=sa.null() if before is None else dict(before),
    )
    return int(connection.execute(row.returning(journal.c.number)).scalar_one())


def mark_undone(connection: sa.Connection, number: int, who: str, now: datetime) -> None:
    """Remember who took a change back."""
    here = journal.c.number == number
    connection.execute(sa.update(journal).where(here).values(undone=now, undone_by=who))


def _entry(row: sa.Row[tuple[Any, ...]]) -> JournalEntry:
    return JournalEntry(
        number=row.number,
        made=row.made,
        who=row.who,
        kind=row.kind,
        subject=row.subject,
        words=row.words,
        before=row.before,
        undone=row.undone,
        undone_by=row.undone_by,
    )
