"""The page on which a reader says how pages should look; nothing of it is kept on the server."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from web.accounts.access import open_to_all
from web.accounts.pages import own_address
from web.preferences.reader import (
    COOKIE,
    LANGUAGES,
    LISTS,
    SECONDS,
    SIZES,
    preferences,
    zones,
)

pages = Blueprint("preferences", __name__, url_prefix="/preferences")


@pages.get("")
@open_to_all
def form() -> str:
    """Show what can be chosen."""
    return render_template(
        "preferences.html",
        lists=LISTS,
        sizes=SIZES,
        languages=LANGUAGES,
        zones=sorted(zones()),
        chosen=preferences(),
    )


@pages.get("/set")
@open_to_all
def choose() -> Response:
    """Keep choices in a cookie, and go back to the page they were made on.

    Asked for by GET: it changes nothing but how this one browser is shown its pages.
    """
    given = {name: value for name, value in request.args.items() if name != "next"}
    chosen = preferences().changed(given)
    answer = redirect(own_address(request.args.get("next", "")))
    answer.set_cookie(
        COOKIE,
        chosen.cookie(),
        max_age=SECONDS,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer
