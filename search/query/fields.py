"""The words of the query language: the fields it knows, and how much one query may be."""

from __future__ import annotations

TEXT_FIELDS = ("title", "summary", "body")
VALUE_FIELDS = (
    "source",
    "section",
    "lang",
    "topic",
    "cluster",
    "story",
    "entity",
    "person",
    "org",
    "place",
    "id",
    "list",
)
DATE_FIELDS = ("published",)
FIELDS = (*TEXT_FIELDS, *VALUE_FIELDS, *DATE_FIELDS)
"""The fields that a query may name."""
OTHER_NAMES = {
    **dict.fromkeys(("site", "domain", "host", "publisher", "outlet"), "source"),
    **dict.fromkeys(("headline", "heading", "intitle"), "title"),
    **dict.fromkeys(("language", "lg"), "lang"),
    **dict.fromkeys(("date", "day", "when"), "published"),
    **dict.fromkeys(("tag", "category", "subject"), "topic"),
    **dict.fromkeys(("location", "country", "city", "loc", "gpe"), "place"),
    **dict.fromkeys(("organisation", "organization", "company"), "org"),
    **dict.fromkeys(("people", "name", "who"), "person"),
}
"""What other search engines call a field, and ours that is offered instead."""
DATE_BOUNDS = {
    "before": "[TO {}}}",
    "until": "[TO {}]",
    "after": "{{{} TO]",
    "since": "[{} TO]",
}
"""What other search engines call a range of dates, and ours that is offered instead."""

MAX_LENGTH = 2_000
"""Characters a query may have."""
MAX_TERMS = 256
"""Words, phrases, patterns and ranges a query may have."""
MAX_DEPTH = 20
"""Brackets and operators that may stand inside each other."""
MAX_BOOST = 1_000.0
MAX_DISTANCE = 2
"""Edits a fuzzy word may be away: more finds everything."""


def shown(text: str) -> str:
    """Return a piece of a query as a message shows it."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
