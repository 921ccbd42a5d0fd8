"""`slugline jobs`: long-running jobs that pages and API started."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import click

from models.jobs import Job
from slugline.commands.people.users import whoami
from slugline.context import Context, command


@click.group()
def jobs() -> None:
    """See long work that was asked for, do it, or cancel it."""


@jobs.command(name="list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help="How many.  [50]")
@command
def list_(context: Context, limit: int) -> None:
    """List jobs, newest first."""
    with context.store() as store:
        found = store.jobs.all(limit=limit)
    context.report(
        {"jobs": [dataclasses.asdict(job) for job in found]},
        "\n".join(_line(job) for job in found) or "No jobs.",
    )


@jobs.command()
@command
def run(context: Context) -> None:
    """Do all jobs that wait, one after the other; `serve` and `watch` do so by themselves."""
    from slugline.jobs.runner import new_worker, run_next

    done = []
    with context.store() as store:
        worker = new_worker()
        while job := run_next(context.settings, store, worker):
            done.append(job)
            context.say(_line(job))
    failed = [job.number for job in done if job.error]
    context.report(
        {"done": len(done) - len(failed), "failed": failed},
        f"{len(done) - len(failed)} done, {len(failed)} failed.",
    )
    if failed:
        click.get_current_context().exit(1)


@jobs.command()
@click.argument("number", type=int)
@command
def cancel(context: Context, number: int) -> None:
    """Cancel the job NUMBER."""
    with context.store() as store:
        job = store.jobs.cancel(number, who=whoami(), now=datetime.now(UTC))
    context.report(dataclasses.asdict(job), _line(job))


def _line(job: Job) -> str:
    state = f"{job.state}, to be cancelled" if job.cancelled and not job.is_over else job.state
    detail = job.error or (f"{job.progress:,} of {job.total:,}" if job.total else "")
    return (
        f"{job.number:>5}  {job.made:%Y-%m-%d %H:%M}  {job.kind:<14} {state:<10} {detail}".rstrip()
    )
