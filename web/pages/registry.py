"""All pages: a subject is a module here and an entry in `SUBJECTS`."""

from __future__ import annotations

from web.accounts import pages as accounts
from web.pages import (
    api_docs,
    article,
    clusters,
    completion,
    coverage,
    entities,
    export,
    front,
    graph,
    search,
    sources,
    status,
    stories,
    topics,
    trends,
)

SUBJECTS = (
    *(front, search, export, completion, graph, article, stories, coverage),
    *(topics, clusters, trends, entities, sources, status, api_docs, accounts),
)
BLUEPRINTS = tuple(subject.pages for subject in SUBJECTS)
