"""The pages of rules: made with a preview of what each would have caught, and what they did."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from models.accounts import Role
from models.errors import UsageError
from models.rules import Action
from web.accounts.access import needs, visitor
from web.context import app_context, library
from web.rules.preview import Preview, apply_to_all, preview
from web.tables import table_of
from web.translation.localization import counted, gettext

pages = Blueprint("rules", __name__)

LONGEST = 10_000


@pages.get("/rules")
@needs(Role.READER)
def rules() -> str | Response:
    """List all rules, and what they did last."""
    table = table_of(
        "rules",
        ("name", "action", "value", "search", "owner", "made", "paused", "caught", "trouble"),
        lambda: (
            (
                *(each.name, each.action, each.value, each.question, each.owner, each.made),
                *(each.paused, each.hits, each.trouble),
            )
            for each in library().store.rules.all()
        ),
    )
    return table or _page()


@pages.post("/rules/preview")
@needs(Role.EDITOR)
def look() -> str:
    """Show what a rule would have caught in what there is, before it is made."""
    try:
        return _page(_preview())
    except (UsageError, ValueError) as error:
        raise BadRequest(str(error)) from None


@pages.post("/rules")
@needs(Role.EDITOR)
def add() -> Response:
    """Make a rule; it also takes what there is, where that was asked for."""
    here, who = app_context(), visitor().name
    store = here.library.store
    try:
        made = store.rules.add(
            who,
            _field("name"),
            _preview().question,
            Action(_field("action")),
            _field("value"),
            who=who,
            now=datetime.now(UTC),
            topics=set(here.library.topics),
        )
    except (UsageError, ValueError) as error:
        raise BadRequest(str(error)) from None
    done = 0
    if "everything" in request.form:
        done = apply_to_all(store, here.library.searcher, made)
        here.indexing.catch_up()
    flash(gettext("The rule “{name}” is made.", name=made.name))
    if done:
        flash(gettext("It caught {articles}.", articles=counted(done, "article")))
    return redirect(url_for("rules.rules"), 303)


@pages.post("/rules/<int:number>/pause")
@needs(Role.EDITOR)
def pause(number: int) -> Response:
    """Stop a rule for a while, or let it go on."""
    paused, who = "resume" not in request.form, visitor().name
    library().store.rules.pause(number, who, paused=paused, who=who)
    flash(gettext("The rule is paused.") if paused else gettext("The rule goes on."))
    return redirect(url_for("rules.rules"), 303)


@pages.post("/rules/<int:number>/undo")
@needs(Role.EDITOR)
def undo_all(number: int) -> Response:
    """Take back all that a rule did."""
    here, who = app_context(), visitor().name
    rule = here.library.store.rules.get(number, who)
    done = here.library.store.rules.undo_all(rule.number, who=who)
    here.indexing.catch_up()
    flash(gettext("Taken back for {articles}.", articles=counted(done, "article")))
    return redirect(url_for("rules.rules"), 303)


@pages.post("/rules/<int:number>/remove")
@needs(Role.EDITOR)
def remove(number: int) -> Response:
    """Remove a rule; what it did stays."""
    library().store.rules.remove(number, visitor().name, who=visitor().name)
    flash(gettext("The rule is removed."))
    return redirect(url_for("rules.rules"), 303)


@pages.post("/rules/hits/<int:number>/undo")
@needs(Role.EDITOR)
def undo(number: int) -> Response:
    """Take back what a rule did to one article."""
    here = app_context()
    try:
        here.library.store.rules.undo(number, who=visitor().name)
    except UsageError as error:
        raise BadRequest(str(error)) from None
    here.indexing.catch_up()
    flash(gettext("Taken back."))
    return redirect(url_for("rules.rules"), 303)


def _preview() -> Preview:
    here = app_context()
    asked = parse_qs(request.form.get("question", "")[:LONGEST], max_num_fields=100)
    if query := _field("q"):
        asked["q"] = [query]
    return preview(asked, here.library.searcher, here.settings)


def _page(seen: Preview | None = None) -> str:
    store = library().store
    hits = store.rules.hits()
    found = store.articles.tagged([hit.article_id for hit in hits])
    return render_template(
        "rules.html",
        rules=store.rules.all(),
        hits=hits,
        titles={one.article.id: one.article.title for one in found},
        names={rule.number: rule.name for rule in store.rules.all()},
        topics=sorted(library().topics),
        preview=seen,
        wanted={name: _field(name) for name in ("name", "action", "value", "q")},
    )


def _field(name: str) -> str:
    return " ".join(request.form.get(name, "")[:LONGEST].split())
