"""Which entities belong together: how much more often they are named together than by chance.

Raw counts show the same five countries beside everybody. Dunning's log-likelihood ratio G² (1993,
"Accurate Methods for the Statistics of Surprise and Coincidence") asks how surprising a count is:
unlike raw counts it does not favour what is named everywhere, and unlike pointwise mutual
information it does not favour what was named together once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from models.tags import Neighbour


@dataclass(frozen=True, slots=True)
class Companion:
    """An entity that appears with another.

    `together` counts shared articles of the `articles` that name it, `lift` is how many times that
    is what chance would give (the ratio whose logarithm is pointwise mutual information),
    `strength` is Dunning's G².
    """

    key: str
    name: str
    type: str
    articles: int
    together: int
    lift: float
    strength: float


def companions(
    neighbours: Iterable[Neighbour], articles: int, total: int, limit: int
) -> tuple[Companion, ...]:
    """Rank neighbours of an entity in `articles` of all `total` articles, the strongest first.

    What appears together no more often than by chance is left out.
    """
    found = []
    for other in neighbours:
        expected = articles * other.articles / total if total else 0.0
        if expected <= 0 or other.together <= expected:
            continue
        strength = log_likelihood(other.together, articles, other.articles, total)
        found.append(
            Companion(
                *(other.key, other.name, other.type, other.articles, other.together),
                lift=other.together / expected,
                strength=strength,
            )
        )
    found.sort(key=lambda companion: (-companion.strength, companion.key))
    return tuple(found[:limit])


def log_likelihood(together: int, first: int, second: int, total: int) -> float:
    """Return Dunning's G² of two things that are in `first` and `second` of `total` articles.

    It is never negative, and says nothing of the direction: less often than by chance is as
    surprising as more often. From 10.8 on it is one chance in a thousand, from 15.1 on one in ten
    thousand (one degree of freedom).
    """
    cells = (
        (together, first * second),
        (first - together, first * (total - second)),
        (second - together, (total - first) * second),
        (total - first - second + together, (total - first) * (total - second)),
    )
    ratio = sum(
        seen * math.log(seen * total / product) for seen, product in cells if seen > 0 < product
    )
    return max(0.0, 2 * ratio)
