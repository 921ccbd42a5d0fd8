"""The page of unread articles: those of a search, or all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from models.accounts import Role
from models.errors import QueryError, UnsupportedQueryError
from web.accounts.access import needs
from web.accounts.pages import own_address
from web.context import app_context, library
from web.reading import unread as reading
from web.search_state import requested_state
from web.translation.localization import gettext

pages = Blueprint("reading", __name__, url_prefix="/unread")

MOST_MARKED = 500


@pages.get("")
@needs(Role.READER)
def page() -> str:
    """List what is unread of a search, newest first."""
    reading.require_reading()
    here = app_context()
    state = requested_state()
    if len(state.text) > here.settings.max_query:
        raise BadRequest("The query is too long.")
    wanted = state.request(here.settings.page_size)
    try:
        found = reading.unread(wanted.text, wanted.filters, here.settings.page_size)
    except (QueryError, UnsupportedQueryError) as error:
        raise BadRequest(str(error)) from None
    articles = [each.article for each in library().store.articles.tagged(found.ids)]
    return render_template("unread.html", articles=articles, more=found.more, state=state)


@pages.post("")
@needs(Role.READER)
def marked() -> AnyResponse:
    """Mark what a form names as read or unread, or everything as read."""
    reading.require_reading()
    if "all" in request.form:
        reading.mark_all()
        flash(gettext("Everything is marked as read."))
    else:
        ids = [each[:60] for each in request.form.getlist("article")[:MOST_MARKED]]
        reading.mark(ids, read="unread" not in request.form)
    back = request.form.get("next", "")
    return redirect(own_address(back) if back else url_for("reading.page"), 303)
