"""From filters to the neutral query: `--topic sport` and `topic:sport` are the same thing."""

from __future__ import annotations

from search.query.nodes import ALL, And, DateRange, Node, Not, Or, Term
from search.request import Filters


def filter_node(filters: Filters) -> Node:
    """Return the query of the articles that pass the filters; `ALL` where there are none.

    All topics, entities and clusters must be there; of stories, sources, languages and lists, one
    each.
    `a|b` is either of two, and a value with a minus before it must not be there.
    """
    nodes: list[Node] = _all_of(filters.topics, "topic")
    nodes += _all_of(filters.entities, "entity") + _all_of(filters.clusters, "cluster")
    nodes += _any_of(filters.stories, "story")
    nodes += _any_of(filters.sources, "source") + _any_of(filters.languages, "lang")
    nodes += _any_of(filters.lists, "list")
    if filters.since is not None or filters.until is not None:
        nodes.append(DateRange(filters.since, filters.until))
    return _joined(nodes)


def narrowed(query: Node, filters: Filters) -> Node:
    """Return the query of the articles that fit `query` and pass the filters."""
    nodes = [node for node in (query, filter_node(filters)) if node != ALL]
    return _joined(nodes)


def value_node(value: str, field: str) -> Node:
    """Return the query for one value of a filter: `a`, `a|b` for either, `-a` for all others."""
    if value.startswith("-") and value.strip("-|"):
        return Not(value_node(value[1:], field))
    terms = [Term(part, field) for each in value.split("|") if (part := each.strip())]
    return Or(tuple(terms)) if len(terms) > 1 else terms[0] if terms else Term(value, field)


def _all_of(values: tuple[str, ...], field: str) -> list[Node]:
    return [value_node(value, field) for value in values]


def _any_of(values: tuple[str, ...], field: str) -> list[Node]:
    nodes = _all_of(values, field)
    left_out = [node for node in nodes if isinstance(node, Not)]
    wanted: list[Node] = []
    for node in nodes:
        if not isinstance(node, Not):
            wanted += node.nodes if isinstance(node, Or) else [node]
    return [*([Or(tuple(wanted))] if len(wanted) > 1 else wanted), *left_out]


def _joined(nodes: list[Node]) -> Node:
    if not nodes:
        return ALL
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))
