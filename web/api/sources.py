"""Where articles come from: publishers."""

from __future__ import annotations

from flask import Blueprint

from web.api.answers.sources import SourceList, SourceSummary
from web.api.openapi import answers, spec
from web.api.questions import Nothing
from web.context import library

views = Blueprint("sources", __name__)


@views.get("/sources")
@spec.validate(resp=answers(SourceList), tags=["sources"], operation_id="listSources")
def sources(query: Nothing) -> SourceList:  # noqa: ARG001 - read by spectree
    """List all publishers, those with most articles first."""
    found = [SourceSummary(*each) for each in library().store.articles.sources()]
    return SourceList(len(found), found)
