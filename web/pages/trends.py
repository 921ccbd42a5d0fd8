"""The page of trends: what is in more of the news now than in the weeks before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from nlp.trends import Moved, Trends, find_trends
from web import words
from web.charts.sparkline import Sparkline, sparkline
from web.context import library
from web.search_state import SearchState

pages = Blueprint("trends", __name__, url_prefix="/trends")

MOST_DAYS, MOST_AGAINST = 31, 92
SHOWN = 25


@dataclass(frozen=True, slots=True)
class Row:
    """Something that rises: what to show, where it leads, and the question for its articles."""

    moved: Moved
    picture: Sparkline
    page: str
    state: SearchState


@pages.get("")
def trends() -> str:
    """Show what rises, by topic, cluster and name."""
    asked = _number("days", MOST_DAYS), _number("against", MOST_AGAINST)
    until = _day(request.args.get("until", ""))
    by = "stories" if request.args.get("by") == "stories" else "articles"
    found = find_trends(library().store.trends, *asked, until, SHOWN, by)
    if found is None:
        return render_template("trends.html", found=None)
    stretches = found.stretches
    days = stretches.days
    kept: dict[str, Any] = {
        "days": asked[0],
        "against": asked[1],
        "by": by if by == "stories" else None,
    }
    return render_template(
        "trends.html",
        found=found,
        groups=[(title, _rows(found, kind)) for kind, title in words.TRENDS.items()],
        whole=sparkline(found.per_day, days),
        last_before=stretches.since - timedelta(days=1),
        earlier=_address(stretches.until - timedelta(days=days), days, kept, found.before > 0),
        later=_address(stretches.until + timedelta(days=days), days, kept, bool(until)),
        other_unit=url_for(
            "trends.trends",
            until=until,
            **(kept | {"by": "stories" if by == "articles" else None}),
        ),
    )


def _rows(found: Trends, kind: str) -> list[Row]:
    stretches = found.stretches
    rows = []
    for moved in found.rises[kind]:
        page, state = leads(kind, moved.rise.key)
        here = state.between(stretches.since, stretches.until)
        rows.append(
            Row(
                moved,
                sparkline(moved.per_day, stretches.days),
                page,
                here,
            )
        )
    return rows


def leads(kind: str, key: str) -> tuple[str, SearchState]:
    """Return the page of what rises, and the question for its articles."""
    if kind == "topic":
        return url_for("topics.topic", slug=key), SearchState(topics=(key,))
    if kind == "cluster":
        return url_for("clusters.cluster", cluster_id=key), SearchState(text=f"cluster:{key}")
    entity_kind, _, slug = key.partition("/")
    return url_for("entities.entity", kind=entity_kind, slug=slug), SearchState(entities=(key,))


def _number(name: str, most: int) -> int | None:
    """Return a number that is asked for, None where it is left to the archive."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit()):
        return None
    return min(max(1, int(text[:9])), most)


def _day(text: str) -> date | None:
    """Return the day that is state for, None where it is none or leaves no room before it."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None


def _address(until: date, days: int, kept: Mapping[str, Any], there: bool) -> str:
    """Return where other days are shown, "" where there is nothing to see."""
    newest = library().store.trends.last_day(datetime.now(UTC))
    if not there or newest is None or until >= newest + timedelta(days=days):
        return ""
    return url_for("trends.trends", until=until.isoformat(), **kept)
