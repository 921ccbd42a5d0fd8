"""Saved searches as the query string of the search page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from models.errors import UsageError
from web.context import WebSettings
from web.search_state import SearchState, read_search_state

MOST_PARTS = 100


def question_of(arguments: Mapping[str, str | Sequence[str]], settings: WebSettings) -> str:
    """Return the one query string of a search; raises UsageError where some of it is unreadable."""
    pairs = urlencode(list(arguments.items()), doseq=True)
    state = read_question(pairs, settings)
    if state.remarks:
        raise UsageError(" ".join(state.remarks))
    if len(state.text) > settings.max_query:
        raise UsageError(f"A query has at most {settings.max_query:,} characters.")
    return urlencode(state.feed_args(), doseq=True)


def read_question(question: str, settings: WebSettings) -> SearchState:
    """Return what a query string asks."""
    try:
        pairs = parse_qsl(question, max_num_fields=MOST_PARTS)
    except ValueError:
        raise UsageError("This search has too many parts.") from None
    return read_search_state(MultiDict(pairs), settings, datetime.now(UTC))
