"""Starts and lists jobs, with permission checks, for pages and API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkzeug.exceptions import Forbidden

from models.accounts import Role
from models.errors import NotFoundError, UsageError
from models.jobs import Job, JobKind, JobState
from web.accounts.access import Visitor, visitor
from web.context import app_context, library
from web.jobs.files import file_of

FOR_READERS = frozenset({JobKind.EXPORT})
"""What everybody may ask for who has signed in; all else is for admins."""


def ask_for(kind: JobKind, options: Mapping[str, Any] | None = None) -> Job:
    """Keep a job for a worker; raises Forbidden, BusyError."""
    who = visitor()
    if kind not in FOR_READERS and not who.may(Role.ADMIN):
        raise Forbidden(f"{who.name} is {who.role}; this job takes the role admin.")
    return library().store.jobs.add(kind, options or {}, who=who.name, now=datetime.now(UTC))


def jobs_of(who: Visitor, *, limit: int = 100, below: int | None = None) -> list[Job]:
    """Return the jobs that a visitor may see: an admin all, others their own; newest first."""
    name = "" if who.may(Role.ADMIN) else who.name
    return library().store.jobs.all(who=name, limit=limit, below=below)


def job_for(number: int) -> Job:
    """Return a job that the visitor may see; raises NotFoundError."""
    job, who = library().store.jobs.get(number), visitor()
    if job.who != who.name and not who.may(Role.ADMIN):
        raise NotFoundError(f"There is no job {number}.")
    return job


def cancel(number: int) -> Job:
    """Want a job to end; raises NotFoundError, UsageError where it is over."""
    job = job_for(number)
    return library().store.jobs.cancel(job.number, who=visitor().name, now=datetime.now(UTC))


def made_file(number: int) -> tuple[Path, str, str]:
    """Return the file that a job made, what to call it and its media type; raises NotFoundError."""
    job = job_for(number)
    folder = app_context().settings.exports
    if job.kind is not JobKind.EXPORT or job.state is not JobState.DONE or not job.result:
        raise NotFoundError(f"Job {number} has no file.")
    if folder is None or not (path := file_of(folder, number)).exists():
        raise NotFoundError(f"The file of job {number} has gone; ask for it again.")
    return path, job.result["file"], job.result["media_type"]


def checked_kind(text: str) -> JobKind:
    """Return a kind of job by its name; raises UsageError."""
    try:
        return JobKind(text)
    except ValueError:
        raise UsageError(f"A job is one of {', '.join(JobKind)}.") from None
