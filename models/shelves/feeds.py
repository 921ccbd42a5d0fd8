"""The feeds that articles came from or are fetched from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa

from models.database import Database
from models.feed import Feed
from models.schema import feeds


class FeedShelf:
    """Feeds by their address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, feed: Feed) -> None:
        """Remember a feed; what is known of it stays where `feed` says nothing."""
        with self._database.writing() as connection:
            number_of(connection, feed)

    def all(self) -> Iterator[Feed]:
        """Yield all feeds by address."""
        with self._database.reading() as connection:
            for row in connection.execute(sa.select(feeds).order_by(feeds.c.url)).mappings():
                yield Feed(
                    url=row["url"],
                    title=row["title"],
                    language=row["language"],
                    labels=tuple(row["labels"]),
                    subscribed=row["subscribed"],
                    added=row["added"],
                    checked=row["checked"],
                    error=row["error"],
                )

    def count(self) -> int:
        """Return how many feeds are known."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(feeds)) or 0


def number_of(connection: sa.Connection, feed: Feed) -> int | None:
    """Return the feed's key inside the database, adding the feed where it is new."""
    if not feed.url:
        return None
    row = connection.execute(
        sa.select(feeds.c.number, feeds.c.title).where(feeds.c.url == feed.url)
    ).one_or_none()
    if row is None:
        added = sa.insert(feeds).values(
            url=feed.url,
            title=feed.title,
            language=feed.language,
            labels=list(feed.labels),
            subscribed=feed.subscribed,
            added=datetime.now(UTC),
        )
        return int(connection.execute(added.returning(feeds.c.number)).scalar_one())
    if feed.title and feed.title != row.title:
        connection.execute(
            sa.update(feeds).where(feeds.c.number == row.number).values(title=feed.title)
        )
    return int(row.number)
