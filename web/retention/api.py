"""Removing articles for good: one by a person's word, many by a rule; each with a preview."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from export.record import iso
from models.accounts import Role
from models.jobs import JobKind
from models.removal import LONGEST_REASON, Removal, RemovalKind
from web.accounts.access import needs, visitor
from web.api.answers.basic import Time
from web.api.answers.sources import SourceSummary
from web.api.openapi import answers, spec
from web.api.paging import cursor_of, offset_of
from web.api.questions import Cursor, Limit, Nothing
from web.context import app_context, library
from web.jobs import actions
from web.jobs.api import Accepted, JobAnswer, accepted
from web.retention import plan

views = Blueprint("retention", __name__)

Days = Annotated[int, Meta(ge=0, le=plan.FURTHEST_DAYS)]
Count = Annotated[int, Meta(ge=0, le=plan.MOST_ARTICLES)]


class RetentionQuestion(Struct, forbid_unknown_fields=True):
    """What to keep: so many days, articles, megabytes of text; 0 sets no limit."""

    days: Days = 0
    articles: Count = 0
    megabytes: Count = 0


class RetentionPreviewAnswer(Struct):
    """What would go (`due` of `articles`), from when to when; `spared` counts what is kept."""

    articles: int
    due: int
    oldest: Time | None
    newest: Time | None
    sources: list[SourceSummary]
    spared: dict[str, int]


class TakedownPreviewAnswer(Struct):
    """What goes with an article: its versions. `repeats` are those that repeat it and stay."""

    id: str
    title: str
    source: str
    versions: int
    repeats: list[str]


class ReasonQuestion(Struct, forbid_unknown_fields=True):
    """Why an article is to go."""

    reason: Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)]


class RemovalAnswer(Struct):
    """The record of a removed article: its id, nothing of its text. `kind`: takedown, retention."""

    article: str
    kind: str
    source: str
    published: Time | None
    removed: Time
    who: str
    why: str


class RemovalPage(Struct):
    """One page of removed articles, the latest first."""

    total: int
    items: list[RemovalAnswer]
    next: str | None


class RemovalsQuestion(Struct, forbid_unknown_fields=True):
    """Which removals: of one kind, or all."""

    kind: RemovalKind | None = None
    limit: Limit = 50
    cursor: Cursor = ""


@views.get("/articles/<article_id>/removal")
@needs(Role.ADMIN)
@spec.validate(
    resp=answers(TakedownPreviewAnswer, 404), tags=["articles"], operation_id="previewRemoval"
)
def preview_removal(article_id: str, query: Nothing) -> TakedownPreviewAnswer:  # noqa: ARG001 - by spectree
    """Say what removing an article would do."""
    found = plan.preview_takedown(library().store, article_id)
    return TakedownPreviewAnswer(
        found.article.id,
        found.article.title,
        found.article.source,
        found.versions,
        list(found.repeats),
    )


@views.delete("/articles/<article_id>")
@needs(Role.ADMIN)
@spec.validate(
    resp=answers(RemovalAnswer, 400, 404), tags=["articles"], operation_id="removeArticle"
)
def remove(article_id: str, query: ReasonQuestion) -> RemovalAnswer:
    """Remove an article everywhere; it does not come back. This can't be undone."""
    removal = plan.take_down(library().store, article_id, query.reason, visitor().name)
    app_context().indexing.catch_up()
    return _removal(removal)


@views.get("/removals")
@needs(Role.ADMIN)
@spec.validate(resp=answers(RemovalPage, 400), tags=["articles"], operation_id="listRemovals")
def removals(query: RemovalsQuestion) -> RemovalPage:
    """List removed articles: when each went, by whom and why."""
    store = library().store
    offset = offset_of(query.cursor, query.kind)
    found = store.removals.all(query.kind, query.limit, offset)
    total, beyond = store.removals.count(query.kind), offset + len(found)
    more = bool(found) and beyond < total
    return RemovalPage(
        total,
        [_removal(each) for each in found],
        cursor_of(beyond, query.kind) if more else None,
    )


@views.delete("/removals/<article_id>")
@needs(Role.ADMIN)
@spec.validate(resp=answers(RemovalAnswer, 404), tags=["articles"], operation_id="allowArticle")
def allow(article_id: str, query: Nothing) -> RemovalAnswer:  # noqa: ARG001 - read by spectree
    """Let a removed article come back with the next ingest that has it."""
    return _removal(library().store.removals.allow(article_id, who=visitor().name))


@views.get("/retention")
@needs(Role.ADMIN)
@spec.validate(
    resp=answers(RetentionPreviewAnswer, 400), tags=["articles"], operation_id="previewRetention"
)
def preview(query: RetentionQuestion) -> RetentionPreviewAnswer:
    """Say what a rule of retention would remove; without limits, the one of the settings."""
    rule = app_context().settings.retention
    if query.days or query.articles or query.megabytes or not rule.is_set:
        rule = plan.checked_rule(query.days, query.articles, query.megabytes)
    found = library().store.removals.preview(rule, datetime.now(UTC))
    return RetentionPreviewAnswer(
        articles=found.articles,
        due=found.due,
        oldest=iso(found.oldest),
        newest=iso(found.newest),
        sources=[SourceSummary(*each) for each in found.sources],
        spared=found.kept,
    )


@views.post("/retention")
@needs(Role.ADMIN)
@spec.validate(
    resp=answers(JobAnswer, 400, status=202), tags=["articles"], operation_id="applyRetention"
)
def apply(query: Nothing, json: RetentionQuestion) -> Accepted:  # noqa: ARG001 - read by spectree
    """Remove what a rule of retention no longer keeps, as a job."""
    rule = plan.checked_rule(json.days, json.articles, json.megabytes)
    options = {"days": rule.days, "articles": rule.articles, "megabytes": rule.megabytes}
    return accepted(actions.ask_for(JobKind.RETENTION, options))


def _removal(each: Removal) -> RemovalAnswer:
    return RemovalAnswer(
        article=each.article,
        kind=each.kind,
        source=each.source,
        published=iso(each.published),
        removed=iso(each.removed) or "",
        who=each.who,
        why=each.why,
    )
