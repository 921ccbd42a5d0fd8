"""Reads the syntax tree that Whoosh's parser makes of a query into the neutral query."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from models.errors import QueryError
from search.filters import value_node
from search.query.dates import SWAPPED, end_of, read_date, start_of
from search.query.fields import (
    DATE_FIELDS,
    MAX_BOOST,
    MAX_DEPTH,
    MAX_DISTANCE,
    MAX_TERMS,
    VALUE_FIELDS,
    shown,
)
from search.query.nodes import (
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
    Term,
)
from search.query.notices import Notice
from search.query.typed import (
    Parts,
    all_of,
    is_plain_word,
    joined,
    pattern_node,
    runs,
    telling_words,
)
from search.text.words import words

_SHAPE = re.compile(r"\w\*|\*\w|\w\?\w")
_SEPARATORS = re.compile(r"[^\w*?'\u2019]+|_+")


class QueryReader:
    """One reading of one query: what was typed, when, and how many terms it has so far."""

    def __init__(self, text: str, now: datetime) -> None:
        from whoosh.qparser import plugins, syntax

        self.text = text
        self.now = now
        self.terms = 0
        self.notices: list[Notice] = []
        self.leaves: list[tuple[type[Any], Callable[[Any], Node | None]]] = [
            (plugins.FuzzyTermPlugin.FuzzyTermNode, self._fuzzy),
            (plugins.PhrasePlugin.PhraseNode, self._phrase),
            (plugins.PrefixPlugin.PrefixNode, self._pattern),
            (plugins.WildcardPlugin.WildcardNode, self._pattern),
            (plugins.EveryPlugin.EveryNode, self._every),
            (syntax.RangeNode, self._range),
            (syntax.WordNode, self._word),
        ]
        self.groups: list[tuple[type[Any], Callable[[Any, int], Node | None]]] = [
            (syntax.OrGroup, self._any_of),
            (syntax.AndGroup, self._all_of),
            (syntax.NotGroup, self._none_of),
            (syntax.AndNotGroup, self._but_not),
            (syntax.AndMaybeGroup, self._maybe),
            (syntax.RequireGroup, self._require),
            (syntax.GroupNode, self._beside),
        ]

    def read(self, tree: Any, depth: int) -> Node | None:
        """Return the node of a part of the tree; None for what has no word in it."""
        if depth > MAX_DEPTH * 2:
            raise QueryError(f"The query is nested more than {MAX_DEPTH} deep")
        node = self._unweighted(tree, depth)
        boost = float(getattr(tree, "boost", 1.0) or 0.0)
        if node is None or boost == 1.0:
            return node
        if boost > MAX_BOOST:
            raise QueryError(f"A boost is at most {MAX_BOOST:,.0f}", getattr(tree, "endchar", None))
        return Boost(node, boost)

    def _unweighted(self, tree: Any, depth: int) -> Node | None:
        for kind, leaf in self.leaves:
            if isinstance(tree, kind):
                return leaf(tree)
        for kind, group in self.groups:
            if isinstance(tree, kind):
                return group(tree, depth)
        return None

    def _counted(self, node: Node) -> Node:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(f"The query has more than {MAX_TERMS} words and patterns")
        return node

    def _members(self, tree: Any, depth: int) -> list[Node]:
        read = (self.read(part, depth + 1) for part in tree)
        return [node for node in read if node is not None]

    # groups

    def _beside(self, tree: Any, depth: int) -> Node | None:
        flat: list[Node] = []
        for node in self._members(tree, depth):
            # A word of several parts ("covid-19") is as if its parts had been typed.
            flat.extend(node.nodes if isinstance(node, Parts) else (node,))
        plain = telling_words([node for node in flat if is_plain_word(node)])
        exact = [node for node in flat if not is_plain_word(node)]
        if depth or len(plain) < 2:
            return all_of(flat)
        return all_of([And(plain, relaxable=True), *exact])

    def _all_of(self, tree: Any, depth: int) -> Node | None:
        return all_of(self._members(tree, depth))

    def _any_of(self, tree: Any, depth: int) -> Node | None:
        nodes = self._members(tree, depth)
        return Or(tuple(nodes)) if len(nodes) > 1 else all_of(nodes)

    def _none_of(self, tree: Any, depth: int) -> Node | None:
        nodes = self._members(tree, depth)
        return Not(nodes[0]) if nodes else None

    def _but_not(self, tree: Any, depth: int) -> Node | None:
        nodes = self._members(tree, depth)
        return And((nodes[0], Not(nodes[1]))) if len(nodes) == 2 else all_of(nodes)

    def _maybe(self, tree: Any, depth: int) -> Node | None:
        nodes = self._members(tree, depth)
        if len(nodes) < 2:
            return all_of(nodes)
        return Or((nodes[0], And((nodes[0], nodes[1]))))

    def _require(self, tree: Any, depth: int) -> Node | None:
        nodes = self._members(tree, depth)
        return And((nodes[0], Boost(nodes[1], 0.0))) if len(nodes) == 2 else all_of(nodes)

    # leaves

    def _every(self, tree: Any) -> Node | None:  # noqa: ARG002 - a leaf like the others
        return self._counted(ALL)

    def _word(self, tree: Any) -> Node | None:
        field = tree.fieldname or ANYWHERE
        if field in DATE_FIELDS:
            return self._date(tree)
        if field in VALUE_FIELDS:
            value = " ".join(tree.text.split())
            return self._counted(value_node(value, field)) if value else None
        found = words(tree.text)
        if any(c.isspace() for c in tree.text.strip()):  # in single quotes: as written
            return self._counted(Phrase(tuple(found), field)) if found else None
        return joined([self._counted(node) for node in runs(tree.text, field)])

    def _phrase(self, tree: Any) -> Node | None:
        field = tree.fieldname or ANYWHERE
        if field in DATE_FIELDS:
            return self._date(tree)
        if field in VALUE_FIELDS:
            value = " ".join(tree.text.split())
            return self._counted(Term(value, field)) if value else None
        if _SHAPE.search(tree.text):
            at, end = tree.startchar, tree.endchar
            raise QueryError(
                "Patterns can't stand inside quotation marks, where words are meant as written",
                at,
                f"{self.text[:at]}{tree.text}{self.text[end:]}",
            )
        found = tuple(words(tree.text))
        if not found:
            at = tree.startchar
            rest = self.text[:at] + self.text[tree.endchar :]
            raise QueryError("There is no word between the quotation marks", at, rest)
        # Whoosh counts from 1, where the words follow each other; a node counts what is between.
        slop = min(max(int(tree.slop) - 1, 0), 50)
        return self._counted(Phrase(found, field, slop))

    def _fuzzy(self, tree: Any) -> Node | None:
        """Read `word~2/3`: so many edits away, the same so many letters at the beginning."""
        field = tree.fieldname or ANYWHERE
        if field in DATE_FIELDS:
            return self._date(tree)
        if tree.maxdist > MAX_DISTANCE:
            digits = self.text[: tree.startchar] + self.text[tree.startchar :].replace(
                f"~{tree.maxdist}", f"~{MAX_DISTANCE}", 1
            )
            raise QueryError(
                f"A word can be at most ~{MAX_DISTANCE} edits away", tree.endchar, digits
            )
        parts = [tree.text] if field in VALUE_FIELDS else words(tree.text)
        prefix = tree.prefixlength or 1
        return joined(
            [
                self._counted(
                    Fuzzy(part, field, tree.maxdist, prefix) if tree.maxdist else Term(part, field)
                )
                for part in parts
            ]
        )

    def _pattern(self, tree: Any) -> Node | None:
        """Read a prefix or a pattern; in a text it is cut where words are."""
        from whoosh.qparser import plugins

        field = tree.fieldname or ANYWHERE
        is_prefix = isinstance(tree, plugins.PrefixPlugin.PrefixNode)
        pattern = tree.text + "*" if is_prefix else tree.text
        if field in DATE_FIELDS and not pattern.strip("*"):
            return self._counted(DateRange(None, None, field))
        if field in DATE_FIELDS:
            return self._date(tree, pattern)
        if field in VALUE_FIELDS:
            return self._counted(pattern_node(pattern, field))
        if field and not pattern.strip("*"):
            raise QueryError(
                f"{field}:* asks for nothing; write how a word begins, like {field}:a*",
                tree.startchar,
                self.text[: tree.startchar].removesuffix(f"{field}:") + self.text[tree.endchar :],
            )
        parts: list[Node] = []
        for part in _SEPARATORS.split(pattern):
            # A question mark that ends a word is one that people end a question with.
            shape = part.rstrip("?") if "*" not in part else part
            if "*" in shape or "?" in shape:
                parts.append(self._counted(pattern_node(shape, field)))
            else:
                parts.extend(map(self._counted, runs(shape, field)))
        return joined(parts)

    def _range(self, tree: Any) -> Node | None:
        """Read `[a TO b]`, for dates only; raises QueryError where it ends before it begins."""
        field = tree.fieldname or ANYWHERE
        if field not in DATE_FIELDS:
            where = f"{field}: has" if field else "words have"
            raise QueryError(
                f"Ranges are for published; {where} none",
                tree.startchar,
                self.text[: tree.startchar].removesuffix(f"{field}:") + self.text[tree.endchar :],
            )
        start = self._moment(tree, tree.start)
        end = self._moment(tree, tree.end)
        first = start_of(start, excluded=tree.startexcl)
        last = end_of(end, excluded=tree.endexcl)
        if start and end and start[0] >= end[1]:
            self.notices.append(Notice(SWAPPED))
            first = start_of(end, excluded=tree.endexcl)
            last = end_of(start, excluded=tree.startexcl)
        if first is not None and last is not None and first >= last:
            raise QueryError("There is no time in the range of dates", tree.startchar)
        return self._counted(DateRange(first, last, field))

    def _moment(self, tree: Any, text: str | None) -> tuple[datetime, datetime] | None:
        if not text or not text.strip():
            return None
        span = read_date(text, self.now)
        if span is None:
            self._no_date(tree, text)
        return span

    def _date(self, tree: Any, text: str = "") -> Node:
        text = text or tree.text
        span = read_date(text, self.now)
        if span is None:
            self._no_date(tree, text)
        start, end = span or (None, None)
        return self._counted(DateRange(start, end, tree.fieldname))

    def _no_date(self, tree: Any, text: str) -> None:
        begin = self.text.rfind(f"{tree.fieldname}:", 0, tree.endchar)
        rest = self.text[: max(begin, 0)] + self.text[tree.endchar :]
        raise QueryError(
            f"{shown(text.strip())} is not a date; try 20231112, 2023-11, 'last week', "
            "or [20231101 TO 20231112]",
            tree.startchar,
            rest,
        )
