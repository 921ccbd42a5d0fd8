"""The page of trends: what is in the news more than in the weeks before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from nlp.trends import UNITS, RiseDetails, Trends, find_trends
from web import words
from web.charts.sparkline import Sparkline, sparkline
from web.context import library
from web.search_state import SearchState, read_day
from web.tables import table_of
from web.translation.localization import counted, gettext, quoted
from web.translation.localization import day as day_in_words

pages = Blueprint("trends", __name__, url_prefix="/trends")

MOST_DAYS, MOST_AGAINST = 31, 92
SHOWN = 25
COLUMNS = ("kind", "key", "name", "now", "before", "ratio", "g2", "sources")


@dataclass(frozen=True, slots=True)
class Row:
    """Something that rises: what to show, where it leads, and the question for its articles."""

    moved: RiseDetails
    picture: Sparkline
    page: str
    state: SearchState


@dataclass(frozen=True, slots=True)
class TrendsQuery:
    """What a visitor asks to compare; None leaves a number, or the day, to the archive.

    `remarks` say what of the address could not be used.
    """

    days: int | None
    against: int | None
    until: date | None
    by: str
    remarks: tuple[str, ...] = ()

    def args(self, until: date | None) -> dict[str, Any]:
        """Return the arguments of the address of the same comparison up to another day."""
        return {
            "days": self.days,
            "against": self.against,
            "until": until and until.isoformat(),
            "by": self.by if self.by != UNITS[0] else None,
        }


@pages.get("")
def trends() -> str | Response:
    """Show what rises, by topic, cluster and name."""
    asked = read_asked(request.args)
    counts = library().store.trends
    newest = counts.last_day(datetime.now(UTC))
    found = find_trends(counts, asked.days, asked.against, asked.until, SHOWN, asked.by)
    moved = [each for kind in words.TRENDS for each in found.rises[kind]] if found else []
    table = table_of("trends", COLUMNS, lambda: map(_values, moved))
    if table:
        return table
    if found is None:
        return render_template("trends.html", found=None, asked=asked)
    stretches = found.stretches
    days = stretches.days
    other = replace(asked, by=UNITS[1 - UNITS.index(asked.by)])
    return render_template(
        "trends.html",
        found=found,
        asked=asked,
        rows_in_all=len(moved),
        longest=(MOST_DAYS, MOST_AGAINST),
        remarks=(*asked.remarks, *_missing(found, newest)),
        groups=[(title, _rows(found, kind)) for kind, title in words.TRENDS.items()],
        last_before=stretches.since - timedelta(days=1),
        earlier=_address(stretches.until - timedelta(days=days), asked, newest, found.before > 0),
        later=_address(stretches.until + timedelta(days=days), asked, newest, bool(asked.until)),
        other_unit=url_for("trends.trends", **other.args(asked.until)),
    )


def read_asked(given: Mapping[str, str]) -> TrendsQuery:
    """Read what to compare from an address; what can't be used is left out and remarked upon."""
    remarks: list[str] = []
    return TrendsQuery(
        days=_number(given, "days", MOST_DAYS, remarks),
        against=_number(given, "against", MOST_AGAINST, remarks),
        until=_day(given.get("until", "").strip(), remarks),
        by=UNITS[1] if given.get("by") == UNITS[1] else UNITS[0],
        remarks=tuple(remarks),
    )


def _missing(found: Trends, newest: date | None) -> tuple[str, ...]:
    """Say what articles the comparison lacks, none where it has all it needs."""
    stretches = found.stretches
    if not found.now:
        if newest and newest < stretches.since:
            return (
                gettext(
                    "There are no articles of these days yet; the newest are of {day}.",
                    day=day_in_words(newest),
                ),
            )
        return (gettext("There are no articles of these days."),)
    days_with = sum(1 for number in found.per_day[: stretches.against] if number)
    if not days_with:
        return (
            gettext(
                "The archive is too young for this comparison: it has no articles of the {days} "
                "before {day}, so nothing can be said to rise.",
                days=counted(stretches.against, "day"),
                day=day_in_words(stretches.since),
            ),
        )
    if days_with == stretches.against:
        return ()
    return (
        gettext(
            "Only {some} of the {all} before have articles; shares are of what there is.",
            some=counted(days_with, "day"),
            all=counted(stretches.against, "day"),
        ),
    )


def _values(moved: RiseDetails) -> tuple[str | int | float, ...]:
    """Return what rises as a row of a table."""
    rise = moved.rise
    return (
        *(rise.kind, rise.key, rise.name, rise.now, rise.before),
        *(round(rise.ratio, 2), round(rise.strength, 2), moved.sources),
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


def _number(given: Mapping[str, str], name: str, most: int, remarks: list[str]) -> int | None:
    """Return a number of days that is asked for, None where it is left to the archive."""
    text = given.get(name, "").strip()
    if not text:
        return None
    number = int(text[:9]) if text.isascii() and text.isdigit() else 0
    if 1 <= number <= most:
        return number
    remarks.append(
        gettext(
            "{value} is not a number of days from 1 to {most}; a usual number is taken.",
            value=quoted(text[:20]),
            most=most,
        )
    )
    return None


def _day(text: str, remarks: list[str]) -> date | None:
    """Return the day that is asked for, None where none is, or none that leaves room before it."""
    day = read_day(text)
    if day or not text:
        return day
    remarks.append(
        gettext(
            "{value} is not a day such as 2023-11-12; the newest day is taken.",
            value=quoted(text[:20]),
        )
    )
    return None


def _address(until: date, asked: TrendsQuery, newest: date | None, there: bool) -> str:
    """Return where other days are shown, "" where there is nothing to see."""
    days = asked.days or 1
    if not there or newest is None or until >= newest + timedelta(days=days):
        return ""
    return url_for("trends.trends", **asked.args(until))
