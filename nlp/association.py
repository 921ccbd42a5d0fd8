"""Which entities belong together: how much oftener they are named together than chance would have.

Raw counts show the same five countries beside everybody. Dunning's log-likelihood ratio (1993,
"Accurate Methods for the Statistics of Surprise and Coincidence") asks how surprising a count is
and, unlike pointwise mutual information, does not overrate what was seen together once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MAX_ENTITIES = 50
"""Entities of one article that are paired; lists of names would flood the rest."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entities by key, the first smaller, and how they go together.

    `together` counts articles that name both. `pmi` is pointwise mutual information in bits: 0 is
    chance, 3 is eight times as often. `weight` is the log-likelihood ratio, below 0 where they are
    named together less often than chance would have; about 10.8 is one chance in a thousand.
    """

    first: str
    second: str
    together: int
    pmi: float
    weight: float


def companions(
    together: Mapping[str, int], counts: Mapping[str, int], own: int, articles: int, limit: int = 20
) -> list[tuple[str, Pair]]:
    """Return the entities that go best with one, the strongest first, as (key, pair).

    `together` counts the articles that name each beside the one, `counts` those that name each at
    all, `own` those that name the one, of `articles` in all.
    """
    found = [
        (key, _pair("", key, count, own, counts.get(key, count), articles))
        for key, count in together.items()
    ]
    found = [(key, pair) for key, pair in found if pair.weight > 0]
    return sorted(found, key=lambda each: (-each[1].weight, each[0]))[:limit]


def graph(articles: Iterable[Sequence[str]], limit: int = 100, least: int = 2) -> list[Pair]:
    """Return the strongest pairs among the entities of articles, for drawing.

    Each article is given as the keys of its entities. Pairs in fewer than `least` articles are
    left out. Memory grows with the different pairs: meant for what a page shows, thousands of
    articles, not for a whole archive.
    """
    counts: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    total = 0
    for keys in articles:
        total += 1
        named = sorted(set(keys))[:MAX_ENTITIES]
        for key in named:
            counts[key] = counts.get(key, 0) + 1
        for pair in combinations(named, 2):
            pairs[pair] = pairs.get(pair, 0) + 1
    found = [
        _pair(first, second, count, counts[first], counts[second], total)
        for (first, second), count in pairs.items()
        if count >= least
    ]
    found = [pair for pair in found if pair.weight > 0]
    return sorted(found, key=lambda pair: (-pair.weight, pair.first, pair.second))[:limit]


def log_likelihood(both: int, one: int, other: int, total: int) -> float:
    """Return how surprising it is that `both` of `total` articles name two entities.

    `one` and `other` are the articles that name each; negative where less than chance.
    """
    observed = (both, one - both, other - both, total - one - other + both)
    expected = (
        one * other / total,
        one * (total - other) / total,
        (total - one) * other / total,
        (total - one) * (total - other) / total,
    )
    ratio = 2 * sum(o * math.log(o / e) for o, e in zip(observed, expected, strict=True) if o > 0)
    return ratio if both * total >= one * other else -ratio


def _pair(first: str, second: str, both: int, one: int, other: int, total: int) -> Pair:
    one, other = max(one, both), max(other, both)
    total = max(total, one + other - both, 1)
    pmi = math.log2(both * total / (one * other)) if both else -math.inf
    return Pair(first, second, both, pmi, log_likelihood(both, one, other, total))
