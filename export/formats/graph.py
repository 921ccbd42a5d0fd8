"""Entities and their company as a graph: GraphML, and GEXF with time, for Gephi.

Two entities are joined where articles name both; the weight is Dunning's log-likelihood, so that
what is named everywhere does not stand beside everything. Counts are all that is kept in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

import networkx as nx

from export.files import OneFile
from export.formats.feeds import without_control
from export.record import Record
from export.write_options import WriteOptions
from models.wikidata import wikidata

MOST_ENTITIES = 50
"""Entities of one article that are paired; lists of names would flood the rest."""
MOST_PAIRS = 2_000_000
"""Pairs counted at one time, about 600 MB; beyond, pairs seen once so far are dropped
(Manku and Motwani 2002, "Approximate Frequency Counts over Data Streams")."""
_DATE = re.compile(r' lastmodifieddate="[^"]*"')
LEAST = 2
"""Articles that have to name both for a pair to be drawn."""


@dataclass(slots=True)
class _Counts:
    """Articles by entity and by pair of entities, with the first and the last day."""

    articles: int = 0
    entities: dict[str, int] = field(default_factory=dict)
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    days: dict[object, tuple[date, date]] = field(default_factory=dict)
    least: int = LEAST

    def add(self, record: Record) -> None:
        """Count one article."""
        self.articles += 1
        entities = record.tagged.entities
        published = record.tagged.article.published
        for entity in entities:
            self.entities[entity.key] = self.entities.get(entity.key, 0) + 1
            self.named[entity.key] = (entity.name, entity.type)
        keys = sorted(entity.key for entity in entities[:MOST_ENTITIES])
        for pair in combinations(keys, 2):
            self.pairs[pair] = self.pairs.get(pair, 0) + 1
        if published:
            for seen in (*keys, *combinations(keys, 2)):
                first, last = self.days.get(seen, (published.date(), published.date()))
                day = published.date()
                self.days[seen] = (min(first, day), max(last, day))
        if len(self.pairs) > MOST_PAIRS:
            self._drop()

    def _drop(self) -> None:
        self.least += 1
        self.pairs = {pair: n for pair, n in self.pairs.items() if n >= self.least - 1}
        self.days = {
            seen: days
            for seen, days in self.days.items()
            if not isinstance(seen, tuple) or seen in self.pairs
        }


def graph_of(records: Iterable[Record], options: WriteOptions, *, time: bool) -> nx.Graph[str]:
    """Return the graph; with `time`, with the days on which each was first and last named."""
    counts = _Counts()
    for record in records:
        counts.add(record)
    graph: nx.Graph[str] = nx.Graph()
    edges = list(_edges(counts, options))
    for key in sorted({key for first, second, _ in edges for key in (first, second)}):
        name, kind = counts.named[key]
        facts = {"label": without_control(name), "type": kind, "articles": counts.entities[key]}
        if item := wikidata(key):
            facts["wikidata"] = item
        graph.add_node(key, **facts, **_days(counts, key, time=time))
    for first, second, facts in edges:
        graph.add_edge(first, second, **facts, **_days(counts, (first, second), time=time))
    return graph


def _edges(counts: _Counts, options: WriteOptions) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for (first, second), both in sorted(counts.pairs.items()):
        if both < counts.least:
            continue
        one, other = counts.entities[first], counts.entities[second]
        weight = options.weigh(both, one, other, counts.articles)
        if weight > 0:
            yield first, second, {"weight": round(weight, 4), "articles": both}


def _days(counts: _Counts, seen: object, *, time: bool) -> dict[str, str]:
    if not time or seen not in counts.days:
        return {}
    first, last = counts.days[seen]
    return {"start": first.isoformat(), "end": last.isoformat()}


class GraphMl(OneFile):
    """GraphML, which Gephi, yEd, igraph and Cytoscape read."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Count the records, then yield the graph."""
        yield '<?xml version="1.0" encoding="utf-8"?>\n'
        for line in nx.generate_graphml(graph_of(records, options, time=False)):
            yield line + "\n"


class Gexf(OneFile):
    """GEXF 1.2 with the days on which each entity and each pair was first and last named."""

    def chunks(self, records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
        """Count the records, then yield the graph."""
        graph = graph_of(records, options, time=True)
        graph.graph["mode"] = "dynamic"
        for line in nx.generate_gexf(graph, version="1.2draft"):
            # The writer of networkx dates the file; the same store is to give the same bytes.
            yield _DATE.sub("", line) + "\n"
