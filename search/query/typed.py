"""What one typed word or pattern asks for, and which words of a query tell anything."""

from __future__ import annotations

import re

from search.query.fields import VALUE_FIELDS
from search.query.nodes import (
    ALL,
    ANYWHERE,
    And,
    Boost,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Term,
    Wildcard,
)
from search.text.words import spans

_FUNCTION_WORDS = frozenset(
    ("a", "an", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "of", "on")
) | frozenset(("that", "the", "this", "to", "was", "were", "with"))
"""English words that ask for nothing where they stand, in small letters, beside telling ones."""


class Parts(And):
    """The parts of one typed word, which stand for themselves among other plain words."""

    __slots__ = ()


def runs(text: str, field: str) -> list[Node]:
    """Return what one typed word asks for: its words as typed, and rows of them where it has rows.

    A row are words with nothing or a dot between: `Node.js`, and characters of unspaced scripts.
    """
    rows: list[list[tuple[int, int, str]]] = []
    for token in spans(text):
        if rows and text[rows[-1][-1][1] : token[0]] in {"", "."}:
            rows[-1].append(token)
        else:
            rows.append([token])
    return [
        Phrase(tuple(word for _, _, word in row), field)
        if len(row) > 1
        else Term(text[row[0][0] : row[0][1]], field)
        for row in rows
    ]


def joined(parts: list[Node]) -> Node | None:
    """Return the parts of one typed word as one node, None for no part."""
    return Parts(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None


def pattern_node(pattern: str, field: str) -> Node:
    """Return what a pattern asks for: a prefix where only its end is open, else a wildcard."""
    pattern = re.sub(r"\*+", "*", pattern.translate(str.maketrans("\u055e\u061f\u1367", "???")))
    if pattern == "*":
        return Prefix("", field) if field in VALUE_FIELDS else ALL
    if pattern.endswith("*") and not set(pattern[:-1]) & {"*", "?"}:
        return Prefix(pattern[:-1], field)
    return Wildcard(pattern, field)


def is_plain_word(node: Node) -> bool:
    """Whether someone only typed a word, so that a good hit may lack it."""
    if isinstance(node, Boost):
        return node.factor > 0 and is_plain_word(node.node)
    return isinstance(node, Term | Prefix | Wildcard | Fuzzy) and node.field == ANYWHERE


def telling_words(plain: list[Node]) -> tuple[Node, ...]:
    """Return plain words without those that tell nothing, where two are left or more."""
    telling = tuple(
        node for node in plain if not (isinstance(node, Term) and node.text in _FUNCTION_WORDS)
    )
    return telling if len(telling) > 1 else tuple(plain)


def all_of(nodes: list[Node]) -> Node | None:
    """Return the node that asks for all of some, None for none."""
    plain = [_as_and(node) for node in nodes]
    if not plain:
        return None
    return plain[0] if len(plain) == 1 else And(tuple(plain))


def _as_and(node: Node) -> Node:
    """Return a node without the parser's own kinds in it."""
    return And(node.nodes) if isinstance(node, Parts) else node
