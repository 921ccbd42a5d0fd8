"""Counts of articles or stories over time, by topic, cluster and entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from store.database import Database, in_chunks
from store.day_counts import ALL, count_stale, stale
from store.entities.entity_tables import entities
from store.schema import articles, clusters
from store.work_tables import day_counts

AT_ONCE = 8
"""Days that are counted anew in one transaction, so that others may write in between."""

_DAYS = {
    by: sa.select(day_counts.c.key, day_counts.c.day, day_counts.c[by])
    .where(
        day_counts.c.kind == sa.bindparam("kind"),
        day_counts.c.key.in_(sa.bindparam("keys", expanding=True)),
        day_counts.c.day.between(sa.bindparam("before"), sa.bindparam("until")),
    )
    .order_by(day_counts.c.day)
    for by in ("articles", "stories")
}
"""What `days_of` asks for, made once."""


class TrendRepository:
    """Counts by day of publication (UTC); repeats of another article are left out.

    They are those of the last `refresh`, which whoever asks calls first. `by` is "articles" or
    "stories". A story counts once a day; an article that is alone counts as one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def refresh(self) -> int:
        """Count anew the days of which an article changed; return how many.

        Where the store can only be read, counts stay those of the last time.
        """
        if self._database.read_only:
            return 0
        with self._database.reading() as connection:
            days = stale(connection)
        for at in range(0, len(days), AT_ONCE):
            with self._database.writing() as connection:
                count_stale(connection, days[at : at + AT_ONCE])
        return len(days)

    def last_day(self, now: datetime) -> date | None:
        """Return the newest day with articles, of those that are not in the future."""
        query = sa.select(sa.func.max(articles.c.published)).where(articles.c.published <= now)
        with self._database.reading() as connection:
            newest = connection.scalar(query)
        return newest.date() if newest else None

    def counts(
        self,
        kind: str,
        before: date,
        since: date,
        until: date,
        *,
        by: str = "articles",
        fewest: int = 1,
    ) -> list[tuple[str, str, int, int]]:
        """Return (key, name, number from `since` to `until`, number from `before` on).

        The second count ends where the first begins; `until` is included. The name of a topic is
        its slug. What has less than `fewest` in the first is left out.
        """
        here, number = day_counts.c, sa.func.sum(day_counts.c[by])
        now = (
            sa.select(here.key, number)
            .where(here.kind == kind, here.day >= since, here.day <= until)
            .group_by(here.key)
            .having(number >= fewest)
        )
        with self._database.reading() as connection:
            recent: dict[str, int] = {key: int(n) for key, n in connection.execute(now)}
            names = _names(connection, kind, list(recent))
            earlier: dict[str, int] = {}
            for chunk in in_chunks(list(names)):
                query = (
                    sa.select(here.key, number)
                    .where(here.kind == kind, here.key.in_(chunk))
                    .where(here.day >= before, here.day < since)
                    .group_by(here.key)
                )
                earlier |= {key: int(n) for key, n in connection.execute(query)}
        return [(key, name, recent[key], earlier.get(key, 0)) for key, name in names.items()]

    def days(self, before: date, until: date, *, by: str = "articles") -> dict[date, int]:
        """Return how many there are by day, both days included."""
        return dict(self.days_of(ALL, [""], before, until, by=by)[""])

    def days_of(
        self, kind: str, keys: Sequence[str], before: date, until: date, *, by: str = "articles"
    ) -> dict[str, Mapping[date, int]]:
        """Return how many there are by day for each key."""
        found: dict[str, dict[date, int]] = {key: {} for key in keys}
        with self._database.reading() as connection:
            for chunk in in_chunks(keys):
                wanted = {"kind": kind, "keys": chunk, "before": before, "until": until}
                for key, day, n in connection.execute(_DAYS[by], wanted):
                    found[key][day] = n
        return dict(found)

    def sources_of(
        self, kind: str, keys: Sequence[str], since: date, until: date
    ) -> dict[str, int]:
        """Return in articles of how many publishers each key is."""
        here = day_counts.c
        found: dict[str, set[str]] = {key: set() for key in keys}
        with self._database.reading() as connection:
            for chunk in in_chunks(keys):
                query = sa.select(here.key, here.sources).where(
                    here.kind == kind, here.key.in_(chunk), here.day >= since, here.day <= until
                )
                for key, sources in connection.execute(query):
                    found[key].update(sources)
        return {key: len(sources) for key, sources in found.items()}

    def sources(self, since: date, until: date) -> int:
        """Return how many publishers there are articles of."""
        return self.sources_of(ALL, [""], since, until)[""]


def _names(connection: sa.Connection, kind: str, keys: Sequence[str]) -> dict[str, str]:
    """Return the names of what is not hidden, by key."""
    if kind == "topic":
        return {key: key for key in keys}
    table = clusters if kind == "cluster" else entities
    key = clusters.c.id if kind == "cluster" else entities.c.key
    names: dict[str, str] = {}
    for chunk in in_chunks(keys):
        query = sa.select(key, table.c.name).where(key.in_(chunk), ~table.c.hidden)
        names |= dict(connection.execute(query).all())
    return names
