"""The repository of read marks: single articles, and everything up to a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from models.errors import NotFoundError
from store.database import Database, in_chunks
from store.people.account_tables import read_articles, users
from store.schema import articles


class ReadingRepository:
    """Articles read, by user. What a user says of one article goes before what of all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, user: str, article_ids: Sequence[str], now: datetime, *, read: bool) -> int:
        """Mark articles as read or unread; return how many of them there are."""
        with self._database.writing() as connection:
            number = _user(connection, user)
            marked = 0
            for chunk in in_chunks(article_ids):
                query = sa.select(articles.c.number).where(articles.c.id.in_(chunk))
                there = list(connection.scalars(query))
                here = (read_articles.c.user == number) & read_articles.c.article.in_(there)
                connection.execute(sa.delete(read_articles).where(here))
                if there:
                    connection.execute(
                        sa.insert(read_articles),
                        [
                            {"user": number, "article": each, "read": read, "made": now}
                            for each in there
                        ],
                    )
                marked += len(there)
        return marked

    def mark_all(self, user: str, until: datetime) -> None:
        """Mark as read all that had come by a moment, and forget what was said of single ones."""
        with self._database.writing() as connection:
            number = _user(connection, user)
            change = sa.update(users).where(users.c.number == number)
            connection.execute(change.values(read_until=until))
            older = sa.select(articles.c.number).where(articles.c.fetched <= until)
            here = read_articles.c.user == number
            connection.execute(
                sa.delete(read_articles).where(here, read_articles.c.article.in_(older))
            )

    def unread(self, user: str, article_ids: Sequence[str]) -> list[str]:
        """Return those of some articles that a user has not read, in their order."""
        left: set[str] = set()
        with self._database.reading() as connection:
            number = _user(connection, user)
            until = connection.scalar(sa.select(users.c.read_until).where(users.c.number == number))
            said = sa.and_(
                read_articles.c.article == articles.c.number, read_articles.c.user == number
            )
            for chunk in in_chunks(article_ids):
                query = (
                    sa.select(articles.c.id, articles.c.fetched, read_articles.c.read)
                    .select_from(articles.outerjoin(read_articles, said))
                    .where(articles.c.id.in_(chunk))
                )
                for article_id, fetched, read in connection.execute(query):
                    by_all = until is not None and fetched <= until
                    if not (by_all if read is None else read):
                        left.add(article_id)
        return [article_id for article_id in article_ids if article_id in left]


def _user(connection: sa.Connection, name: str) -> int:
    number = connection.scalar(sa.select(users.c.number).where(users.c.name == name))
    if number is None:
        raise NotFoundError(f"There is no user {name[:60]!r}.")
    return int(number)
