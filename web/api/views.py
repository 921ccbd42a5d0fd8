"""Puts the API together: one blueprint, one module a subject."""

from __future__ import annotations

from flask import Blueprint, Flask

from web.accounts import api as users
from web.accounts import tokens_api as tokens
from web.alerts import api as alerts
from web.api import (
    account,
    articles,
    compare,
    corrections,
    counts,
    duplicates,
    entities,
    exports,
    openapi,
    overviews,
    problems,
    search,
    sources,
    stories,
    topics,
)
from web.corrections import doubtful_api as doubtful
from web.feeds import api as feeds
from web.jobs import api as jobs
from web.lists import api as lists
from web.reading import api as reading
from web.retention import api as retention
from web.rules import api as rules
from web.saved import api as saved

SUBJECTS = (
    *(search, compare, exports, articles, duplicates, stories, topics, overviews),
    *(entities, doubtful, sources, feeds, jobs, retention, reading),
    *(counts, account, tokens, users, corrections, saved, alerts),
    *(lists, rules),
)


def register(app: Flask) -> None:
    """Add the API to an application."""
    api = Blueprint("api", __name__, url_prefix=openapi.PREFIX)
    problems.register(api)
    openapi.register(api)
    for subject in SUBJECTS:
        api.register_blueprint(subject.views)
    app.register_blueprint(api)
