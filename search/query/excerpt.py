"""The part of a query around a fault, for messages about queries of any length."""

from __future__ import annotations

SHOWN_AROUND = 60
"""Characters of the query that are shown on either side of a fault."""


def around_fault(query: str, position: int) -> tuple[str, str, str]:
    """Return the text before a fault, the character at it, and the text after it.

    `position` is an offset in the query; one outside of it is taken for the nearest end. An
    ellipsis stands for what is left out on either side.
    """
    at = min(max(position, 0), len(query))
    before, after = query[:at], query[at + 1 :]
    if len(before) > SHOWN_AROUND:
        before = "…" + before[-SHOWN_AROUND:]
    if len(after) > SHOWN_AROUND:
        after = after[:SHOWN_AROUND] + "…"
    return before, query[at : at + 1], after
