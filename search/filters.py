"""From filters to the neutral query: `--topic sport` and `topic:sport` are the same thing."""

from __future__ import annotations

from search.query.nodes import ALL, And, DateRange, Node, Or, Term
from search.request import Filters


def filter_node(filters: Filters) -> Node:
    """Return the query of the articles that pass the filters; `ALL` where there are none.

    All topics, entities and clusters must be there; of stories, sources and languages, one each.
    """
    nodes: list[Node] = [Term(topic, "topic") for topic in filters.topics]
    nodes += [Term(entity, "entity") for entity in filters.entities]
    nodes += [Term(cluster, "cluster") for cluster in filters.clusters]
    nodes += _any_of(filters.stories, "story")
    nodes += _any_of(filters.sources, "source") + _any_of(filters.languages, "lang")
    if filters.since is not None or filters.until is not None:
        nodes.append(DateRange(filters.since, filters.until))
    return _joined(nodes)


def narrowed(query: Node, filters: Filters) -> Node:
    """Return the query of the articles that fit `query` and pass the filters."""
    nodes = [node for node in (query, filter_node(filters)) if node != ALL]
    return _joined(nodes)


def _any_of(values: tuple[str, ...], field: str) -> list[Node]:
    terms = [Term(value, field) for value in values]
    if len(terms) > 1:
        return [Or(tuple(terms))]
    return list(terms)


def _joined(nodes: list[Node]) -> Node:
    if not nodes:
        return ALL
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))
