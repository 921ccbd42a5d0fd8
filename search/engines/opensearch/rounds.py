"""The rounds of requests of one question to OpenSearch, within its limits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from search.engines.opensearch.client import Client
from search.engines.opensearch.dsl import Dsl
from search.engines.opensearch.query import Compiler
from search.limits import Limits, OutOfTimeError
from search.query.nodes import Node

TIME = "the time limit was reached"
_ROUNDS = 4


@dataclass(slots=True)
class Rounds:
    """The rounds of requests of one question, within its limits."""

    cluster: Client
    index: str
    limits: Limits
    preference: str = "slugline"
    answers: dict[str, Any] = field(default_factory=dict)

    def send(self, bodies: Sequence[Dsl]) -> list[Any]:
        """Send searches, within the time that is left; raises `OutOfTimeError` where none is."""
        if self.limits.over:
            raise OutOfTimeError
        left = min(self.limits.deadline - time.monotonic(), 3_600.0)
        answers = self.cluster.searches(self.index, bodies, self.preference, left)
        for answer in answers:
            shards = answer.get("_shards", {})
            if answer.get("timed_out"):
                self.limits.note(TIME)
            elif shards.get("failed"):
                self.limits.note(
                    f"{shards['failed']} of {shards['total']} parts of the index failed"
                )
        return answers

    def compiled(self, *nodes: Node) -> list[tuple[Dsl, Dsl]]:
        """Return each node as a query that ranks and as one that doesn't."""
        for _ in range(_ROUNDS):
            compiler = Compiler(self.answers, self.limits)
            found = [(compiler.query(node), compiler.filter(node)) for node in nodes]
            if not compiler.wanted:
                return found
            answers = self.send(list(compiler.wanted.values()))
            self.answers |= dict(zip(compiler.wanted, answers, strict=True))
        raise AssertionError("a query asked for ever more")  # pragma: no cover


def counting(query: Dsl) -> Dsl:
    """Return the request for how many articles match."""
    return {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": [query]}}}


def total(answer: Any) -> int:
    """Return how many articles match, from an answer."""
    return int(answer["hits"]["total"]["value"])
