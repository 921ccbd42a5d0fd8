"""Puts the API together: one blueprint, one module a subject."""

from __future__ import annotations

from flask import Blueprint, Flask

from web.accounts import api as users
from web.api import (
    account,
    alerts,
    articles,
    compare,
    corrections,
    counts,
    entities,
    exports,
    openapi,
    problems,
    saved,
    search,
    sources,
    stories,
    topics,
)
from web.corrections import doubtful_api as doubtful
from web.feeds import api as feeds
from web.jobs import api as jobs
from web.reading import api as reading
from web.retention import api as retention

SUBJECTS = (
    *(search, compare, exports, articles, stories, topics),
    *(entities, doubtful, sources, feeds, jobs, retention, reading),
    *(counts, account, users, corrections, saved, alerts),
)


def register(app: Flask) -> None:
    """Add the API to an application."""
    api = Blueprint("api", __name__, url_prefix=openapi.PREFIX)
    problems.register(api)
    openapi.register(api)
    for subject in SUBJECTS:
        api.register_blueprint(subject.views)
    app.register_blueprint(api)
