"""The forms for corrections, and the page of all changes, each with an undo button."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from models.accounts import Role
from models.errors import UsageError
from web.accounts.access import needs, visitor
from web.accounts.pages import own_address
from web.context import app_context, library
from web.corrections.request import Correction, CorrectionKind, carry_out, id_at
from web.tables import Row, table_of
from web.translation.localization import gettext, translate, translate_message

pages = Blueprint("corrections", __name__)

SHOWN, IN_FILE = 50, 500
LATER = "Search will show it after the next round of indexing."


@pages.get("/changes")
@needs(Role.EDITOR)
def changes() -> str | Response:
    """Show what people changed, newest first."""
    table = table_of(
        "changes", ("number", "made", "who", "what", "subject", "undone", "undone_by"), _rows
    )
    if table:
        return table
    below = request.args.get("below", "")
    beginning = int(below) if below.isascii() and below.isdigit() and len(below) < 10 else None
    found = library().store.journal.entries(SHOWN, below=beginning)
    last = found[-1].number if len(found) == SHOWN else None
    total = library().store.journal.count()
    return render_template("changes.html", changes=found, below=last, total=total)


def _rows() -> Iterator[Row]:
    """Return the rows of all changes, some hundred read at a time."""
    journal = library().store.journal  # now, since rows are read while they are sent

    def read() -> Iterator[Row]:
        below: int | None = None
        while found := journal.entries(IN_FILE, below=below):
            for each in found:
                yield (
                    *(each.number, each.made, each.who, each.words, each.subject),
                    *(each.undone, each.undone_by),
                )
            below = found[-1].number

    return read()


@pages.post("/corrections")
@needs(Role.EDITOR)
def correct() -> Response:
    """Do what a form says, and lead back to where it stood."""
    fields: dict[str, object] = {
        name: value for name, value in request.form.items() if name not in {"csrf_token", "next"}
    }
    if "articles" in fields:
        fields["articles"] = [id_at(each) for each in request.form.getlist("articles")]
    if fields.get("kind") == CorrectionKind.STORY_MERGE:
        fields["into"] = id_at(str(fields.get("into", "")))
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
    flash(gettext("Undone.") if known else f"{gettext('Undone.')} {translate(LATER)}")
    return redirect(own_address(request.form.get("next", "")), 303)


def _say(number: int) -> None:
    words = translate_message(library().store.journal.get(number).words)
    known = app_context().indexing.catch_up()
    flash(words if known else f"{words} {translate(LATER)}", str(number))
