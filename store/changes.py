"""The change queue: the articles that the search index has to update."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from store.database import Database, in_chunks
from store.day_counts import mark_days
from store.schema import about, articles, changes

_READER = "engine that reads the change queue"


@dataclass(frozen=True, slots=True)
class Change:
    """An article that changed, or was removed; a later change of it has a larger `seq`."""

    seq: int
    article_id: str


class ChangeRepository:
    """The queue as the search index sees it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, limit: int) -> tuple[Change, ...]:
        """Return the oldest changes, `limit` at most."""
        query = sa.select(changes.c.seq, changes.c.article_id).order_by(changes.c.seq).limit(limit)
        with self._database.reading() as connection:
            return tuple(Change(seq, article_id) for seq, article_id in connection.execute(query))

    def done(self, finished: Iterable[Change]) -> None:
        """Take exactly these off the queue; what changed again meanwhile stays on it."""
        with self._database.writing() as connection:
            take_off(connection, finished)

    def count(self) -> int:
        """Return how many articles wait."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(changes)) or 0

    def reader(self) -> str:
        """Return the engine whose index has taken from this queue, "" if none has yet."""
        query = sa.select(about.c.value).where(about.c.key == _READER)
        with self._database.reading() as connection:
            return connection.scalar(query) or ""

    def read_by(self, engine: str) -> None:
        """Remember whose index is up to what left this queue; any other has to be rebuilt."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(about).where(about.c.key == _READER))
            connection.execute(sa.insert(about).values(key=_READER, value=engine))

    def add_all(self) -> None:
        """Put every article on the queue, as for an index that starts from nothing."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(changes))
            query = sa.select(articles.c.id).order_by(articles.c.number)
            connection.execute(sa.insert(changes).from_select(["article_id"], query))


def take_off(connection: sa.Connection, finished: Iterable[Change]) -> None:
    """Take exactly these off the queue, in the transaction that does what they called for."""
    for chunk in in_chunks([change.seq for change in finished]):
        connection.execute(sa.delete(changes).where(changes.c.seq.in_(chunk)))


def note_changed(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Put articles on the queue, in the transaction that changes them.

    Their days are counted anew when counts are asked for next.
    """
    mark_days(connection, ids)
    for chunk in in_chunks(ids):
        connection.execute(sa.delete(changes).where(changes.c.article_id.in_(chunk)))
        connection.execute(sa.insert(changes), [{"article_id": article_id} for article_id in chunk])
