"""From what a person typed to the neutral query, by Whoosh's own parser.

Whoosh tags and groups the text; its syntax tree, which still knows where everything stood, is then
read into the nodes of `search.query`. What can't be meant is a `QueryError` that says where and
what would be the nearest reading; it is never an empty result.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from models.errors import QueryError
from search.dates import read_date
from search.query import (
    ALL,
    ANYWHERE,
    And,
    Boost,
    DateRange,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from search.words import words

TEXT_FIELDS = ("title", "summary", "body")
VALUE_FIELDS = (
    "source",
    "section",
    "lang",
    "topic",
    "cluster",
    "entity",
    "person",
    "org",
    "place",
    "id",
)
DATE_FIELDS = ("published",)
FIELDS = (*TEXT_FIELDS, *VALUE_FIELDS, *DATE_FIELDS)
"""The fields that a query may name."""

MAX_LENGTH = 2_000
"""Characters a query may have."""
MAX_TERMS = 256
"""Words, phrases, patterns and ranges a query may have."""
MAX_DEPTH = 20
"""Brackets and operators that may stand inside each other."""
MAX_BOOST = 1_000.0
MAX_DISTANCE = 2
"""Edits a fuzzy word may be away: more finds everything."""

_OPERATORS = {"AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE"}
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
_SEPARATORS = re.compile(r"[^\w*?'\u2019]+|_+")
_NO_WORD = "There is no word to search for"


def parse(text: str, now: datetime) -> Node:
    """Read a query as people type it; relative dates are seen from `now` (aware).

    An empty text is `ALL`. Raises `QueryError` for what can't be read, with the position of the
    fault and the nearest query that can.
    """
    try:
        return _parse(text, now)
    except QueryError as error:
        raise QueryError(str(error), error.position, _nearest(error.suggestion, now)) from None


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


def _parse(text: str, now: datetime) -> Node:
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"The query has {len(text):,} characters; at most {MAX_LENGTH:,} can be read",
            MAX_LENGTH,
        )
    if not text.strip():
        return ALL
    # Each replaced character is one character, so that positions stay true.
    typed = text
    text = "".join(c if c.isprintable() else " " for c in text.translate(_QUOTES))
    parser = _whoosh_parser()
    tagged = parser.tag(text)
    _check(text, tagged.nodes)
    try:
        tree = parser.filterize(tagged)
        reading = _Reading(typed, now)
        node = reading.read(tree, 0)
    except RecursionError:
        raise QueryError(f"The query is nested more than {MAX_DEPTH} deep") from None
    if node is None:
        raise QueryError(f"{_NO_WORD} in {_shown(typed.strip())}", 0)
    return node


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


# What can't be meant, seen in the row of tagged pieces before they are grouped


def _check(text: str, nodes: list[Any]) -> None:
    from whoosh.qparser import syntax

    pieces = [node for node in nodes if not node.is_ws()]
    _check_brackets(text, pieces)
    for node in nodes:
        if isinstance(node, syntax.FieldnameNode):
            _check_field(text, node)
        elif isinstance(node, syntax.WordNode) and '"' in node.text:
            at = node.startchar + node.text.index('"')
            raise QueryError("A quotation mark is never closed", at, _closed(text, at))
    _check_operators(text, pieces)


def _without(text: str, start: int, end: int) -> str:
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return before + ("" if before.endswith("(") or after.startswith(")") else " ") + after


def _closed(text: str, at: int) -> str:
    if text[at + 1 :].strip():
        return text + '"'
    return text[:at] + text[at + 1 :]


def _check_brackets(text: str, pieces: list[Any]) -> None:
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
    near = difflib.get_close_matches(name.lower(), FIELDS, n=1, cutoff=0.7)
    known = ", ".join(FIELDS)
    # Without a near name it is read as text: the nearest reading has a space after the colon.
    mended = f"{text[:at]}{near[0]}:{rest}" if near else f"{text[:at]}{name}: {rest}"
    raise QueryError(f"There is no field {_shown(name)}; the fields are {known}", at, mended)


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


# The tree, read


class _Reading:
    """One reading of one query: what was typed, when, and how many terms it has so far."""

    def __init__(self, text: str, now: datetime) -> None:
        from whoosh.qparser import plugins, syntax

        self.text = text
        self.now = now
        self.terms = 0
        self.leaves: list[tuple[type[Any], Callable[[Any], Node | None]]] = [
            (plugins.FuzzyTermPlugin.FuzzyTermNode, self.fuzzy),
            (plugins.PhrasePlugin.PhraseNode, self.phrase),
            (plugins.PrefixPlugin.PrefixNode, self.pattern),
            (plugins.WildcardPlugin.WildcardNode, self.pattern),
            (plugins.EveryPlugin.EveryNode, self.every),
            (syntax.RangeNode, self.range),
            (syntax.WordNode, self.word),
        ]
        self.groups: list[tuple[type[Any], Callable[[Any, int], Node | None]]] = [
            (syntax.OrGroup, self.any_of),
            (syntax.AndGroup, self.all_of),
            (syntax.NotGroup, self.none_of),
            (syntax.AndNotGroup, self.but_not),
            (syntax.AndMaybeGroup, self.maybe),
            (syntax.RequireGroup, self.require),
            (syntax.GroupNode, self.beside),
        ]

    def read(self, tree: Any, depth: int) -> Node | None:
        """Return the node of a part of the tree; None for what has no word in it."""
        if depth > MAX_DEPTH * 2:
            raise QueryError(f"The query is nested more than {MAX_DEPTH} deep")
        node = self.unweighted(tree, depth)
        boost = float(getattr(tree, "boost", 1.0) or 0.0)
        if node is None or boost == 1.0:
            return node
        if boost > MAX_BOOST:
            raise QueryError(f"A boost is at most {MAX_BOOST:,.0f}", getattr(tree, "endchar", None))
        return Boost(node, boost)

    def unweighted(self, tree: Any, depth: int) -> Node | None:
        for kind, leaf in self.leaves:
            if isinstance(tree, kind):
                return leaf(tree)
        for kind, group in self.groups:
            if isinstance(tree, kind):
                return group(tree, depth)
        return None

    def counted(self, node: Node) -> Node:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(f"The query has more than {MAX_TERMS} words and patterns")
        return node

    def members(self, tree: Any, depth: int) -> list[Node]:
        read = (self.read(part, depth + 1) for part in tree)
        return [node for node in read if node is not None]

    # groups

    def beside(self, tree: Any, depth: int) -> Node | None:
        flat: list[Node] = []
        for node in self.members(tree, depth):
            # A word of several parts ("covid-19") is as if its parts had been typed.
            flat.extend(node.nodes if isinstance(node, _Parts) else (node,))
        plain = tuple(node for node in flat if _is_plain_word(node))
        exact = [node for node in flat if not _is_plain_word(node)]
        if depth or len(plain) < 2:
            return _all(flat)
        return _all([And(plain, relaxable=True), *exact])

    def all_of(self, tree: Any, depth: int) -> Node | None:
        return _all(self.members(tree, depth))

    def any_of(self, tree: Any, depth: int) -> Node | None:
        nodes = self.members(tree, depth)
        return Or(tuple(nodes)) if len(nodes) > 1 else _all(nodes)

    def none_of(self, tree: Any, depth: int) -> Node | None:
        nodes = self.members(tree, depth)
        return Not(nodes[0]) if nodes else None

    def but_not(self, tree: Any, depth: int) -> Node | None:
        nodes = self.members(tree, depth)
        return And((nodes[0], Not(nodes[1]))) if len(nodes) == 2 else _all(nodes)

    def maybe(self, tree: Any, depth: int) -> Node | None:
        nodes = self.members(tree, depth)
        if len(nodes) < 2:
            return _all(nodes)
        return Or((nodes[0], And((nodes[0], nodes[1]))))

    def require(self, tree: Any, depth: int) -> Node | None:
        nodes = self.members(tree, depth)
        return And((nodes[0], Boost(nodes[1], 0.0))) if len(nodes) == 2 else _all(nodes)

    # leaves

    def every(self, tree: Any) -> Node | None:  # noqa: ARG002 - a leaf like the others
        return self.counted(ALL)

    def word(self, tree: Any) -> Node | None:
        field = tree.fieldname or ANYWHERE
        if field in DATE_FIELDS:
            return self.date(tree)
        if field in VALUE_FIELDS:
            value = " ".join(tree.text.split())
            return self.counted(Term(value, field)) if value else None
        found = words(tree.text)
        if any(c.isspace() for c in tree.text.strip()):  # in single quotes: as written
            return self.counted(Phrase(tuple(found), field)) if found else None
        return _joined([self.counted(Term(word, field)) for word in found])

    def phrase(self, tree: Any) -> Node | None:
        field = tree.fieldname or ANYWHERE
        if field in DATE_FIELDS:
            return self.date(tree)
        if field in VALUE_FIELDS:
            value = " ".join(tree.text.split())
            return self.counted(Term(value, field)) if value else None
        found = tuple(words(tree.text))
        if not found:
            at = tree.startchar
            rest = self.text[:at] + self.text[tree.endchar :]
            raise QueryError("There is no word between the quotation marks", at, rest)
        # Whoosh counts from 1, where the words follow each other; a node counts what is between.
        slop = min(max(int(tree.slop) - 1, 0), 50)
        return self.counted(Phrase(found, field, slop))

    def fuzzy(self, tree: Any) -> Node | None:
        field = tree.fieldname or ANYWHERE
        if field in DATE_FIELDS:
            return self.date(tree)
        if tree.maxdist > MAX_DISTANCE:
            digits = self.text[: tree.startchar] + self.text[tree.startchar :].replace(
                f"~{tree.maxdist}", f"~{MAX_DISTANCE}", 1
            )
            raise QueryError(
                f"A word can be at most ~{MAX_DISTANCE} edits away", tree.endchar, digits
            )
        parts = [tree.text] if field in VALUE_FIELDS else words(tree.text)
        prefix = tree.prefixlength or 1
        return _joined(
            [
                self.counted(
                    Fuzzy(part, field, tree.maxdist, prefix) if tree.maxdist else Term(part, field)
                )
                for part in parts
            ]
        )

    def pattern(self, tree: Any) -> Node | None:
        from whoosh.qparser import plugins

        field = tree.fieldname or ANYWHERE
        is_prefix = isinstance(tree, plugins.PrefixPlugin.PrefixNode)
        pattern = tree.text + "*" if is_prefix else tree.text
        if field in DATE_FIELDS:
            return self.date(tree, pattern)
        if field in VALUE_FIELDS:
            return self.counted(_pattern(pattern, field))
        parts: list[Node] = []
        for part in _SEPARATORS.split(pattern):
            # A question mark that ends a word is one that people end a question with.
            shape = part.rstrip("?") if "*" not in part else part
            if "*" in shape or "?" in shape:
                parts.append(self.counted(_pattern(shape, field)))
            else:
                parts.extend(self.counted(Term(word, field)) for word in words(shape))
        return _joined(parts)

    def range(self, tree: Any) -> Node | None:
        field = tree.fieldname or ANYWHERE
        if field not in DATE_FIELDS:
            where = f"{field}: has" if field else "words have"
            raise QueryError(
                f"Ranges are for published; {where} none",
                tree.startchar,
                self.text[: tree.startchar].removesuffix(f"{field}:") + self.text[tree.endchar :],
            )
        start = self.moment(tree, tree.start)
        end = self.moment(tree, tree.end)
        first = None if start is None else start[1] if tree.startexcl else start[0]
        last = None if end is None else end[0] if tree.endexcl else end[1]
        if first is not None and last is not None and first >= last:
            turned = f"[{tree.end} TO {tree.start}]"
            rest = self.text[tree.endchar :]
            raise QueryError(
                "The range of dates ends before it begins",
                tree.startchar,
                self.text[: tree.startchar] + turned + rest,
            )
        return self.counted(DateRange(first, last, field))

    def moment(self, tree: Any, text: str | None) -> tuple[datetime, datetime] | None:
        if not text or not text.strip():
            return None
        span = read_date(text, self.now)
        if span is None:
            self.no_date(tree, text)
        return span

    def date(self, tree: Any, text: str = "") -> Node:
        text = text or tree.text
        span = read_date(text, self.now)
        if span is None:
            self.no_date(tree, text)
        start, end = span or (None, None)
        return self.counted(DateRange(start, end, tree.fieldname))

    def no_date(self, tree: Any, text: str) -> None:
        begin = self.text.rfind(f"{tree.fieldname}:", 0, tree.endchar)
        rest = self.text[: max(begin, 0)] + self.text[tree.endchar :]
        raise QueryError(
            f"{_shown(text.strip())} is no date; dates are written 20231112, 2023-11, 'last week', "
            "or [20231101 TO 20231112]",
            tree.startchar,
            rest,
        )


class _Parts(And):
    """The parts of one typed word, which stand for themselves among other plain words."""

    __slots__ = ()


def _joined(parts: list[Node]) -> Node | None:
    return _Parts(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None


def _pattern(pattern: str, field: str) -> Node:
    pattern = re.sub(r"\*+", "*", pattern.translate(str.maketrans("\u055e\u061f\u1367", "???")))
    if pattern == "*":
        return ALL
    if pattern.endswith("*") and not set(pattern[:-1]) & {"*", "?"}:
        return Prefix(pattern[:-1], field)
    return Wildcard(pattern, field)


def _is_plain_word(node: Node) -> bool:
    """Whether someone only typed a word, so that a good hit may lack it."""
    if isinstance(node, Boost):
        return node.factor > 0 and _is_plain_word(node.node)
    return isinstance(node, Term | Prefix | Wildcard | Fuzzy) and node.field == ANYWHERE


def _all(nodes: list[Node]) -> Node | None:
    plain = [_as_and(node) for node in nodes]
    if not plain:
        return None
    return plain[0] if len(plain) == 1 else And(tuple(plain))


def _as_and(node: Node) -> Node:
    """Return a node without the parser's own kinds in it."""
    return And(node.nodes) if isinstance(node, _Parts) else node


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
