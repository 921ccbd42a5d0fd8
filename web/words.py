"""The display names of types, facets, roles and states, in one place for translation.

Keys are those of the data (`models.tags.ENTITY_TYPES`, facets of search, labels of pipelines) and
stay as they are in any language; values are shown. Sentences are in the templates.
"""

from __future__ import annotations

ENTITY_TYPE = {
    "person": "Person",
    "org": "Organisation",
    "place": "Place",
    "group": "Group",
    "event": "Event",
    "product": "Product",
    "work": "Work",
    "law": "Law",
}
"""One entity's type."""

ENTITY_TYPES = {
    "person": "People",
    "org": "Organisations",
    "place": "Places",
    "group": "Groups",
    "event": "Events",
    "product": "Products",
    "work": "Works",
    "law": "Laws",
}
"""Titles of lists of entities of one type."""

FIGURES = {
    "DATE": "date",
    "TIME": "time",
    "MONEY": "money",
    "PERCENT": "percentage",
    "QUANTITY": "quantity",
    "CARDINAL": "number",
    "ORDINAL": "rank",
    "LANGUAGE": "language",
}
"""What pipelines mark that is not an entity, by their labels."""

FACETS = {
    "topic": "Topics",
    "person": "People",
    "org": "Organisations",
    "place": "Places",
    "source": "Sources",
    "lang": "Languages",
}
"""Titles of facets, in the order of the page."""

FILTERS = {
    "topic": "topic",
    "entity": "name",
    "source": "source",
    "lang": "language",
    "list": "list",
    "since": "from",
    "until": "until",
}
"""Filters of search, by their names in addresses."""

TRENDS = {"topic": "Topics", "cluster": "Clusters", "entity": "Names"}
"""Titles of lists of what rises, in the order of the page."""

MEASURES = {"share": "Share of all articles", "count": "Articles"}
"""What lines over time show, by the name in addresses."""

FIELD = {"title": "title", "summary": "summary"}
"""Where a name stands in an article."""

PER = {"day": "a day", "week": "a week", "month": "a month", "year": "a year"}
"""How lines over time are counted, by the unit of time."""

ROLE = {"reader": "reader", "editor": "editor", "admin": "administrator"}
"""What a user or a token may do."""

LISTED = {"article": "article", "passage": "passage", "entity": "name", "story": "story"}
"""What can be put on a list."""

CHANNEL = {"mail": "mail", "webhook": "webhook", "ntfy": "ntfy"}
"""How word of an alert goes out."""

PACE = {"at_once": "with each round", "hourly": "once an hour", "daily": "once a day"}
"""How often an alert may speak."""

RULE_ACTION = {
    "mute": "hide from searches",
    "tag": "tag",
    "star": "star",
    "topic": "give the topic",
}
"""What a rule does with what it catches."""

JOB = {
    "check-feeds": "Check the feeds that are due",
    "tag": "Tag articles that are due",
    "fit-topics": "Fit topics to your articles",
    "fit-clusters": "Fit clusters",
    "rebuild-index": "Rebuild the search index",
    "export": "Export",
    "retention": "Retention",
}
"""What can be done as a job."""

JOB_STATE = {
    "waiting": "waiting",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}
"""Where a job stands."""

JOB_PART = {
    "export": "writing articles",
    "check": "asking feeds",
    "group": "grouping copies",
    "tag": "tagging articles",
    "stories": "finding stories",
    "fit": "fitting",
    "remove": "removing articles",
    "index": "indexing articles",
}
"""What a job is at."""

JOB_FIGURE = {
    "checked": "feeds checked",
    "new": "new",
    "updated": "updated",
    "unchanged": "unchanged",
    "duplicates": "duplicates",
    "rejected": "rejected",
    "tagged": "tagged",
    "indexed": "indexed",
    "articles": "articles",
    "corrections": "corrections",
    "clusters": "clusters",
    "gone": "gone",
    "moved": "moved",
    "removed": "removed",
    "documents": "articles in the index",
    "added": "added",
}
"""What a job counted, by the names in its result."""

FORMAT_USES = {
    "jsonl": "everything of each article, a line each",
    "csv": "a table for spreadsheets",
    "parquet": "pandas, Polars, DuckDB, R, Spark",
    "hf": "a Hugging Face dataset",
    "spacy": "to train spaCy",
    "conll": "tokens with entities, CoNLL-2003",
    "conllu": "tokens with entities, CoNLL-U",
    "ninjs": "news items of IPTC ninjs",
    "doccano": "to annotate in doccano",
    "labelstudio": "to annotate in Label Studio",
    "argilla": "to annotate in Argilla",
    "graphml": "who is named with whom, GraphML",
    "gexf": "who is named with whom and when, for Gephi",
    "ftm": "FollowTheMoney entities for OpenAleph and Datashare",
    "sqlite": "a database with full-text search, for Datasette",
    "atom": "an Atom feed",
    "jsonfeed": "a JSON feed",
}
"""What each format of an export is for."""
