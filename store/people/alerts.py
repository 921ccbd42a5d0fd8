"""The repository of alerts: what users watch, and where messages go."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.alerts import (
    Alert,
    Channel,
    NewAlert,
    Pace,
    Watched,
    checked_target,
    next_send,
)
from models.batches import batches
from models.errors import NotFoundError, UsageError
from store.database import Database, by_number
from store.journal import note
from store.people.account_tables import saved_searches, users
from store.people.alert_queue import AlertQueue
from store.people.alert_tables import alert_names, alerts
from store.people.owned import PausableRepository, checked_name, owner_with_room
from store.schema import articles

MOST = 100
"""Alerts of one user."""
MOST_NAMES = 100_000
"""Names that one alert watches; they are held in memory while articles arrive (about 20 MB)."""
LONGEST_NAME = 100
LONGEST_WATCHED_NAME = 200
LONGEST_SECRET = 500
_BATCH = 1_000


class AlertRepository(PausableRepository[Alert]):
    """Alerts by number; `queue` has what they have to tell and what goes out.

    `hour` (UTC) is when alerts of once a day speak.
    """

    table = alerts
    kind = "alert"

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.queue = AlertQueue(database)

    def of_user(self, user: str) -> tuple[Alert, ...]:
        """Return a user's alerts, by number."""
        return self._read(users.c.name == user)

    def add(self, owner: str, wanted: NewAlert, *, who: str, now: datetime, hour: int = 6) -> Alert:
        """Keep an alert for a user; raises UsageError, NotFoundError for what it names.

        `hour` (UTC) is when an alert of once a day speaks. Names are read one by one, and no more
        of them than are allowed.
        """
        target = checked_target(wanted.channel, wanted.target)
        secret = _secret(wanted)
        with self._database.writing() as connection:
            user = owner_with_room(connection, owner, alerts, MOST, "alerts")
            known = _subject(connection, wanted, user)
            name = checked_name(wanted.name or known, LONGEST_NAME, "An alert's")
            fresh = sa.insert(alerts).values(
                user=user,
                name=name,
                watches=wanted.watches,
                saved=wanted.saved if wanted.watches is Watched.SEARCH else None,
                subject=wanted.subject,
                channel=wanted.channel,
                target=target,
                pace=wanted.pace,
                secret=secret,
                made=now,
                next_send=next_send(wanted.pace, now, hour),
            )
            number = connection.execute(fresh.returning(alerts.c.number)).scalar_one()
            if wanted.watches is Watched.NAMES:
                _add_names(connection, number, wanted.names or iter(()))
            note(connection, who, "alert-added", str(number), f"Added the alert “{name}”.")
        return self.get(number)

    def names(self, number: int) -> list[str]:
        """Return the names that an alert watches."""
        query = sa.select(alert_names.c.name).where(alert_names.c.alert == number)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def _read(self, which: sa.ColumnElement[bool]) -> tuple[Alert, ...]:
        counted = (
            sa.select(sa.func.count())
            .where(alert_names.c.alert == alerts.c.number)
            .scalar_subquery()
        )
        query = (
            sa.select(
                alerts,
                users.c.name.label("owner"),
                sa.func.coalesce(saved_searches.c.question, "").label("question"),
                counted.label("names"),
            )
            .join(users, users.c.number == alerts.c.user)
            .outerjoin(saved_searches, saved_searches.c.number == alerts.c.saved)
            .where(which)
            .order_by(alerts.c.number)
        )
        with self._database.reading() as connection:
            return tuple(map(_alert, connection.execute(query)))


def _alert(row: Any) -> Alert:
    return Alert(
        number=row.number,
        owner=row.owner,
        name=row.name,
        watches=Watched(row.watches),
        channel=Channel(row.channel),
        target=row.target,
        pace=Pace(row.pace),
        made=row.made,
        saved=row.saved,
        question=row.question,
        subject=row.subject,
        names=row.names,
        paused=row.paused,
        next_send=row.next_send,
        trouble=row.trouble,
        secret=row.secret,
    )


def _secret(wanted: NewAlert) -> str:
    """Return what signs an alert's webhooks, made here, or the access token that was given."""
    if wanted.channel is Channel.WEBHOOK:
        return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    secret = wanted.secret.strip() if wanted.channel is Channel.NTFY else ""
    if len(secret) > LONGEST_SECRET or not (secret.isascii() and secret.isprintable()):
        raise UsageError("An access token is one word of plain letters and digits.")
    return secret


def _subject(connection: sa.Connection, wanted: NewAlert, user: int) -> str:
    """Check that what is to be watched is there; return what it is called."""
    match wanted.watches:
        case Watched.SEARCH:
            number = wanted.saved or 0
            mine = (saved_searches.c.user == user) | saved_searches.c.shared
            found = connection.scalar(
                sa.select(saved_searches.c.name).where(
                    by_number(saved_searches.c.number, number), mine
                )
            )
            if found is None:
                raise NotFoundError(f"There is no saved search {number} of yours.")
            return str(found)
        case Watched.SOURCE:
            query = sa.select(articles.c.source).where(articles.c.source == wanted.subject).limit(1)
            if connection.scalar(query) is None:
                raise NotFoundError(f"No article is from {wanted.subject[:80]!r}.")
            return wanted.subject[:LONGEST_NAME]
        case Watched.STORY | Watched.NAMES:
            return ""


def _add_names(connection: sa.Connection, number: int, names: Iterator[str]) -> None:
    """Write names down as they come, each once; raises UsageError for too many, or none."""
    seen: set[str] = set()
    for some in batches(names, _BATCH):
        fresh = dict.fromkeys(" ".join(name.split())[:LONGEST_WATCHED_NAME] for name in some)
        fresh.pop("", None)
        rows = [{"alert": number, "name": name} for name in fresh if name not in seen]
        seen |= fresh.keys()
        if len(seen) > MOST_NAMES:
            raise UsageError(f"An alert watches at most {MOST_NAMES:,} names; there are more here.")
        if rows:
            connection.execute(sa.insert(alert_names), rows)
    if not seen:
        raise UsageError("There is no name in this list.")
