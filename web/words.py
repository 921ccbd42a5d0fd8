"""The words that pages have for kinds of things: one place to look for them, and to translate.

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
    "since": "from",
    "until": "until",
}
"""Filters of search, by their names in addresses."""

TRENDS = {"topic": "Topics", "cluster": "Clusters", "entity": "Names"}
"""Titles of lists of what rises, in the order of the page."""
