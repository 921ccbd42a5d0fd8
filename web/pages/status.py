"""The status of the service: `/status` for people, `/healthz` and `/readyz` for machines."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, render_template

from models.errors import EngineError, SluglineError
from models.feed import Feed
from search.engine import FACETS
from search.request import Request
from web.accounts.access import open_to_all
from web.context import library

pages = Blueprint("status", __name__)

LANGUAGES = 12
"""So many languages without a reader of their own are named."""


@pages.get("/status")
def status() -> str:
    """Show what there is and what waits."""
    here = library()
    try:
        documents, trouble = here.engine.count(), ""
    except EngineError as error:
        documents, trouble = 0, str(error)
    first, last = here.store.articles.span()
    return render_template(
        "status.html",
        figures=here.store.statistics(),
        due=here.store.tags.count_due(),
        waiting=here.store.changes.count(),
        engine=here.engine.name,
        documents=documents,
        trouble=trouble,
        first=first,
        last=last,
        feeds=_feeds_to_look_at(),
        unread=_languages_without_reader(),
    )


def _languages_without_reader() -> list[tuple[str, int]]:
    """Return the languages that are read for known names alone, with their numbers of articles."""
    here = library()
    if here.read_languages is None:
        return []
    found = here.store.articles.languages()
    return [each for each in found if each[0] and each[0] not in here.read_languages][:LANGUAGES]


def _feeds_to_look_at() -> list[tuple[Feed, str]]:
    """Return the feeds that fail, are silent or are flooded, with what is said of each."""
    repository = library().store.feeds
    unusual = repository.unusual(datetime.now(UTC))
    found = (
        (feed, "; ".join(filter(None, (feed.error, unusual.get(feed.url, "")))))
        for feed in repository.subscribed()
    )
    return [(feed, said) for feed, said in found if said]


@pages.get("/healthz")
@open_to_all
def health() -> tuple[Response, int]:
    """Say whether pages can be made: 200 if store, index and a search answer, else 503."""
    here = library()
    try:
        here.store.probe()
        here.searcher.search(Request("", limit=1, facets=FACETS))
        facts = {"status": "ok", "indexed": here.engine.count(), "waiting": _waiting()}
    except SluglineError as error:
        return jsonify(status="failing", reason=str(error)), 503
    return jsonify(facts), 200


@pages.get("/readyz")
@open_to_all
def ready() -> tuple[Response, int]:
    """Say whether searches are answered from this store: 200, else 503 with the reason.

    A cluster that has lost a node answers still: 200, with a warning.
    """
    here = library()
    try:
        indexed, reader = here.engine.count(), here.store.changes.reader()
        articles = here.store.articles.count()
        warning = here.engine.warning()
    except SluglineError as error:
        return jsonify(status="not ready", reason=str(error)), 503
    if reader not in {"", here.engine.name} or (articles and not indexed):
        reason = f"The {here.engine.name} index has to be built: slugline index --rebuild"
        return jsonify(status="not ready", reason=reason), 503
    return jsonify(status="ready", **({"warning": warning} if warning else {})), 200


def _waiting() -> int:
    return library().store.changes.count()
