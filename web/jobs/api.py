"""Jobs: long work that is asked for, looked at and cancelled."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, after_this_request, send_file, url_for
from msgspec import Meta, Struct, to_builtins

from export.format import format_named
from export.record import iso
from export.request import checked
from models.accounts import Role
from models.errors import NotFoundError, UsageError
from models.jobs import Job, JobKind
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import ExportQuestion, Limit, Nothing
from web.jobs import actions

views = Blueprint("jobs", __name__)


class JobAnswer(Struct):
    """A job. `state` is waiting, running, done, failed or cancelled; `progress` counts to `total`.

    `result` is what came of it, `error` why it failed, `file` where its file is.
    """

    id: int
    kind: str
    state: str
    who: str
    made: Time
    started: Time | None
    ended: Time | None
    progress: int
    total: int | None
    note: str
    result: dict[str, Any] | None
    error: str
    file: str | None


class JobList(Struct):
    """Jobs, newest first; `next` is the `below` of those before, null where there are none."""

    items: list[JobAnswer]
    next: int | None


class JobsQuestion(Struct, forbid_unknown_fields=True):
    """Which jobs: those before the number `below`."""

    below: Annotated[int, Meta(ge=1, le=2**31)] | None = None
    limit: Limit = 50


class FeedsChecked(Struct, forbid_unknown_fields=True):
    """Which feeds to check: those that are due, or `all` that are subscribed to."""

    all: bool = False


Accepted = tuple[JobAnswer, int, dict[str, str]]


@views.get("/jobs")
@needs(Role.READER)
@spec.validate(resp=answers(JobList), tags=["jobs"], operation_id="listJobs")
def jobs(query: JobsQuestion) -> JobList:
    """List jobs: your own, or all for an admin."""
    found = actions.jobs_of(visitor(), limit=query.limit, below=query.below)
    last = found[-1].number if len(found) == query.limit else None
    return JobList([_answer(job) for job in found], last)


@views.get("/jobs/<int:number>")
@needs(Role.READER)
@spec.validate(resp=answers(JobAnswer, 404), tags=["jobs"], operation_id="getJob")
def job(number: int, query: Nothing) -> JobAnswer:  # noqa: ARG001 - read by spectree
    """Return one job: where it stands, and what came of it."""
    return _answer(actions.job_for(number))


@views.get("/jobs/<int:number>/file")
@needs(Role.READER)
@spec.validate(resp=answers(None, 404), tags=["jobs"], operation_id="getJobFile")
def job_file(number: int, query: Nothing) -> Response:  # noqa: ARG001 - read by spectree
    """Give the file that a job made."""
    path, name, media_type = actions.made_file(number)

    # Spectree reads an answer whole before it lets it go, so the stream comes after it.
    @after_this_request
    def stream(_empty: Response) -> Response:
        return send_file(path, media_type, as_attachment=True, download_name=name, max_age=0)

    return Response(status=200)


@views.post("/jobs/<int:number>/cancel")
@needs(Role.READER)
@spec.validate(resp=answers(JobAnswer, 400, 404), tags=["jobs"], operation_id="cancelJob")
def cancel(number: int, query: Nothing) -> JobAnswer:  # noqa: ARG001 - read by spectree
    """End a job; what is done of it in batches stays done."""
    return _answer(actions.cancel(number))


@views.post("/exports/<name>")
@needs(Role.READER)
@spec.validate(
    resp=answers(JobAnswer, 400, 404, status=202), tags=["exports"], operation_id="exportAsJob"
)
def export(name: str, query: Nothing, json: ExportQuestion) -> Accepted:  # noqa: ARG001 - read by spectree
    """Export what a search finds as a job; its file is given once it is done."""
    try:
        chosen = format_named(name)
    except UsageError as error:
        raise NotFoundError(str(error)) from error
    checked(json.request(), chosen)
    return accepted(actions.ask_for(JobKind.EXPORT, {"format": name, **to_builtins(json)}))


@views.post("/feeds/check")
@needs(Role.ADMIN)
@spec.validate(resp=answers(JobAnswer, status=202), tags=["feeds"], operation_id="checkFeeds")
def check_feeds(query: Nothing, json: FeedsChecked) -> Accepted:  # noqa: ARG001 - read by spectree
    """Check feeds as a job, and tag and index what is new."""
    return accepted(actions.ask_for(JobKind.CHECK_FEEDS, {"all": json.all}))


@views.post("/articles/tag")
@needs(Role.ADMIN)
@spec.validate(resp=answers(JobAnswer, status=202), tags=["articles"], operation_id="tagArticles")
def tag(query: Nothing) -> Accepted:  # noqa: ARG001 - read by spectree
    """Tag all articles that are due as a job, and index them."""
    return accepted(actions.ask_for(JobKind.TAG))


@views.post("/index/rebuild")
@needs(Role.ADMIN)
@spec.validate(resp=answers(JobAnswer, status=202), tags=["stats"], operation_id="rebuildIndex")
def rebuild(query: Nothing) -> Accepted:  # noqa: ARG001 - read by spectree
    """Make the search index anew from the store as a job."""
    return accepted(actions.ask_for(JobKind.REBUILD_INDEX))


@views.post("/topics/fit")
@needs(Role.ADMIN)
@spec.validate(resp=answers(JobAnswer, status=202), tags=["topics"], operation_id="fitTopics")
def fit_topics(query: Nothing) -> Accepted:  # noqa: ARG001 - read by spectree
    """Fit the topics to your articles and corrections as a job."""
    return accepted(actions.ask_for(JobKind.FIT_TOPICS))


@views.post("/clusters/fit")
@needs(Role.ADMIN)
@spec.validate(resp=answers(JobAnswer, status=202), tags=["clusters"], operation_id="fitClusters")
def fit_clusters(query: Nothing) -> Accepted:  # noqa: ARG001 - read by spectree
    """Fit clusters to the tagged articles as a job."""
    return accepted(actions.ask_for(JobKind.FIT_CLUSTERS))


def accepted(job: Job) -> Accepted:
    """Return the answer to a request that is done later, as a job."""
    return _answer(job), 202, {"Location": url_for("api.jobs.job", number=job.number)}


def _answer(job: Job) -> JobAnswer:
    has_file = job.result is not None and "file" in job.result
    return JobAnswer(
        id=job.number,
        kind=job.kind,
        state=job.state,
        who=job.who,
        made=iso(job.made) or "",
        started=iso(job.started),
        ended=iso(job.ended),
        progress=job.progress,
        total=job.total,
        note=job.note,
        result=job.result,
        error=job.error,
        file=url_for("api.jobs.job_file", number=job.number) if has_file else None,
    )
