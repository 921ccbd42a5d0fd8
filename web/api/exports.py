"""Exports: a selection of articles as a file of any format, sent while it is being made."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, after_this_request
from msgspec import Struct

from export.format import FORMATS, format_named
from models.errors import NotFoundError, UsageError
from web.api.openapi import answers, spec
from web.api.problems import ProblemError
from web.api.questions import ExportQuestion, Nothing
from web.export_plan import ExportPlan
from web.exports import send

views = Blueprint("exports", __name__)


class ExportFormat(Struct):
    """A format: the ending of its files, and the columns that can be chosen.

    `notes` says whether it holds what an exported list says of its articles.
    """

    name: str
    suffix: str
    columns: list[str]
    notes: bool


class ExportFormats(Struct):
    """All formats."""

    items: list[ExportFormat]


@views.get("/exports")
@spec.validate(resp=answers(ExportFormats), tags=["exports"], operation_id="listExportFormats")
def formats(query: Nothing) -> ExportFormats:  # noqa: ARG001 - read by spectree
    """List the formats that articles can be exported in."""
    return ExportFormats(
        [
            ExportFormat(each.name, each.suffix, list(each.columns), not each.no_notes)
            for each in FORMATS
        ]
    )


@views.get("/exports/<name>")
@spec.validate(resp=answers(None, 400, 404), tags=["exports"], operation_id="exportArticles")
def export(name: str, query: ExportQuestion) -> Response:
    """Export what a search finds, newest first, as one file or as a ZIP of several.

    The header Slugline-Articles says how many articles come; HEAD asks for it alone.
    """
    try:
        chosen = format_named(name)
    except UsageError as error:
        raise NotFoundError(str(error)) from error
    filters = query.filters(datetime.now(UTC))
    plan = ExportPlan(chosen, query.request(), query.q, filters, spellings=query.spellings)
    sent = send(plan, query.kept)
    if isinstance(sent, int):
        raise ProblemError(409, f"The export would have {sent:,} articles.")

    # Spectree reads an answer whole before it lets it go, so the stream comes after it.
    @after_this_request
    def stream(_empty: Response) -> Response:
        return sent

    return Response(status=200)
