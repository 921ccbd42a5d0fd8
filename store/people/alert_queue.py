"""The queue of alerts: matches, each stored once, and the messages that report them.

A match is written in the transaction that takes its article off the change queue, so that an
article is matched when and only when the index knows it. A match belongs to one delivery for good;
a delivery is claimed by who sends it, and is done when its receiver has taken it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models.activity import BASE, LOOK_BACK
from models.alerts import Channel, Delivery, Match, Pace, State, next_send
from store.changes import Change, take_off
from store.database import Database, in_chunks
from store.people.alert_tables import alert_deliveries, alert_matches, alerts
from store.schema import articles

SHOWN = 100
"""Articles of an alert that one message names; the others are counted."""
CLAIMED = timedelta(minutes=5)
"""How long a delivery is left to who began to send it; much longer than any sending takes."""


class AlertQueue:
    """What alerts have to tell. `now` is always given, so that time is the caller's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, matches: Iterable[Match], now: datetime, done: Sequence[Change] = ()) -> int:
        """Write matches down, each only once for its alert; return how many are new.

        In the same transaction `done` leaves the change queue.
        """
        added = 0
        with self._database.writing() as connection:
            for chunk in in_chunks(list(dict.fromkeys(matches)), 100):
                known = self._known(connection, chunk)
                alive = set(
                    connection.scalars(
                        sa.select(alerts.c.number).where(
                            alerts.c.number.in_({match.alert for match in chunk})
                        )
                    )
                )
                rows = {
                    (match.alert, match.subject): {
                        "alert": match.alert,
                        "subject": match.subject,
                        "article_id": match.article_id,
                        "words": match.words,
                        "made": now,
                    }
                    for match in chunk
                    if match.alert in alive and (match.alert, match.subject) not in known
                }
                if rows:
                    connection.execute(sa.insert(alert_matches), list(rows.values()))
                added += len(rows)
            take_off(connection, done)
        return added

    def known(self, alert: int, subjects: Collection[str]) -> set[str]:
        """Return those of some subjects that an alert has matched before."""
        found: set[str] = set()
        with self._database.reading() as connection:
            for chunk in in_chunks(list(subjects)):
                found |= set(
                    connection.scalars(
                        sa.select(alert_matches.c.subject).where(
                            alert_matches.c.alert == alert, alert_matches.c.subject.in_(chunk)
                        )
                    )
                )
        return found

    @staticmethod
    def _known(connection: sa.Connection, matches: Sequence[Match]) -> set[tuple[int, str]]:
        query = sa.select(alert_matches.c.alert, alert_matches.c.subject).where(
            alert_matches.c.alert.in_({match.alert for match in matches}),
            alert_matches.c.subject.in_({match.subject for match in matches}),
        )
        return {(row[0], row[1]) for row in connection.execute(query)}

    def collect(self, now: datetime, hour: int = 6) -> int:
        """Make messages of what is due to be told; return how many.

        Mail of once an hour or once a day is one message for all alerts of a user to one address;
        everything else is one for each alert.
        """
        due = (alerts.c.pace == Pace.AT_ONCE) | (alerts.c.next_send <= now)
        columns = (
            *(alert_matches.c.alert, alerts.c.user, alerts.c.channel, alerts.c.target),
            *(alerts.c.secret, alerts.c.pace),
        )
        query = (
            sa.select(*columns)
            .join(alerts, alerts.c.number == alert_matches.c.alert)
            .where(alert_matches.c.delivery.is_(None), ~alerts.c.paused, due)
            .group_by(*columns)
            .order_by(alert_matches.c.alert)
        )
        with self._database.writing() as connection:
            groups: dict[Any, list[Any]] = defaultdict(list)
            for row in connection.execute(query):
                digest = row.channel == Channel.MAIL and row.pace != Pace.AT_ONCE
                groups[(row.user, row.target, row.pace) if digest else row.alert].append(row)
            for rows in groups.values():
                number = self._new(connection, rows[0], now)
                mine = alert_matches.c.alert.in_([row.alert for row in rows])
                connection.execute(
                    sa.update(alert_matches)
                    .where(mine, alert_matches.c.delivery.is_(None))
                    .values(delivery=number)
                )
            for pace in (Pace.HOURLY, Pace.DAILY):
                connection.execute(
                    sa.update(alerts)
                    .where(alerts.c.pace == pace, alerts.c.next_send <= now)
                    .values(next_send=next_send(pace, now, hour))
                )
        return len(groups)

    def add_test(self, alert: int, now: datetime) -> int:
        """Put a message on the queue that only says that it is a test; return its number."""
        query = sa.select(
            alerts.c.number.label("alert"),
            alerts.c.user,
            alerts.c.channel,
            alerts.c.target,
            alerts.c.secret,
        ).where(alerts.c.number == alert)
        with self._database.writing() as connection:
            row = connection.execute(query).one()
            return self._new(connection, row, now, test=True)

    @staticmethod
    def _new(connection: sa.Connection, row: Any, now: datetime, *, test: bool = False) -> int:
        fresh = sa.insert(alert_deliveries).values(
            user=row.user,
            alert=row.alert,
            key=uuid.uuid4().hex,
            channel=row.channel,
            target=row.target,
            secret=row.secret,
            test=test,
            state=State.WAITING,
            made=now,
            next_try=now,
        )
        return int(connection.execute(fresh.returning(alert_deliveries.c.number)).scalar_one())

    def claim(self, now: datetime, only: int | None = None) -> Delivery | None:
        """Take the delivery that has waited longest, for `CLAIMED`; None where none is due.

        Who was killed while sending it leaves it to the next after that time.
        """
        free = alert_deliveries.c.claimed_until.is_(None) | (alert_deliveries.c.claimed_until < now)
        due = (alert_deliveries.c.state == State.WAITING) & (alert_deliveries.c.next_try <= now)
        query = (
            sa.select(alert_deliveries)
            .where(due, free)
            .order_by(alert_deliveries.c.next_try, alert_deliveries.c.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if only is not None:
            query = query.where(alert_deliveries.c.number == only)
        with self._database.writing() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            values = {"claimed_until": now + CLAIMED, "attempts": row.attempts + 1}
            here = alert_deliveries.c.number == row.number
            connection.execute(sa.update(alert_deliveries).where(here).values(**values))
            row = connection.execute(sa.select(alert_deliveries).where(here)).one()
        return _delivery(row)

    def waiting(self) -> int:
        """Return how many deliveries have not been taken by their receivers yet."""
        query = sa.select(sa.func.count()).where(alert_deliveries.c.state == State.WAITING)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def finish(self, number: int, state: State, now: datetime, error: str = "") -> None:
        """Write down that a delivery is over; nothing sends it again."""
        self._change(
            number,
            {"state": state, "finished": now, "next_try": None, "error": error[:500]},
        )

    def postpone(self, number: int, error: str, until: datetime) -> None:
        """Write down why a delivery was not taken, and when it is tried again."""
        self._change(number, {"next_try": until, "error": error[:500]})

    def _change(self, number: int, values: dict[str, Any]) -> None:
        here = alert_deliveries.c.number == number
        with self._database.writing() as connection:
            change = sa.update(alert_deliveries).where(here)
            connection.execute(change.values(claimed_until=None, **values))

    def content(self, number: int) -> dict[int, tuple[tuple[Match, ...], int]]:
        """Return by alert what a delivery has to tell: the newest `SHOWN`, and how many in all."""
        here = alert_matches.c.delivery == number
        order = alert_matches.c.number.desc()
        found: dict[int, tuple[tuple[Match, ...], int]] = {}
        with self._database.reading() as connection:
            counts = connection.execute(
                sa.select(alert_matches.c.alert, sa.func.count())
                .where(here)
                .group_by(alert_matches.c.alert)
                .order_by(alert_matches.c.alert)
            ).all()
            for alert, total in counts:
                rows = connection.execute(
                    sa.select(alert_matches)
                    .where(here, alert_matches.c.alert == alert)
                    .order_by(order)
                    .limit(SHOWN)
                )
                matches = tuple(Match(alert, r.subject, r.article_id, r.words) for r in rows)
                found[alert] = (matches, total)
        return found

    def of_alert(self, alert: int, limit: int = 5) -> tuple[Delivery, ...]:
        """Return the newest deliveries of an alert, also those that tell of others as well."""
        sent = sa.select(alert_matches.c.delivery).where(
            alert_matches.c.alert == alert, alert_matches.c.delivery.is_not(None)
        )
        query = (
            sa.select(alert_deliveries)
            .where((alert_deliveries.c.alert == alert) | alert_deliveries.c.number.in_(sent))
            .order_by(alert_deliveries.c.number.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple(map(_delivery, connection.execute(query)))

    def get(self, number: int) -> Delivery:
        """Return a delivery."""
        query = sa.select(alert_deliveries).where(alert_deliveries.c.number == number)
        with self._database.reading() as connection:
            return _delivery(connection.execute(query).one())

    def articles_by_day(self, source: str, now: datetime) -> dict[date, int]:
        """Return how many articles a publisher published each day (UTC) of late."""
        day = sa.func.date(articles.c.published)
        since = now - timedelta(days=LOOK_BACK + BASE)
        query = (
            sa.select(day, sa.func.count())
            .where(articles.c.source == source, articles.c.published > since)
            .group_by(day)
        )
        with self._database.reading() as connection:
            return {
                date.fromisoformat(str(found)): int(count)
                for found, count in connection.execute(query)
            }


def _delivery(row: Any) -> Delivery:
    return Delivery(
        number=row.number,
        key=row.key,
        channel=Channel(row.channel),
        target=row.target,
        made=row.made,
        attempts=row.attempts,
        state=State(row.state),
        test=row.test,
        error=row.error,
        next_try=row.next_try,
        finished=row.finished,
        secret=row.secret,
    )
