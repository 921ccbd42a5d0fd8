"""The pages to remove an article, and what is not kept any more, with a preview of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from models.accounts import Role
from models.errors import UsageError
from models.jobs import JobKind
from models.removal import RemovalKind, RetentionRule
from web.accounts.access import needs, visitor
from web.context import app_context, library
from web.jobs.actions import ask_for
from web.retention.plan import checked_rule, preview_takedown, take_down
from web.translation.localization import gettext

pages = Blueprint("retention", __name__)

SHOWN = 50
LONGEST_NUMBER = 12


@pages.get("/articles/<article_id>/remove")
@needs(Role.ADMIN)
def ask_remove(article_id: str) -> str:
    """Show what would go with an article, and ask why it is to go."""
    return _ask(article_id)


@pages.post("/articles/<article_id>/remove")
@needs(Role.ADMIN)
def remove(article_id: str) -> tuple[str, int] | AnyResponse:
    """Remove an article everywhere."""
    try:
        take_down(library().store, article_id, request.form.get("reason", ""), visitor().name)
    except UsageError as error:
        return _ask(article_id, str(error)), 400
    app_context().indexing.catch_up()
    flash(gettext("The article is removed, and will not come back."))
    return redirect(url_for("retention.retention"), 303)


@pages.get("/retention")
@needs(Role.ADMIN)
def retention() -> tuple[str, int] | str:
    """Show what a rule would remove, and what was removed."""
    own = app_context().settings.retention
    asked = request.args
    if not any(asked.get(name) for name in ("days", "articles", "megabytes")):
        return _retention(own, preview=own.is_set)
    try:
        return _retention(_rule(asked.get), preview=True)
    except UsageError as error:
        return _retention(own, fault=str(error)), 400


@pages.post("/retention")
@needs(Role.ADMIN)
def apply() -> AnyResponse:
    """Ask for a job that removes what a rule no longer keeps."""
    try:
        rule = _rule(request.form.get)
    except UsageError as error:
        raise BadRequest(str(error)) from None
    options = {"days": rule.days, "articles": rule.articles, "megabytes": rule.megabytes}
    job = ask_for(JobKind.RETENTION, options)
    flash(gettext("Job {number} waits for a worker.", number=job.number))
    return redirect(url_for("jobs.jobs"), 303)


@pages.post("/removals/<article_id>/allow")
@needs(Role.ADMIN)
def allow(article_id: str) -> AnyResponse:
    """Let a removed article come back."""
    library().store.removals.allow(article_id, who=visitor().name)
    flash(gettext("The article comes back with the next ingest that has it."))
    return redirect(url_for("retention.retention"), 303)


def _ask(article_id: str, fault: str = "") -> str:
    found = preview_takedown(library().store, article_id)
    return render_template("remove_article.html", found=found, fault=fault)


def _retention(rule: RetentionRule, *, preview: bool = False, fault: str = "") -> str:
    store = library().store
    found = store.removals.preview(rule, datetime.now(UTC)) if preview else None
    return render_template(
        "retention.html",
        rule=rule,
        found=found,
        fault=fault,
        removals=store.removals.all(limit=SHOWN),
        taken_down=store.removals.count(RemovalKind.TAKEDOWN),
        retired=store.removals.count(RemovalKind.RETENTION),
    )


def _rule(get: Callable[..., Any]) -> RetentionRule:
    def number(name: str) -> int:
        text = str(get(name, "") or "0").strip()
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
            raise UsageError(f"{name} takes a whole number.")
        return int(text)

    return checked_rule(number("days"), number("articles"), number("megabytes"))
