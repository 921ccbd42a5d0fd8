"""Rows of the feeds table: reading, finding, adding and moving feeds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.feed import Feed, FeedState, Selectors, parted
from store.changes import note_changed
from store.database import in_chunks
from store.schema import articles, feeds


def number_of(connection: sa.Connection, feed: Feed) -> int | None:
    """Return the feed's key inside the database, adding the feed where it is new.

    Only `FeedRepository.subscribe` subscribes to it.
    """
    if not feed.url:
        return None
    url = parted(feed.url)[0]
    row = connection.execute(
        sa.select(feeds.c.number, feeds.c.title, feeds.c.language).where(feeds.c.url == url)
    ).one_or_none()
    if row is None:
        added = sa.insert(feeds).values(
            url=url,
            title=feed.title,
            language=feed.language[:20],
            labels=list(feed.labels),
            added=datetime.now(UTC),
        )
        return int(connection.execute(added.returning(feeds.c.number)).scalar_one())
    said = {
        **({"title": feed.title} if feed.title and feed.title != row.title else {}),
        **({"language": feed.language[:20]} if feed.language and not row.language else {}),
    }
    if said:
        connection.execute(sa.update(feeds).where(feeds.c.number == row.number).values(**said))
    return int(row.number)


def read_feeds(
    connection: sa.Connection,
    where: sa.ColumnElement[bool],
    order: Sequence[sa.ColumnElement[Any]] = (feeds.c.url,),
    limit: int | None = None,
) -> Iterator[Feed]:
    """Yield the feeds of a condition."""
    query = sa.select(feeds).where(where).order_by(*order).limit(limit)
    for row in connection.execute(query).mappings():
        known = {name: row[name] for name in _KNOWN}
        selectors = Selectors(**row["selectors"]) if row["selectors"] else None
        yield Feed(**known, labels=tuple(row["labels"]), selectors=selectors)


_KNOWN = (
    *("url", "title", "language", "subscribed", "added", "checked", "error", "full_text"),
    *("succeeded", "next_check", "interval", "failures", "gone", "etag", "modified"),
    *("login", "first_url", "number"),
)


def health_of(checked: FeedState) -> dict[str, Any]:
    """Return what a check leaves behind, by the names of columns."""
    values: dict[str, Any] = {
        "next_check": checked.next_check,
        "interval": checked.interval,
        "failures": checked.failures,
        "error": checked.error,
        "gone": checked.gone,
        "etag": checked.etag,
        "modified": checked.modified,
        "login": checked.login,
    }
    if checked.when:
        values["checked"] = checked.when
    if checked.succeeded:
        values["succeeded"] = checked.when
    return values


def move(connection: sa.Connection, number: int, url: str) -> None:
    """Give a feed its new address; its articles stay with it and are indexed anew."""
    other = connection.execute(
        sa.select(feeds.c.number, feeds.c.labels, feeds.c.full_text).where(feeds.c.url == url)
    ).one_or_none()
    own = sa.select(feeds.c.labels, feeds.c.full_text).where(feeds.c.number == number)
    if other is not None:
        row = connection.execute(own).one()
        connection.execute(
            sa.update(articles).where(articles.c.feed == other.number).values(feed=number)
        )
        connection.execute(sa.delete(feeds).where(feeds.c.number == other.number))
        both = {
            "labels": joined_labels(row.labels, other.labels),
            "full_text": row.full_text or other.full_text,
        }
        connection.execute(sa.update(feeds).where(feeds.c.number == number).values(**both))
    here = feeds.c.number == number
    first = sa.case((feeds.c.first_url == "", feeds.c.url), else_=feeds.c.first_url)
    connection.execute(sa.update(feeds).where(here).values(first_url=first, url=url))
    moved = connection.scalars(sa.select(articles.c.id).where(articles.c.feed == number)).all()
    for ids in in_chunks(moved):
        note_changed(connection, ids)


def joined_labels(labels: Collection[str], more: Collection[str]) -> list[str]:
    """Return labels of two feeds as those of one."""
    return list(dict.fromkeys((*labels, *more)))
