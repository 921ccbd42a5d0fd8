"""How strongly two entities belong together, beyond both being named often."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from models.tags import Neighbour


@dataclass(frozen=True, slots=True)
class Companion:
    """An entity that appears with another.

    `together` counts shared articles, `lift` is how many times that is what chance would give
    (the ratio whose logarithm is pointwise mutual information), `strength` is Dunning's G².
    """

    key: str
    name: str
    type: str
    together: int
    lift: float
    strength: float


def companions(
    neighbours: Iterable[Neighbour], articles: int, total: int, limit: int
) -> tuple[Companion, ...]:
    """Rank neighbours of an entity in `articles` of all `total` articles, the strongest first.

    By log-likelihood (Dunning 1993, Accurate methods for the statistics of surprise and
    coincidence): unlike raw counts it does not favour what is named everywhere, unlike mutual
    information alone it does not favour what is named twice. What appears together less often
    than by chance is left out.
    """
    found = []
    for other in neighbours:
        expected = articles * other.articles / total if total else 0.0
        if expected <= 0 or other.together <= expected:
            continue
        strength = log_likelihood(other.together, articles, other.articles, total)
        lift = other.together / expected
        found.append(Companion(other.key, other.name, other.type, other.together, lift, strength))
    found.sort(key=lambda companion: (-companion.strength, companion.key))
    return tuple(found[:limit])


def log_likelihood(together: int, first: int, second: int, total: int) -> float:
    """Return Dunning's G² of two things that are in `first` and `second` of `total` articles."""
    cells = (
        (together, first * second),
        (first - together, first * (total - second)),
        (second - together, (total - first) * second),
        (total - first - second + together, (total - first) * (total - second)),
    )
    return 2 * sum(
        seen * math.log(seen * total / product) for seen, product in cells if seen > 0 < product
    )
