"""The page of doubtful entities: likely merges and wrong types, decided one by one or in bulk."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from models.accounts import Role
from web.accounts.access import needs, visitor
from web.context import app_context, library
from web.corrections.doubtful import Decision, DoubtKind, decide, doubtful, kind_of
from web.corrections.pages import LATER
from web.server.headers import policy
from web.tables import table_of
from web.translation.localization import counted, gettext, translate, translate_message

pages = Blueprint("doubtful", __name__, url_prefix="/entities/doubtful")

SHOWN = 25
COLUMNS = ("key", "name", "articles", "into", "into_name", "into_articles", "reason")
MOST_AT_ONCE = 100
LONGEST_PAIR = 600


@pages.get("")
@needs(Role.EDITOR)
def page() -> Response:
    """Show what is most doubtful."""
    kind = _kind(request.args.get("kind", ""))
    found = doubtful(library().store, kind)
    table = table_of(
        "doubtful",
        COLUMNS,
        lambda: (
            (
                *(each.entity.key, each.entity.name, each.entity.articles),
                *(each.into.key, each.into.name, each.into.articles, each.reason),
            )
            for each in found
        ),
    )
    if table:
        return table
    shown = [(each, kind_of(each)) for each in found[:SHOWN]]
    html = render_template("doubtful.html", doubts=shown, total=len(found), kind=kind or "")
    response = make_response(html)
    response.headers["Content-Security-Policy"] = policy(script_src="'self'")
    return response


@pages.post("")
@needs(Role.EDITOR)
def decided() -> AnyResponse:
    """Carry out what a button says: of its own line, or of all lines that are ticked."""
    decisions = _decisions()
    if not decisions:
        raise BadRequest("Nothing was chosen.")
    done = decide(library().store, decisions, visitor().name)
    known = app_context().indexing.catch_up()
    if len(done.changes) == 1:
        flash(translate_message(done.changes[0].words), str(done.changes[0].number))
    elif done.changes:
        flash(
            gettext(
                "{decisions} kept; each can be undone under Changes.",
                decisions=counted(len(done.changes), "decision"),
            )
        )
    for fault in done.faults[:5]:
        flash(translate_message(fault))
    if not known:
        flash(translate(LATER))
    kind = _kind(request.form.get("kind", ""))
    return redirect(url_for("doubtful.page", kind=kind), 303)


def _decisions() -> list[Decision]:
    form = request.form
    for name in ("same", "apart"):
        if name in form:
            return [_decision(form[name], same=name == "same")]
    together = form.get("all", "")
    if together not in {"same", "apart"}:
        raise BadRequest("Say whether they are the same.")
    chosen = form.getlist("chosen")[:MOST_AT_ONCE]
    return [_decision(pair, same=together == "same") for pair in chosen]


def _decision(pair: str, *, same: bool) -> Decision:
    keys = pair[:LONGEST_PAIR].split(" ")
    if len(keys) != 2:
        raise BadRequest("This names no two entities.")
    return Decision(keys[0], keys[1], same)


def _kind(text: str) -> DoubtKind | None:
    return DoubtKind(text) if text in set(DoubtKind) else None
