"""The repository of feeds, subscriptions and their health."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models.activity import BASE, LOOK_BACK, unusual
from models.errors import NotFoundError
from models.feed import Feed, FeedState, parted, shown_address
from store import leases
from store.database import Database, by_number, in_chunks
from store.feed_rows import health_of, joined_labels, move, number_of, read_feeds
from store.journal import note
from store.schema import articles, feeds

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ahead of the clock a feed may have been checked; what is later is not believed."""
RECENT = timedelta(days=28)
"""The time that the articles a day of a feed are counted over."""


class FeedRepository:
    """Feeds by their address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, feed: Feed) -> None:
        """Remember a feed; what is known of it stays where `feed` says nothing."""
        with self._database.writing() as connection:
            number_of(connection, feed)

    def get(self, url: str) -> Feed:
        """Return one feed; raises NotFoundError. A login in `url` makes no difference."""
        with self._database.reading() as connection:
            found = list(read_feeds(connection, feeds.c.url == parted(url)[0]))
        if not found:
            raise NotFoundError(
                f"There is no feed {shown_address(url)}; "
                "`slugline feeds list` shows those there are."
            )
        return found[0]

    def numbered(self, number: int) -> Feed:
        """Return the feed with a number; raises NotFoundError."""
        with self._database.reading() as connection:
            found = list(read_feeds(connection, by_number(feeds.c.number, number)))
        if not found:
            raise NotFoundError(f"There is no feed {number}.")
        return found[0]

    def all(self) -> Iterator[Feed]:
        """Yield all feeds by address."""
        with self._database.reading() as connection:
            yield from read_feeds(connection, sa.true())

    def subscribed(self) -> list[Feed]:
        """Return the feeds that are subscribed to, by address."""
        with self._database.reading() as connection:
            return list(read_feeds(connection, feeds.c.subscribed))

    def count(self) -> int:
        """Return how many feeds are known."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(feeds)) or 0

    def subscribe(self, wanted: Sequence[Feed], *, who: str = "") -> int:
        """Subscribe to feeds, in one transaction; return how many were not subscribed to before.

        The journal says that `who` did it. A feed is due at once where it is new, and where it had
        ended. Labels are added to those it has, full text is switched on but not off, and a login
        takes the place of the earlier one.
        """
        added = 0
        names = []
        with self._database.writing() as connection:
            for feed in wanted:
                number = number_of(connection, feed)
                row = connection.execute(sa.select(feeds).where(feeds.c.number == number)).one()
                added += not row.subscribed
                names += [] if row.subscribed else [row.url]
                fresh = {"next_check": None, "gone": False, "failures": 0, "error": ""}
                connection.execute(
                    sa.update(feeds)
                    .where(feeds.c.number == number)
                    .values(
                        subscribed=True,
                        labels=joined_labels(row.labels, feed.labels),
                        full_text=row.full_text or feed.full_text,
                        selectors=asdict(feed.selectors) if feed.selectors else row.selectors,
                        login=feed.login or parted(feed.url)[1] or row.login,
                        **({} if row.subscribed and not row.gone else fresh),
                    )
                )
            if who and names:
                note(connection, who, "feed-added", names[0], _subscribed_words(names))
        return added

    def unsubscribe(self, url: str, *, who: str = "") -> Feed:
        """Fetch a feed no more, and forget its login; its articles stay. Raises NotFoundError.

        The journal says that `who` did it.
        """
        feed = self.get(url)
        if not feed.subscribed:
            raise NotFoundError(f"{feed.url} is not subscribed to.")
        with self._database.writing() as connection:
            number = connection.scalar(sa.select(feeds.c.number).where(feeds.c.url == feed.url))
            brought = sa.select(articles.c.number).where(articles.c.feed == number).limit(1)
            here = feeds.c.number == number
            if connection.scalar(brought) is None:
                connection.execute(sa.delete(feeds).where(here))
            else:
                idle = {"next_check": None, "gone": False, "failures": 0, "error": ""}
                asked = {"etag": "", "modified": "", "interval": 0, "full_text": False, "login": ""}
                asked |= {"selectors": None}
                connection.execute(
                    sa.update(feeds).where(here).values(subscribed=False, **idle, **asked)
                )
            if who:
                words = f"Unsubscribed from {feed.title or feed.url}."
                note(connection, who, "feed-removed", feed.url, words)
        return feed

    def change(
        self,
        url: str,
        *,
        labels: Sequence[str] | None = None,
        full_text: bool | None = None,
        who: str = "",
    ) -> Feed:
        """Change what a person decides of a feed, None leaving it; raises NotFoundError."""
        feed = self.get(url)
        values: dict[str, Any] = {}
        if labels is not None:
            values["labels"] = list(labels)
        if full_text is not None:
            values["full_text"] = full_text
        if values:
            with self._database.writing() as connection:
                connection.execute(sa.update(feeds).where(feeds.c.url == feed.url).values(**values))
                if who:
                    words = f"Changed {' and '.join(values)} of {feed.title or feed.url}."
                    note(connection, who, "feed-changed", feed.url, words.replace("_", " "))
        return self.get(url)

    def due(self, now: datetime, limit: int | None = None) -> list[Feed]:
        """Return the feeds to fetch at `now`, those that wait the longest first."""
        with self._database.reading() as connection:
            return list(read_feeds(connection, _waits(now), _LONGEST_FIRST, limit))

    def claim(self, now: datetime, limit: int, holder: str, lasts: timedelta) -> list[Feed]:
        """Take feeds that are due and that no other process is fetching, like `due`.

        They are `holder`'s until the lease lapses or is given back.
        """
        wanted = _waits(now) & leases.free(_FETCHING, feeds.c.number)
        query = (
            sa.select(feeds.c.number)
            .where(wanted)
            .order_by(*_LONGEST_FIRST)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing(alone=False) as connection:
            numbers = connection.scalars(query).all()
            mine = leases.take(connection, _FETCHING, sorted(numbers), holder, lasts)
            found: dict[str, Feed] = {}
            for chunk in in_chunks(mine):
                here = feeds.c.number.in_(chunk)
                found |= {
                    feed.url: feed for feed in read_feeds(connection, here, _LONGEST_FIRST, None)
                }
            return list(found.values())

    def next_due(self) -> datetime | None:
        """Return when the next feed is due; None where none is to be fetched at all.

        A feed that was never fetched is due since it was added.
        """
        query = sa.select(sa.func.min(sa.func.coalesce(feeds.c.next_check, feeds.c.added))).where(
            feeds.c.subscribed, ~feeds.c.gone
        )
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def record(self, checks: Sequence[tuple[str, FeedState]]) -> None:
        """Write what checks found, by the address each feed had, in one transaction.

        A feed that moved to the address of another becomes one with it. What was unsubscribed
        meanwhile stays so.
        """
        with self._database.writing() as connection:
            for url, checked in checks:
                number = connection.scalar(sa.select(feeds.c.number).where(feeds.c.url == url))
                if number is None:
                    continue
                if checked.url != url:
                    move(connection, number, checked.url)
                connection.execute(
                    sa.update(feeds).where(feeds.c.number == number).values(health_of(checked))
                )

    def pace(self, now: datetime) -> dict[str, float]:
        """Return the articles a day of each feed that published any within `RECENT`.

        They are counted from the oldest of them on, over one day at the least.
        """
        first = sa.func.min(articles.c.published)
        query = (
            sa.select(feeds.c.url, sa.func.count(), first)
            .join(feeds, feeds.c.number == articles.c.feed)
            .where(articles.c.published > now - RECENT, articles.c.published <= now)
            .group_by(feeds.c.url)
        )
        with self._database.reading() as connection:
            return {
                url: n / max(1.0, (now - oldest).total_seconds() / 86_400)
                for url, n, oldest in connection.execute(query)
            }

    def brought(self) -> dict[str, int]:
        """Return how many articles each feed has brought that brought any."""
        query = (
            sa.select(feeds.c.url, sa.func.count())
            .select_from(articles)
            .join(feeds, feeds.c.number == articles.c.feed)
            .group_by(feeds.c.url)
        )
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def unusual(self, now: datetime) -> dict[str, str]:
        """Return what is unusual about the articles of subscribed feeds, by their addresses."""
        since = now - timedelta(days=LOOK_BACK + BASE)
        day = sa.func.date(articles.c.published)
        query = (
            sa.select(feeds.c.url, day, sa.func.count())
            .join(feeds, feeds.c.number == articles.c.feed)
            .where(feeds.c.subscribed, articles.c.published > since)
            .group_by(feeds.c.url, day)
        )
        by_feed: dict[str, dict[date, int]] = defaultdict(dict)
        with self._database.reading() as connection:
            for url, found, count in connection.execute(query):
                by_feed[url][date.fromisoformat(str(found))] = count
        today = now.astimezone(UTC).date()
        return {url: said for url, days in by_feed.items() if (said := unusual(days, today))}


_FETCHING = "fetch"
"""The work of fetching; the item is a feed's number."""

_LONGEST_FIRST = (feeds.c.next_check.is_not(None), feeds.c.next_check, feeds.c.url)


def _waits(now: datetime) -> sa.ColumnElement[bool]:
    waits = feeds.c.next_check.is_(None) | (feeds.c.next_check <= now)
    waits |= feeds.c.checked > now + CLOCKS_DIFFER  # by a clock that was wrong then
    return feeds.c.subscribed & ~feeds.c.gone & waits


def _subscribed_words(urls: Sequence[str]) -> str:
    named = ", ".join(urls[:10])
    more = f" and {len(urls) - 10:,} more" if len(urls) > 10 else ""
    return f"Subscribed to {named}{more}."
