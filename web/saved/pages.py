"""The page of saved searches, and their feeds, read by whoever knows the secret address."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from export.formats.feeds import atom, json_feed
from models.accounts import Role
from models.errors import UsageError
from web.accounts.access import needs, open_to_all, visitor
from web.context import app_context, library
from web.pages.feeds import Writer, feed_of, newest_ids
from web.saved.question import question_of, read_question
from web.tables import table_of
from web.translation.localization import gettext

pages = Blueprint("saved", __name__)

LONGEST = 10_000


@pages.get("/saved")
@needs(Role.READER)
def saved() -> str | Response:
    """List one's own saved searches, and those that others share."""
    found = library().store.saved.seen_by(visitor().name)
    table = table_of(
        "saved-searches",
        ("name", "search", "owner", "shared", "made"),
        lambda: ((each.name, each.question, each.owner, each.shared, each.made) for each in found),
    )
    return table or render_template("saved.html", searches=found)


@pages.post("/saved")
@needs(Role.EDITOR)
def save() -> AnyResponse:
    """Save a search."""
    here, who = app_context(), visitor().name
    try:
        asked = parse_qs(request.form.get("question", "")[:LONGEST], max_num_fields=100)
        question = question_of(asked, here.settings)
        here.library.store.saved.add(
            who,
            request.form.get("name", ""),
            question,
            shared="shared" in request.form,
            who=who,
            now=datetime.now(UTC),
        )
    except (UsageError, ValueError) as error:
        raise BadRequest(str(error)) from None
    flash(gettext("The search is saved."))
    return redirect(url_for("saved.saved"), 303)


@pages.post("/saved/<int:number>/renew")
@needs(Role.EDITOR)
def renew(number: int) -> AnyResponse:
    """Give a search's feed another address."""
    library().store.saved.renew(number, visitor().name, who=visitor().name)
    flash(gettext("The feed has another address; the old one has ended."))
    return redirect(url_for("saved.saved"), 303)


@pages.post("/saved/<int:number>/remove")
@needs(Role.EDITOR)
def remove(number: int) -> AnyResponse:
    """Remove a saved search, with its feed."""
    library().store.saved.remove(number, visitor().name, who=visitor().name)
    flash(gettext("The search is removed."))
    return redirect(url_for("saved.saved"), 303)


@pages.get("/saved/<secret>/feed.atom")
@open_to_all
def saved_atom(secret: str) -> Response:
    """Give the newest articles of a saved search as an Atom feed."""
    return _feed(secret, atom)


@pages.get("/saved/<secret>/feed.json")
@open_to_all
def saved_json(secret: str) -> Response:
    """Give the newest articles of a saved search as a JSON Feed."""
    return _feed(secret, json_feed)


def _feed(secret: str, writer: Writer) -> Response:
    search = library().store.saved.of_secret(secret)
    state = read_question(search.question, app_context().settings)
    page = f"{url_for('search.results', _external=True)}?{search.question}"
    ids = newest_ids(state, search.owner)
    return feed_of(ids, writer, search.name, f"saved {search.number}", page)
