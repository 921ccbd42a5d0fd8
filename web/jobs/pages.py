"""The page of jobs: what is done apart from the pages, how far it is, and cancelling it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from models.accounts import Role
from models.errors import UsageError
from models.jobs import JobKind
from web.accounts.access import needs, visitor
from web.jobs import actions
from web.tables import table_of
from web.translation.localization import gettext

pages = Blueprint("jobs", __name__)

OFFERED = (
    JobKind.CHECK_FEEDS,
    JobKind.TAG,
    JobKind.FIT_TOPICS,
    JobKind.FIT_CLUSTERS,
    JobKind.REBUILD_INDEX,
)


@pages.get("/jobs")
@needs(Role.READER)
def jobs() -> str | Response:
    """List jobs: one's own, or all for an admin."""
    found = actions.jobs_of(visitor())
    table = table_of(
        "jobs",
        ("number", "kind", "state", "who", "made", "started", "ended", "error"),
        lambda: (
            (
                *(each.number, each.kind, each.state, each.who, each.made),
                *(each.started, each.ended, each.error),
            )
            for each in found
        ),
    )
    if table:
        return table
    under_way = any(not job.is_over for job in found)
    return render_template("jobs.html", jobs=found, offered=OFFERED, under_way=under_way)


@pages.post("/jobs")
@needs(Role.ADMIN)
def ask() -> AnyResponse:
    """Ask for a job."""
    try:
        kind = actions.checked_kind(request.form.get("kind", "")[:40])
        if kind not in OFFERED:
            raise UsageError(f"The job {kind} is asked for elsewhere.")
    except UsageError as error:
        raise BadRequest(str(error)) from None
    job = actions.ask_for(kind)
    flash(gettext("Job {number} waits for a worker.", number=job.number))
    return redirect(url_for("jobs.jobs"), 303)


@pages.post("/jobs/<int:number>/cancel")
@needs(Role.READER)
def cancel(number: int) -> AnyResponse:
    """Want a job to end."""
    try:
        actions.cancel(number)
    except UsageError as error:
        raise BadRequest(str(error)) from None
    flash(gettext("Job {number} ends.", number=number))
    return redirect(url_for("jobs.jobs"), 303)


@pages.get("/jobs/<int:number>/file")
@needs(Role.READER)
def file(number: int) -> Response:
    """Give the file that a job made."""
    path, name, media_type = actions.made_file(number)
    return send_file(path, media_type, as_attachment=True, download_name=name, max_age=0)
