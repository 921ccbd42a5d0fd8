"""The repository of jobs: each is leased to one worker, and freed if the worker dies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from models.errors import BusyError, NotFoundError, UsageError
from models.jobs import KEPT, LEASE, MOST_ATTEMPTS, Job, JobKind, JobState
from store.database import Database, by_number
from store.journal import note
from store.leases import LONGEST
from store.work_tables import jobs

MOST_WAITING = 100
"""Jobs that wait at a time."""
LONGEST_TEXT = 2_000


class JobRepository:
    """Jobs by number. A worker is a text of its own choice, another one for each process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: JobKind, options: Mapping[str, Any], *, who: str, now: datetime) -> Job:
        """Keep a job for a worker to take; raises BusyError where too many wait.

        A job that waits already and asks for the same is returned instead of a second one.
        """
        with self._database.writing() as connection:
            waiting = _read(connection, jobs.c.state == JobState.WAITING)
            for job in waiting:
                if (job.kind, job.options, job.who) == (kind, dict(options), who):
                    return job
            if len(waiting) >= MOST_WAITING:
                raise BusyError(f"{MOST_WAITING} jobs wait already; cancel some, or wait.")
            row = sa.insert(jobs).values(
                kind=kind, state=JobState.WAITING, options=dict(options), who=who, made=now
            )
            number = int(connection.execute(row.returning(jobs.c.number)).scalar_one())
            note(connection, who, "job-added", str(number), f"Asked for the job {kind}.")
        return self.get(number)

    def get(self, number: int) -> Job:
        """Return a job; raises NotFoundError."""
        with self._database.reading() as connection:
            found = _read(connection, by_number(jobs.c.number, number))
        if not found:
            raise NotFoundError(f"There is no job {number}.")
        return found[0]

    def all(self, *, who: str = "", limit: int = 100, below: int | None = None) -> list[Job]:
        """Return jobs, newest first: those of one person, or all; `below` a number."""
        where = sa.true() if not who else jobs.c.who == who
        if below is not None:
            where &= jobs.c.number < below
        with self._database.reading() as connection:
            return _read(connection, where, newest=True, limit=limit)

    def take(self, worker: str, now: datetime) -> Job | None:
        """Give a worker the oldest job that waits, or whose worker died; None where there is none.

        One job runs at a time: while a worker holds one, no other is given out.
        """
        if not self.waiting(now):
            return None  # most often; asked without a write
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                # SQLite has one writer at a time; here two workers could both find none running.
                mode = f"LOCK TABLE {jobs.name} IN SHARE ROW EXCLUSIVE MODE"
                connection.execute(sa.text(mode))
            running = jobs.c.state == JobState.RUNNING
            if connection.scalar(_count(running & ~_lapsed(now))):
                return None
            self._give_up(connection, now)
            open_to_take = (jobs.c.state == JobState.WAITING) | (running & _lapsed(now))
            number = connection.scalar(
                sa.select(jobs.c.number).where(open_to_take).order_by(jobs.c.number).limit(1)
            )
            if number is None:
                return None
            connection.execute(
                sa.update(jobs)
                .where(jobs.c.number == number)
                .values(
                    state=JobState.RUNNING,
                    worker=worker,
                    lease=now + LEASE,
                    started=sa.func.coalesce(jobs.c.started, sa.bindparam("now", now, UTC_TIME)),
                    attempts=jobs.c.attempts + 1,
                    progress=0,
                    total=None,
                    note="",
                )
            )
        return self.get(number)

    def _give_up(self, connection: sa.Connection, now: datetime) -> None:
        """End jobs that were cancelled while their worker was dead, or that outlived too many."""
        dead = jobs.c.state == JobState.RUNNING
        for ended, why in (
            (dead & jobs.c.cancelled, {"state": JobState.CANCELLED}),
            (
                dead & (jobs.c.attempts >= MOST_ATTEMPTS),
                {
                    "state": JobState.FAILED,
                    "error": f"{MOST_ATTEMPTS} processes died over this job.",
                },
            ),
        ):
            over = {"ended": now, "worker": "", "lease": None}
            connection.execute(sa.update(jobs).where(ended).values(**why, **over))

    def waiting(self, now: datetime) -> bool:
        """Say whether a worker has anything to take, or will once a dead one's lease ends."""
        dead = (jobs.c.state == JobState.RUNNING) & _lapsed(now)
        with self._database.reading() as connection:
            return bool(connection.scalar(_count((jobs.c.state == JobState.WAITING) | dead)))

    def renew(
        self, number: int, worker: str, now: datetime, progress: int, total: int | None, part: str
    ) -> bool:
        """Give a sign of life; say whether the worker is to go on."""
        with self._database.writing() as connection:
            renewed = connection.execute(
                sa.update(jobs)
                .where(_held(number, worker))
                .values(lease=now + LEASE, progress=progress, total=total, note=part)
            )
            if not renewed.rowcount:
                return False
            wanted = sa.select(jobs.c.cancelled).where(jobs.c.number == number)
            return not connection.scalar(wanted)

    def finish(
        self,
        number: int,
        worker: str,
        now: datetime,
        *,
        result: Mapping[str, Any] | None = None,
        error: str = "",
    ) -> bool:
        """End a job with what came of it; say whether the worker still held it."""
        state = JobState.FAILED if error else JobState.DONE
        return self._end(
            _held(number, worker),
            now,
            state=state,
            result=sa.null() if result is None else dict(result),
            error=error[:LONGEST_TEXT],
        )

    def end_cancelled(self, number: int, worker: str, now: datetime) -> bool:
        """End a job that its worker left because a person wanted so."""
        return self._end(_held(number, worker) & jobs.c.cancelled, now, state=JobState.CANCELLED)

    def give_back(self, worker: str, *, died: bool) -> None:
        """Let others take what a worker held that has ended; one that `died` counts against it."""
        held = (jobs.c.state == JobState.RUNNING) & (jobs.c.worker == worker)
        with self._database.writing() as connection:
            connection.execute(
                sa.update(jobs)
                .where(held)
                .values(
                    state=JobState.RUNNING if died else JobState.WAITING,
                    worker="",
                    lease=sa.null() if not died else LONG_AGO,
                    attempts=jobs.c.attempts - (0 if died else 1),
                )
            )

    def cancel(self, number: int, *, who: str, now: datetime) -> Job:
        """Want a job to end: one that waits does at once. Raises UsageError where it is over."""
        with self._database.writing() as connection:
            job = self.get(number)
            if job.is_over:
                raise UsageError(f"Job {number} is {job.state} already.")
            values: dict[str, Any] = {"cancelled": True}
            if job.state is JobState.WAITING:
                values |= {"state": JobState.CANCELLED, "ended": now}
            connection.execute(sa.update(jobs).where(jobs.c.number == number).values(**values))
            note(connection, who, "job-cancelled", str(number), f"Cancelled the job {job.kind}.")
        return self.get(number)

    def forget(self, now: datetime) -> list[int]:
        """Forget jobs that ended long ago; return their numbers."""
        old = jobs.c.ended < now - KEPT
        with self._database.writing() as connection:
            numbers = list(connection.scalars(sa.select(jobs.c.number).where(old)))
            connection.execute(sa.delete(jobs).where(old))
        return numbers

    def _end(self, which: sa.ColumnElement[bool], now: datetime, **values: Any) -> bool:
        over = {"ended": now, "worker": "", "lease": None}
        with self._database.writing() as connection:
            ended = connection.execute(sa.update(jobs).where(which).values(**values, **over))
            return bool(ended.rowcount)


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UTC_TIME = jobs.c.started.type


def _held(number: int, worker: str) -> sa.ColumnElement[bool]:
    return (
        (jobs.c.number == number) & (jobs.c.state == JobState.RUNNING) & (jobs.c.worker == worker)
    )


def _lapsed(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a lease is over, or was written before the clock was set back."""
    return (jobs.c.lease <= now) | (jobs.c.lease > now + LONGEST)


def _count(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(jobs).where(where)


def _read(
    connection: sa.Connection,
    where: sa.ColumnElement[bool],
    *,
    newest: bool = False,
    limit: int | None = None,
) -> list[Job]:
    order = jobs.c.number.desc() if newest else jobs.c.number
    query = sa.select(jobs).where(where).order_by(order).limit(limit)
    return [
        Job(
            number=row.number,
            kind=JobKind(row.kind),
            state=JobState(row.state),
            who=row.who,
            made=row.made,
            options=row.options,
            started=row.started,
            ended=row.ended,
            progress=row.progress,
            total=row.total,
            note=row.note,
            result=row.result,
            error=row.error,
            attempts=row.attempts,
            cancelled=row.cancelled,
        )
        for row in connection.execute(query)
    ]
