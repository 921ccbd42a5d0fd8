"""What pages draw of many articles, as data: the graph of entities, coverage, the briefing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from flask import Blueprint
from msgspec import Meta, Struct

from export.record import iso
from search.query.fields import MAX_LENGTH
from search.request import Request
from web.api.answers.basic import Time
from web.api.openapi import answers, spec
from web.api.questions import Selected
from web.briefing import brief
from web.charts.entity_graph import LOOKED_AT, entity_graph
from web.context import library
from web.searching.covered import covered
from web.searching.find import find

views = Blueprint("overviews", __name__)


class GraphNode(Struct):
    """An entity, and how many of the articles mention it."""

    key: str
    name: str
    type: str
    articles: int


class GraphEdge(Struct):
    """Two entities (keys) that `articles` mention both."""

    first: str
    second: str
    articles: int


class GraphAnswer(Struct):
    """Entities that are named together in the `articles` that were looked at, of `total`."""

    total: int
    articles: int
    nodes: list[GraphNode]
    edges: list[GraphEdge]


class CoverageQuestion(Struct, forbid_unknown_fields=True):
    """What the groups of sources are to have told."""

    q: Annotated[str, Meta(max_length=MAX_LENGTH)] = ""


class GroupCoverage(Struct):
    """A group of sources: how many articles it has, from which of its sources, most first."""

    id: str
    name: str
    kind: str
    articles: int
    sources: list[str]


class CoverageAnswer(Struct):
    """What each group tells of `total` articles."""

    total: int
    items: list[GroupCoverage]


class BriefingQuestion(Struct, forbid_unknown_fields=True):
    """The stories of which day (the newest where none is named), on which topic."""

    day: date | None = None
    topic: Annotated[str, Meta(max_length=60)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 20


class BriefingSource(Struct):
    """A source of a story, and the address of its first article."""

    name: str
    url: str


class BriefingStory(Struct):
    """A story in a sentence of its own; `named` are entities, `sources` in order of telling."""

    id: str
    name: str
    sentence: str
    first: Time
    last: Time
    articles: int
    named: list[str]
    sources: list[BriefingSource]


class BriefingAnswer(Struct):
    """The stories of a day, of `total` in all."""

    day: str
    title: str
    total: int
    items: list[BriefingStory]


@views.get("/graph")
@spec.validate(resp=answers(GraphAnswer, 400), tags=["entities"], operation_id="entityGraph")
def graph(query: Selected) -> GraphAnswer:
    """Return which entities are named together in the best hits of a search."""
    found = find(Request(text=query.q, filters=query.filters(datetime.now(UTC)), limit=LOOKED_AT))
    drawn = entity_graph([hit.entities for hit in found.hits])
    return GraphAnswer(
        found.total,
        drawn.articles,
        [GraphNode(each.key, each.name, each.type, each.articles) for each in drawn.nodes],
        [GraphEdge(each.first.key, each.second.key, each.together) for each in drawn.edges],
    )


@views.get("/coverage")
@spec.validate(resp=answers(CoverageAnswer, 400), tags=["sources"], operation_id="coverage")
def coverage(query: CoverageQuestion) -> CoverageAnswer:
    """Say which groups of sources (coverage.toml) tell what a search finds, and which do not."""
    total, found = covered(library(), query.q.strip())
    items = [
        GroupCoverage(
            each.group.id, each.group.name, each.group.kind, each.articles, list(each.sources)
        )
        for each in found
    ]
    return CoverageAnswer(total, items)


@views.get("/briefing")
@spec.validate(resp=answers(BriefingAnswer, 404), tags=["stories"], operation_id="briefing")
def briefing(query: BriefingQuestion) -> BriefingAnswer:
    """Tell the stories of a day, each in a sentence of its own."""
    made = brief(library().store, query.day, query.limit, query.topic)
    items = [
        BriefingStory(
            *(each.id, each.name, each.sentence, iso(each.first) or "", iso(each.last) or ""),
            articles=each.articles,
            named=list(each.named),
            sources=[BriefingSource(name, url) for name, url in each.sources],
        )
        for each in made.stories
    ]
    return BriefingAnswer(made.day.isoformat(), made.title, made.total, items)
