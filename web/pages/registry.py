"""All pages: a subject is a module here and an entry in `SUBJECTS`."""

from __future__ import annotations

from web.accounts import pages as accounts
from web.alerts import pages as alerts
from web.corrections import pages as corrections
from web.feeds import pages as subscriptions
from web.jobs import pages as jobs
from web.lists import pages as lists
from web.pages import (
    api_docs,
    article,
    briefing,
    clusters,
    completion,
    coverage,
    doubtful,
    entities,
    export,
    feeds,
    front,
    graph,
    search,
    sources,
    status,
    stories,
    topics,
    trends,
)
from web.pages import (
    help as guide,
)
from web.preferences import pages as preferences
from web.reading import pages as reading
from web.retention import pages as retention
from web.rules import pages as rules
from web.saved import pages as saved
from web.searching import batch, compare, facet

SUBJECTS = (
    *(front, search, batch, compare, facet, feeds, export, completion, graph),
    *(article, stories, briefing, coverage),
    *(topics, clusters, trends, doubtful, entities, sources, status, api_docs),
    *(accounts, corrections, saved, jobs, retention, reading, alerts),
    *(preferences, subscriptions, guide),
    *(lists, rules),
)
BLUEPRINTS = tuple(subject.pages for subject in SUBJECTS)
