"""From what a person typed to the neutral query, by Whoosh's own parser.

Whoosh tags and groups the text; its syntax tree, which still knows where everything stood, is then
read into the nodes of `search.query.nodes`. What can't be meant is a `QueryError` that says where
and what would be the nearest reading; it is never an empty result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from models.errors import QueryError
from search.query.connectives import with_operators
from search.query.fields import (
    DATE_FIELDS,
    FIELDS,
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_TERMS,
    TEXT_FIELDS,
    shown,
)
from search.query.nodes import ALL, ANYWHERE, Node
from search.query.notices import Notice
from search.query.syntax import check
from search.query.tree import QueryReader
from search.text.words import with_gershayim

__all__ = [
    "FIELDS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_TERMS",
    "TEXT_FIELDS",
    "Interpretation",
    "interpret",
    "parse",
]

_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
_UNSEEN = "\u00ad\u200c\u200d"
"""What stands within words and is not seen: the soft hyphen, joiners."""
_NO_WORD = "There is no word to search for"


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a query means, and what its reader should know of how it was read."""

    query: Node
    notices: tuple[Notice, ...] = ()


def parse(text: str, now: datetime) -> Node:
    """Return what a query means; see `interpret`."""
    return interpret(text, now).query


def interpret(text: str, now: datetime) -> Interpretation:
    """Read a query as people type it; relative dates are seen from `now` (aware).

    An empty text is `ALL`. Raises `QueryError` for what can't be read, with the position of the
    fault and the nearest query that can.
    """
    try:
        return _parse(text, now)
    except QueryError as error:
        nearest = _nearest(error.suggestion, now)
        raise QueryError(str(error), error.position, nearest, text) from None


def _nearest(suggestion: str, now: datetime) -> str:
    """Mend a mended query until it can be read; "" where that doesn't come to an end."""
    for _ in range(20):
        if not suggestion.strip():
            return ""
        try:
            _parse(suggestion, now)
        except QueryError as error:
            if error.suggestion == suggestion:
                return ""
            suggestion = error.suggestion
        else:
            return " ".join(suggestion.split())
    return ""


def _parse(text: str, now: datetime) -> Interpretation:
    """Parse with Whoosh's parser and read its tree; raises QueryError with a fault's place."""
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"The query has {len(text):,} characters; at most {MAX_LENGTH:,} can be read",
            MAX_LENGTH,
        )
    if not text.strip():
        return Interpretation(ALL)
    # Each replaced character is one character, so that positions stay true.
    typed = text
    text = with_gershayim(text.translate(_QUOTES))
    text = "".join(c if c.isprintable() or c in _UNSEEN else " " for c in text)
    parser = _whoosh_parser()
    tagged = parser.tag(text)
    meant, notices = with_operators(text, tagged.nodes)
    if meant != text:
        text, tagged = meant, parser.tag(meant)
    check(text, tagged.nodes)
    try:
        tree = parser.filterize(tagged)
        reading = QueryReader(typed, now)
        node = reading.read(tree, 0)
    except RecursionError:
        raise QueryError(f"The query is nested more than {MAX_DEPTH} deep") from None
    if node is None:
        raise QueryError(f"{_NO_WORD} in {shown(typed.strip())}", 0)
    return Interpretation(node, (*notices, *reading.notices))


@lru_cache(maxsize=1)
def _whoosh_parser() -> Any:
    """Make Whoosh's parser with the fields there are; it keeps no state between queries."""
    from whoosh import fields, qparser
    from whoosh.qparser import plugins, syntax

    class Beside(syntax.GroupNode):  # type: ignore[misc]  # Whoosh is half typed
        """Words beside each other, without an operator between them."""

    not_ = r"(^|(?<=(\s|[()])))(NOT(?=\s)|-(?=[\w\"(]))"
    return qparser.QueryParser(
        ANYWHERE,
        fields.Schema(**{name: fields.ID() for name in FIELDS}),
        plugins=[
            plugins.SingleQuotePlugin(),
            # A field's name begins a word, so that `10:30` and `2023-11-01T10:00` stay whole.
            plugins.FieldsPlugin(expr=r"(?:(?<![^\s(])|(?<=[\s(]-)|(?<=\A-))(?P<text>\w+|[*]):"),
            # A run of wildcards is one, which Whoosh would take for several words.
            plugins.WildcardPlugin(expr=rf"(?P<text>[*{plugins.WildcardPlugin.qmarks}]+)"),
            plugins.PhrasePlugin(),
            plugins.RangePlugin(),
            plugins.GroupPlugin(),
            plugins.OperatorsPlugin(Not=not_),
            plugins.BoostPlugin(),
            plugins.EveryPlugin(),
            plugins.FuzzyTermPlugin(),
            # Only after a date field: elsewhere the plugin trips, and `a > b` is plain text.
            plugins.GtLtPlugin(expr=rf"(?<={DATE_FIELDS[0]}:)(?P<rel><=|>=|<|>|=<|=>)"),
        ],
        group=Beside,
    )
