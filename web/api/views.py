"""Puts the API together: one blueprint, one module a subject."""

from __future__ import annotations

from flask import Blueprint, Flask

from web.api import (
    account,
    alerts,
    articles,
    compare,
    corrections,
    counts,
    doubtful,
    entities,
    exports,
    feeds,
    jobs,
    openapi,
    problems,
    retention,
    saved,
    search,
    sources,
    stories,
    topics,
)

SUBJECTS = (
    *(search, compare, exports, articles, stories, topics),
    *(entities, doubtful, sources, feeds, jobs, retention, counts, account, corrections, saved),
    *(alerts,),
)


def register(app: Flask) -> None:
    """Add the API to an application."""
    api = Blueprint("api", __name__, url_prefix=openapi.PREFIX)
    problems.register(api)
    openapi.register(api)
    for subject in SUBJECTS:
        api.register_blueprint(subject.views)
    app.register_blueprint(api)
