"""How much there is, and what rises."""

from __future__ import annotations

from flask import Blueprint

from models.errors import UsageError
from nlp.trends import RiseDetails, find_trends
from web.api.answers.figures import IndexState, Rise, StatsAnswer, TrendsAnswer
from web.api.openapi import answers, spec
from web.api.questions import Nothing, TrendsQuestion
from web.context import library

views = Blueprint("counts", __name__)


@views.get("/stats")
@spec.validate(resp=answers(StatsAnswer), tags=["counts"], operation_id="stats")
def stats(query: Nothing) -> StatsAnswer:  # noqa: ARG001 - read by spectree
    """Count what the store and the index hold."""
    here = library()
    figures = here.store.statistics()
    return StatsAnswer(
        figures.articles,
        figures.feeds,
        figures.sources,
        figures.entities,
        figures.mentions,
        figures.topics,
        dict(here.store.articles.languages()),
        IndexState(here.engine.name, here.engine.count()),
    )


@views.get("/trends")
@spec.validate(resp=answers(TrendsAnswer, 400), tags=["counts"], operation_id="trends")
def trends(query: TrendsQuestion) -> TrendsAnswer:
    """Say what is in more of the news now than before."""
    try:
        found = find_trends(
            *(library().store.trends, query.days, query.against, query.until, query.limit),
            by=query.by,
        )
    except OverflowError:
        raise UsageError(f"There are no days before {query.until}.") from None
    if found is None:
        return TrendsAnswer(None, None, None, 0, 0, {})
    days = found.stretches
    return TrendsAnswer(
        before=days.before.isoformat(),
        since=days.since.isoformat(),
        until=days.until.isoformat(),
        articles_now=found.now,
        articles_before=found.before,
        rises={kind: [_rise(each) for each in moved] for kind, moved in found.rises.items()},
    )


def _rise(moved: RiseDetails) -> Rise:
    rise = moved.rise
    return Rise(
        key=rise.key,
        name=rise.name,
        now=rise.now,
        before=rise.before,
        ratio=round(rise.ratio, 3),
        score=round(rise.strength, 2),
        sources=moved.sources,
        days=list(moved.per_day),
    )
