"""All pages: a subject is a module here and an entry in `SUBJECTS`."""

from __future__ import annotations

from web.accounts import pages as accounts
from web.corrections import pages as corrections
from web.pages import (
    api_docs,
    article,
    clusters,
    completion,
    coverage,
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
from web.preferences import pages as preferences
from web.saved import pages as saved

SUBJECTS = (
    *(front, search, feeds, export, completion, graph, article, stories, coverage),
    *(topics, clusters, trends, entities, sources, status, api_docs),
    *(accounts, corrections, saved, preferences),
)
BLUEPRINTS = tuple(subject.pages for subject in SUBJECTS)
