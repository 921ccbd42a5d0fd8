"""The forms that correct, each undone with one click, and the page of all changes."""

from __future__ import annotations

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from models.accounts import Role
from models.errors import UsageError
from web.accounts.access import needs, visitor
from web.accounts.pages import own_address
from web.context import app_context, library
from web.corrections.wanted import Correction, carry_out
from web.translation.speech import retell, said, tell

pages = Blueprint("corrections", __name__)

SHOWN = 50
LATER = "Search will show it after the next round of indexing."


@pages.get("/changes")
@needs(Role.EDITOR)
def changes() -> str:
    """Show what people changed, newest first."""
    below = request.args.get("below", "")
    beginning = int(below) if below.isascii() and below.isdigit() and len(below) < 10 else None
    found = library().store.journal.entries(SHOWN, below=beginning)
    last = found[-1].number if len(found) == SHOWN else None
    return render_template("changes.html", changes=found, below=last)


@pages.post("/corrections")
@needs(Role.EDITOR)
def correct() -> Response:
    """Do what a form says, and lead back to where it stood."""
    fields: dict[str, object] = {
        name: value for name, value in request.form.items() if name not in {"csrf_token", "next"}
    }
    if "articles" in fields:
        fields["articles"] = request.form.getlist("articles")
    try:
        wanted = msgspec.convert(fields, Correction, strict=False)
    except msgspec.ValidationError as error:
        raise BadRequest(f"{error}.") from None
    here = app_context()
    try:
        number = carry_out(wanted, here.library.store, here.library.topics, visitor().name)
    except UsageError as error:
        raise BadRequest(str(error)) from None
    _say(number)
    return redirect(own_address(request.form.get("next", "")), 303)


@pages.post("/changes/<int:number>/undo")
@needs(Role.EDITOR)
def undo(number: int) -> Response:
    """Take a change back."""
    try:
        library().store.corrections.undo(number, who=visitor().name)
    except UsageError as error:
        raise BadRequest(str(error)) from None
    known = app_context().indexing.catch_up()
    flash(tell("Undone.") if known else f"{tell('Undone.')} {said(LATER)}")
    return redirect(own_address(request.form.get("next", "")), 303)


def _say(number: int) -> None:
    words = retell(library().store.journal.get(number).words)
    known = app_context().indexing.catch_up()
    flash(words if known else f"{words} {said(LATER)}", str(number))
