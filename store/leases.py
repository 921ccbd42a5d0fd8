"""Leases: which process works on what, and until when.

A lease is taken in one statement that only one process can win, is prolonged while its holder
lives, and lapses when the holder dies: then whoever asks next gets the work. A lease that ends
later than any that is given was written before the clock was set back, and has lapsed, too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from store.database import Database, in_chunks
from store.work_tables import work_leases

TAGGING = "tag"
"""The work of tagging; the item is an article's number."""

LONGEST = timedelta(minutes=15)
"""The longest time that a lease is given for, at once."""

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class LeaseRepository:
    """Leases by the name of the work and the number of the item."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, work: str, item: int, holder: str, lasts: timedelta) -> bool:
        """Take one piece of work; False where somebody else is at it."""
        with self._database.writing(alone=False) as connection:
            return bool(take(connection, work, [item], holder, lasts))

    def renew(self, holder: str, lasts: timedelta) -> None:
        """Prolong all that a holder has."""
        with self._database.writing() as connection:
            connection.execute(
                sa.update(work_leases)
                .where(work_leases.c.holder == holder)
                .values(until=datetime.now(UTC) + lasts)
            )

    def give_back(self, holders: Collection[str]) -> None:
        """End all leases of these holders; what they left undone is anybody's again."""
        if holders:
            with self._database.writing() as connection:
                held = work_leases.c.holder.in_(list(holders))
                connection.execute(sa.delete(work_leases).where(held))

    def holders(self) -> dict[str, int]:
        """Return how many leases each holder has that have not lapsed."""
        query = (
            sa.select(work_leases.c.holder, sa.func.count())
            .where(_holds(datetime.now(UTC)))
            .group_by(work_leases.c.holder)
        )
        with self._database.reading() as connection:
            return dict(connection.execute(query).all())


def take(
    connection: sa.Connection, work: str, items: Sequence[int], holder: str, lasts: timedelta
) -> list[int]:
    """Take those items that nobody else has, or whose lease has lapsed; return which."""
    now = datetime.now(UTC)
    taken: list[int] = []
    for chunk in in_chunks(items):
        insert = _INSERT[connection.dialect.name](work_leases).values(
            [{"work": work, "item": item, "holder": holder, "until": now + lasts} for item in chunk]
        )
        fresh = insert.excluded
        taking = insert.on_conflict_do_update(
            index_elements=[work_leases.c.work, work_leases.c.item],
            set_={"holder": fresh.holder, "until": fresh.until},
            where=~_holds(now) | (work_leases.c.holder == holder),
        ).returning(work_leases.c.item)
        taken += connection.scalars(taking)
    return sorted(taken)


def free(work: str, item: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return the condition that nobody has a lease on an item which has not lapsed."""
    return ~sa.exists().where(
        work_leases.c.work == work,
        work_leases.c.item == item,
        _holds(datetime.now(UTC)),
    )


def end(connection: sa.Connection, work: str, items: Sequence[int]) -> None:
    """End leases in the transaction that does the work."""
    for chunk in in_chunks(items):
        done = (work_leases.c.work == work) & work_leases.c.item.in_(chunk)
        connection.execute(sa.delete(work_leases).where(done))


def _holds(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a lease has not lapsed."""
    return (work_leases.c.until > now) & (work_leases.c.until <= now + LONGEST)
