"""Names what can't be meant in a query, before it is grouped: where, and the nearest reading.

Everything here looks at the row of pieces that Whoosh's parser has tagged, which know where they
stood in the text.
"""

from __future__ import annotations

import difflib
import re
from typing import Any

from models.errors import QueryError
from search.query.fields import (
    DATE_BOUNDS,
    DATE_FIELDS,
    FIELDS,
    MAX_DEPTH,
    OTHER_NAMES,
    shown,
)

_RANGE = re.compile(r"[\[{]\s*(?:[^\s()]+\s+)?TO\b(?:\s+[^\s()]+)?")
_OPERATORS = {"AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE"}


def check(text: str, nodes: list[Any]) -> None:
    """Raise `QueryError` for the first fault in a text, tagged as `nodes`."""
    from whoosh.qparser import syntax

    pieces = [node for node in nodes if not node.is_ws()]
    _check_brackets(text, pieces)
    for node in nodes:
        if isinstance(node, syntax.FieldnameNode):
            _check_field(text, node)
        elif isinstance(node, syntax.WordNode) and '"' in node.text:
            at = node.startchar + node.text.index('"')
            raise QueryError("A quotation mark is never closed", at, _closed(text, at))
        elif isinstance(node, syntax.WordNode) and node.text[:1] in {"[", "{"}:
            _check_range(text, node.startchar)
    _check_operators(text, pieces)


def _without(text: str, start: int, end: int) -> str:
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return before + ("" if before.endswith("(") or after.startswith(")") else " ") + after


def _closed(text: str, at: int) -> str:
    if text[at + 1 :].strip():
        return text + '"'
    return text[:at] + text[at + 1 :]


def _check_range(text: str, at: int) -> None:
    """Raise for a range that is never closed, where a date is asked for."""
    if not text[:at].endswith(tuple(f"{field}:" for field in DATE_FIELDS)):
        return
    begun = _RANGE.match(text, at)
    shown_range = begun[0].rstrip() if begun else text[at:].split(maxsplit=1)[0]
    closed = shown_range + ("]" if begun else " TO]")
    raise QueryError(
        "A range is never closed", at, text[:at] + closed + text[at + len(shown_range) :]
    )


def _check_brackets(text: str, pieces: list[Any]) -> None:
    """Raise QueryError where brackets don't match, are empty, or are nested too deep."""
    from whoosh.qparser import plugins

    open_at: list[int] = []
    for index, node in enumerate(pieces):
        if isinstance(node, plugins.GroupPlugin.OpenBracket):
            open_at.append(node.startchar)
            if len(open_at) > MAX_DEPTH:
                raise QueryError(
                    f"Brackets stand more than {MAX_DEPTH} deep in each other", node.startchar
                )
        elif isinstance(node, plugins.GroupPlugin.CloseBracket):
            at = node.startchar
            if not open_at:
                raise QueryError(
                    "A bracket is closed that was never opened", at, text[:at] + text[at + 1 :]
                )
            start = open_at.pop()
            if index and isinstance(pieces[index - 1], plugins.GroupPlugin.OpenBracket):
                raise QueryError(
                    "There is nothing between the brackets", start, text[:start] + text[at + 1 :]
                )
    if open_at:
        raise QueryError("A bracket is never closed", open_at[-1], text.rstrip() + ")")


def _is_plain(name: str, following: str) -> bool:
    """Whether `name:` is text and no field: `https://x`, `3:2`, `Update: rest`."""
    return not following or following[0] in " /\\" or name.isdigit() or not name.isascii()


def _check_field(text: str, node: Any) -> None:
    """Raise QueryError where a field is unknown or has no value."""
    name, at = node.fieldname, node.startchar
    rest = text[node.endchar :]
    if name in FIELDS:
        if not rest.strip() or rest.lstrip()[0] == ")":
            raise QueryError(
                f"After {name}: a value is missing", node.endchar, text[:at] + text[node.endchar :]
            )
        return
    if name == "*" or _is_plain(name, rest):
        return
    known = ", ".join(FIELDS)
    mended = f"{text[:at]}{_with_known_field(name, rest)}"
    raise QueryError(f"There is no field {shown(name)}; the fields are {known}", at, mended)


def _with_known_field(name: str, rest: str) -> str:
    """Return what follows an unknown field as its nearest reading.

    Without a near name it is read as text, which has a space behind the colon.
    """
    low = name.lower()
    value = re.match(r'"[^"]*"|[^\s()"]+', rest)
    if low in DATE_BOUNDS and value:
        within = DATE_BOUNDS[low].format(value[0].strip('"'))
        return f"published:{within}{rest[value.end() :]}"
    near = difflib.get_close_matches(low, FIELDS, n=1, cutoff=0.7)
    field = OTHER_NAMES.get(low) or (near[0] if near else "")
    return f"{field}:{rest}" if field else f"{name}: {rest}"


def _check_operators(text: str, pieces: list[Any]) -> None:
    """Raise where an operator has nothing to work on."""
    from whoosh.qparser import plugins, syntax

    opens, closes = plugins.GroupPlugin.OpenBracket, plugins.GroupPlugin.CloseBracket
    ready = False  # something stands before, that an operator could take
    prefix = 0
    for index, node in enumerate(pieces):
        is_bare = (
            isinstance(node, syntax.WordNode) and text[node.startchar : node.endchar] in _OPERATORS
        )
        if isinstance(node, syntax.Operator) or is_bare:
            name = node.text.strip()
            is_prefix = name in {"NOT", "-"}
            after = pieces[index + 1] if index + 1 < len(pieces) else None
            lacks = (not is_prefix and not ready) or after is None or isinstance(after, closes)
            if lacks or is_bare:
                side = "on both sides" if not is_prefix else "after it"
                raise QueryError(
                    f"{name} needs something {side}; to search for the word, write it small",
                    node.startchar,
                    _without(text, node.startchar, node.endchar),
                )
            prefix = prefix + 1 if is_prefix else 0
            if prefix > MAX_DEPTH:
                raise QueryError(f"There are more than {MAX_DEPTH} NOT in a row", node.startchar)
            ready = False
        else:
            ready = not isinstance(node, opens)
            prefix = 0
