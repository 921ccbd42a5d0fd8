"""The neutral query: what is asked, in twelve small classes that know no engine.

`search.query.parse` makes it from what a person typed; each engine compiles it. Nodes are
immutable and compare by value, so that a query can be a cache key and a test's expectation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

ANYWHERE = ""
"""The field of a node that looks in all text fields: title, summary and body."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a query; combine with `&`, `|` and `~`."""

    def __and__(self, other: Node) -> Node:
        return And((self, other))

    def __or__(self, other: Node) -> Node:
        return Or((self, other))

    def __invert__(self) -> Node:
        return Not(self)


@dataclass(frozen=True, slots=True)
class All(Node):
    """Every article."""


ALL = All()


@dataclass(frozen=True, slots=True)
class Term(Node):
    """One word, in any of its forms (stemmed where the field is text)."""

    text: str
    field: str = ANYWHERE


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """Words that follow each other, as written; `slop` words may stand between."""

    words: tuple[str, ...]
    field: str = ANYWHERE
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """Words that begin so."""

    text: str
    field: str = ANYWHERE


@dataclass(frozen=True, slots=True)
class Wildcard(Node):
    """Words of this shape: `*` is any run of characters, `?` is one."""

    pattern: str
    field: str = ANYWHERE


@dataclass(frozen=True, slots=True)
class Fuzzy(Node):
    """Words at most `distance` edits away that share the first `prefix` characters."""

    text: str
    field: str = ANYWHERE
    distance: int = 1
    prefix: int = 1


@dataclass(frozen=True, slots=True)
class DateRange(Node):
    """Articles published from `start` up to, but without, `end`; None leaves that side open.

    What has no date is in no range.
    """

    start: datetime | None
    end: datetime | None
    field: str = "published"


@dataclass(frozen=True, slots=True)
class Ids(Node):
    """The articles with these ids, as many as there may be: no word of a query."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And(Node):
    """All of these. `relaxable` says that no one wrote AND: plain words beside each other."""

    nodes: tuple[Node, ...]
    relaxable: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Any of these."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """All articles but these."""

    node: Node


@dataclass(frozen=True, slots=True)
class Boost(Node):
    """The same articles, counting `factor` times as much in the ranking."""

    node: Node
    factor: float


def members(query: Node) -> list[Node]:
    """Return what must all hold for a query, its relaxable words as one."""
    if isinstance(query, And) and not query.relaxable:
        return [member for node in query.nodes for member in members(node)]
    return [query]


def relaxable(query: Node) -> And | None:
    """Return the plain words of a query that may be relaxed, where it has them at its top."""
    return next((n for n in members(query) if isinstance(n, And) and n.relaxable), None)
