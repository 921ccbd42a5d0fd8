"""The page of alerts: what a user watches, and the messages sent."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from models.accounts import Role
from models.alerts import Channel, NewAlert, Pace, Watched
from models.errors import UsageError
from web.accounts.access import needs, visitor
from web.alerts.creation import add_alert
from web.context import library
from web.tables import table_of
from web.translation.localization import gettext

pages = Blueprint("alerts", __name__)

LONGEST_FIELD = 2_500

Choice = TypeVar("Choice", bound=StrEnum)


@pages.get("/alerts")
@needs(Role.READER)
def alerts() -> str | Response:
    """List one's own alerts, with a form for another one."""
    table = table_of(
        "alerts",
        ("name", "watches", "search", "subject", "names", "channel", "target", "pace", "paused"),
        lambda: (
            (
                *(each.name, each.watches, each.question, each.subject, each.names),
                *(each.channel, each.target, each.pace, each.paused),
            )
            for each in library().store.alerts.of_user(visitor().name)
        ),
    )
    return table or _page()


@pages.post("/alerts")
@needs(Role.EDITOR)
def add() -> tuple[str, int] | Response:
    """Add an alert."""
    try:
        watches = _choice("watches", Watched)
        number = _field("saved")
        made = add_alert(
            NewAlert(
                name=_field("name"),
                watches=watches,
                channel=_choice("channel", Channel),
                target=_field("target"),
                pace=_choice("pace", Pace),
                saved=int(number) if number.isascii() and number.isdigit() else None,
                subject=_field("source" if watches is Watched.SOURCE else "story"),
                secret=_field("token"),
            ),
            _names(),
            visitor().name,
        )
    except UsageError as error:
        return _page(str(error)), 400
    flash(gettext("You will hear of “{name}”.", name=made.name))
    return redirect(url_for("alerts.alerts"), 303)


@pages.post("/alerts/<int:number>/pause")
@needs(Role.EDITOR)
def pause(number: int) -> Response:
    """Stop an alert for a while, or let it go on."""
    paused, who = "resume" not in request.form, visitor().name
    library().store.alerts.pause(number, who, paused=paused, who=who)
    flash(gettext("The alert is paused.") if paused else gettext("The alert goes on."))
    return redirect(url_for("alerts.alerts"), 303)


@pages.post("/alerts/<int:number>/test")
@needs(Role.EDITOR)
def test(number: int) -> Response:
    """Put a test message on the queue."""
    here = library().store.alerts
    here.queue.add_test(here.get(number, visitor().name).number, datetime.now(UTC))
    flash(gettext("A test goes out with the next round of alerts."))
    return redirect(url_for("alerts.alerts"), 303)


@pages.post("/alerts/<int:number>/remove")
@needs(Role.EDITOR)
def remove(number: int) -> Response:
    """Remove an alert."""
    library().store.alerts.remove(number, visitor().name, who=visitor().name)
    flash(gettext("The alert is removed."))
    return redirect(url_for("alerts.alerts"), 303)


def _page(fault: str = "") -> str:
    store, who = library().store, visitor().name
    found = store.alerts.of_user(who)
    chosen = request.values.get("saved", "")
    return render_template(
        "alerts.html",
        alerts=[(alert, store.alerts.queue.of_alert(alert.number, 3)) for alert in found],
        searches=store.saved.seen_by(who),
        sources=[name for name, _ in store.articles.sources()],
        names_of_searches={each.number: each.name for each in store.saved.seen_by(who)},
        chosen=int(chosen) if chosen.isascii() and chosen.isdigit() else 0,
        story=request.values.get("story", "")[:LONGEST_FIELD],
        fault=fault,
    )


def _names() -> Iterable[str]:
    """Return the lines of the list of names, of the file or else of the field."""
    file = request.files.get("file")
    if file and file.filename:
        return io.TextIOWrapper(file.stream, encoding="utf-8-sig", newline="")
    return request.form.get("names", "").splitlines()


def _field(name: str) -> str:
    return " ".join(request.form.get(name, "")[:LONGEST_FIELD].split())


def _choice(name: str, choices: type[Choice]) -> Choice:
    try:
        return choices(_field(name))
    except ValueError:
        raise BadRequest(f"Choose one of {', '.join(choices)}.") from None
