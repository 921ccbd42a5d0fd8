"""The briefing as a page and a feed: the stories of a day, each in a sentence of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.briefing import Briefing, as_atom, brief
from web.context import library
from web.errors import MissingError
from web.search_state import read_day
from web.stories import newest_day

pages = Blueprint("briefing", __name__, url_prefix="/briefing")

SHOWN = 20


@pages.get("")
def newest() -> str | AnyResponse:
    """Lead to the briefing of the newest day."""
    day = newest_day(library().store, datetime.now(UTC))
    if day is None:
        return render_template("briefing.html", briefing=None)
    return redirect(url_for("briefing.of_day", day=day.isoformat(), topic=_topic() or None))


@pages.get("/<day>")
def of_day(day: str) -> str:
    """Show the briefing of a day, made to be read in one go and to be printed."""
    briefing = _briefing_of(day)
    return render_template(
        "briefing.html",
        briefing=briefing,
        before=_address(briefing, -1),
        after=_address(briefing, 1),
        unread=_address(briefing),
        to_read=_address(briefing, view="reader"),
        feed=url_for(".feed", day=briefing.day, topic=briefing.topic or None),
        topics=sorted(library().topics),
    )


@pages.get("/<day>/feed.atom")
def feed(day: str) -> Response:
    """Give the briefing of a day as an Atom feed."""
    return Response(as_atom(_briefing_of(day)), mimetype="application/atom+xml")


def _briefing_of(text: str) -> Briefing:
    day = read_day(text)
    if day is None:
        nearby = (("The briefing of the newest day", url_for("briefing.newest")),)
        raise MissingError(f"{text[:40]!r} is not a day. Write days like 2023-11-12.", nearby)
    return brief(library().store, day, SHOWN, _topic())


def _address(briefing: Briefing, days: int = 0, view: str | None = None) -> str:
    """Return where the briefing of some days later is, on the same topic."""
    day = briefing.day + timedelta(days=days)
    return url_for(".of_day", day=day, topic=briefing.topic or None, view=view)


def _topic() -> str:
    topic = " ".join(request.args.get("topic", "").split())
    return topic if topic in library().topics else ""
